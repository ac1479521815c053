"""Caching, the clock and addresses, used by every other room."""
