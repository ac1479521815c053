"""The interactive map: features, geometry by address, tiles, scripts."""
