"""Workbooks for partners: the template, and what goes back to them."""
