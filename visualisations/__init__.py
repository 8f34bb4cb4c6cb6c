"""A Landscape as offline, accessible HTML pages and as workbooks: the map (drawn with pyvis), the advice and the reports."""
