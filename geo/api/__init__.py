"""The open HTTP API under /api/v1/: the same data and filters as the pages."""
