"""Fetch official data: boundaries, registers, figures and the hubs' organisations."""
