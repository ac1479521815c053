import streamlit as st
st.title('data_og_kilder')
