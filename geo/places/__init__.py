"""Kommuner and fylker of any year: register, translation between years, boundaries, search."""
