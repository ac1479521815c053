"""Third-party boundary files: reading, checking, importing and storing."""
