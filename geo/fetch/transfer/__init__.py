"""How files come here: allowed hosts, requests, progress, unpacking."""
