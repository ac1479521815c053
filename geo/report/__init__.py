"""Everything that is said about a view: figures, titles, stories, tables, sources, legend."""
