"""What both editions draw beside the map: cards, bars, time lines and still maps."""
