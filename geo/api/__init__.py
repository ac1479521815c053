"""The open API: the same data and filters as the pages, for programs, under /api/v1/."""
