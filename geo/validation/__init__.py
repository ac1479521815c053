"""Every problem of a package in one report: accidents, schemas, domain rules."""
