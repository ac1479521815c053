"""Message catalogues, number formats and the cleaning of text."""
