"""The whole graph of a store as files of other programs: Gephi, networkx, neo4j-admin, pandas."""
