"""Fetches official data: boundaries, registers, population and the hubs' organisations."""
