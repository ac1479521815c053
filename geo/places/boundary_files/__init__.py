"""Boundary files of others: read, checked, imported and kept."""
