"""HTTP transfer: allowed hosts, requests, progress, unpacking."""
