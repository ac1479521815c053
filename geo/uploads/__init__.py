"""Somebody's own programme, dropped on a page: read, checked and drawn without touching a disk."""
