"""What the Neo4j Browser is given: a guide, a style, favorites, and a way in that needs no password typed."""
