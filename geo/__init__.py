"""Who serves which kommune: the domain logic. Nothing in here knows Streamlit."""

from geo.places.boundary_files import map_formats

map_formats.forget_others()
