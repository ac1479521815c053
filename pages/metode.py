import streamlit as st
st.title('metode')
