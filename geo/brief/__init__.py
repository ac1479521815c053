"""What is taken into a briefing: pictures, a fact sheet and a slide, drawn without a browser."""
