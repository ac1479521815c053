"""The server process: middleware, health probes, metrics, logs, limits and graceful shutdown."""
