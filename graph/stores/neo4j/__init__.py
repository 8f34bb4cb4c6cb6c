"""A Neo4j database as a store: the landscape as a property graph, pushed, read back, asked and written for bulk import.

``names`` says what things are called there, ``elements`` turns tables into nodes and relationships (pure),
``server`` is the only module that speaks to a database; ``push``, ``pull`` and ``asking`` use it, ``bulk`` writes files.
"""
