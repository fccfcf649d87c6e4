"""``python -m influence_graph`` is ``influence-graph``."""

from influence_graph.cli.main import run

if __name__ == "__main__":
    run()
