"""What is said of a view and how it looks: figures, titles, stories, tables, sources, legend."""
