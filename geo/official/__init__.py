"""Fetched official data on disk: lock file, overlay on the package, hub status."""
