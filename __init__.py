"""routekaart: a knowledge graph of a region's support for children and families.

>>> import routekaart.graph as graph            # doctest: +SKIP
>>> landscape = graph.read("uit")               # the tables of a build
>>> triples = graph.open("uit")                 # the same build as an rdflib graph
"""

__version__ = "0.1.0"
