"""Who is influential: one score per node, from the shape of the graph."""
