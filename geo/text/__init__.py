"""Message catalogues, number formats and text cleaning."""
