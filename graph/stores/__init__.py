"""The stores: each writes a Landscape and reads it back (but for superseded waits, where it keeps none).

``parquet`` holds the tables whole; ``rdf`` is N-Triples written from columns; ``oxigraph`` answers
SPARQL over that RDF.
"""
