"""Files → sheets of text: encodings, delimiters, workbooks, and where the table stands in them."""
