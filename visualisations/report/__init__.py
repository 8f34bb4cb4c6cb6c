"""The report of one municipality: a page and a workbook for a meeting, from the answers of the analyses."""
