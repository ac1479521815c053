"""The interactive map: view payloads, geometry routes, background tiles, scripts."""
