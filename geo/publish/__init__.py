"""The public edition: a static site with the dashboard's figures, for any web server."""
