"""The Streamlit pages: read the view, call geo, draw. They neither compute nor read files."""
