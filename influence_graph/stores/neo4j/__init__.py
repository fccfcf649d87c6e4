"""The store on a Neo4j server, and the launcher of such a server without containers."""

SCHEMES = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")
"""The schemes of addresses, those with ``+`` over TLS."""
