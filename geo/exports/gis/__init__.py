"""What a GIS gets beside the rows: layers that draw the map, their styles, their tables."""
