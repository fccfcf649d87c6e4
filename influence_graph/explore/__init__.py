"""Questions that users ask of the graph, and what shows it to them beside the commands."""
