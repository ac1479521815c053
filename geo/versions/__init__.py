"""Which data are served: hot reload, kept versions, and the state of the data directory."""
