"""The data package on disk: its files, tables, licence and readers."""
