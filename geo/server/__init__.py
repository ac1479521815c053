"""What the people who run the server need: probes, counts, limits, logs, and a graceful end."""
