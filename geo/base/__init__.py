"""Caching and addresses: what every other room may use."""
