"""Reads, checks and displays a user's own programme in memory, without writing to disk."""
