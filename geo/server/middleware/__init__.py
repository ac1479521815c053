"""ASGI middleware: admission, hosts, upload limits, headers, page rewriting."""
