"""Where the API is mounted."""

BASE = "/api/v1"
