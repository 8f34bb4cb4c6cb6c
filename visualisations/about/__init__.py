"""A partner's own page and workbook: what is registered about it."""
