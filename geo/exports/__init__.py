"""Exports a view's rows as self-describing files."""
