import streamlit as st
st.title('prosjekter')
