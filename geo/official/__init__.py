"""Official data that were fetched and lie on disk: lock file, overlay, hub status."""
