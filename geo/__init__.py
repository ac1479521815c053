"""Who serves which kommune: the domain logic. Nothing in here knows Streamlit."""
