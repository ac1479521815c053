"""What a person sees: read the view, ask geo, draw. Nothing in here computes or reads files."""
