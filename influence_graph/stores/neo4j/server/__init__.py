"""A Neo4j server of one's own: download, start, stop."""
