"""Files of networks: plain edge lists (SNAP, Gephi, networkx), KONECT, Matrix Market, Pajek, GraphML, GEXF, GML, Neo4j.

:func:`~influence_graph.ingest.networks.read.read_network` finds the format in the content and returns a
:class:`~influence_graph.ingest.networks.network.Network`: the edges as they are written, and what the format
says of them. What becomes a tie is decided in one place for all formats, ``importers/edges.py``.
"""
