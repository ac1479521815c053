"""The floor: a Streamlit page that does nothing but ask for a county."""

import streamlit as st

asked = st.query_params.get("fylke", "16")
st.selectbox("Fylke", ["16", "15", "11"], index=["16", "15", "11"].index(asked))
