"""``python -m influence_graph`` is ``influence-graph``."""

from influence_graph.cli.main import run

run()
