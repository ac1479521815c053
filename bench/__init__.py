"""Measurements, never part of the tests: ours beside the obvious page and an empty one."""
