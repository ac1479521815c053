import streamlit as st
st.title('fylker')
