"""The data package: its files, tables, licence and readers."""
