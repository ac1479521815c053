"""Which data are in service: reload while running, kept versions, their state."""
