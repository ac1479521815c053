"""Files for briefings: pictures, a fact sheet and a slide, rendered without a browser."""
