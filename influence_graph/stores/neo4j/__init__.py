"""The store on a Neo4j server, and the launcher of such a server without containers."""
