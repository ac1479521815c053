"""Reports every issue of a package at once: spreadsheet accidents, schemas, domain rules."""
