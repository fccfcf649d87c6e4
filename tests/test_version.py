"""The version is one number everywhere, and every public object shows itself in one short line."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

import pandas as pd
import pytest

import influence_graph as ig
from influence_graph.version import __version__

PROJECT = Path(__file__).resolve().parents[1] / "pyproject.toml"
GRAPH = ig.Graph.from_edges([f"n{i}" for i in range(500)], ["hub"] * 500, [0.5] * 500)
LOG = pd.DataFrame({"user": ["n1", "hub"] * 2, "item": ["x", "x", "y", "y"], "time": [1, 2, 3, 5]})
EVENTS = pd.DataFrame(
    {
        "event_id": [f"e{i}" for i in range(300)],
        "at": pd.Timestamp("2026-01-01", tz="UTC"),
        "consumer": [f"a very long name of a consumer {i}" for i in range(300)],
        "brand": "acme",
    }
)


def test_the_version_is_that_of_the_project_and_of_the_command() -> None:
    assert ig.__version__ == __version__ == version("influence-graph")
    assert ig.__version__ == tomllib.loads(PROJECT.read_text())["project"]["version"]
    assert re.fullmatch(r"\d+\.\d+\.\d+\S*", ig.__version__)
    done = subprocess.run(
        [sys.executable, "-m", "influence_graph", "--version"], capture_output=True, text=True, check=True
    )
    assert ig.__version__ in done.stdout


SHOWN = {
    "graph": lambda: GRAPH,
    "policy": ig.FusionPolicy,
    "policy with much in it": lambda: ig.FusionPolicy(
        half_life_days={"engagement": 3.0}, rivals={(f"a{i}", f"b{i}"): -0.5 for i in range(300)}
    ),
    "touchpoint table": ig.TouchpointTable.load,
    "store": lambda: ig.open_store("some/folder"),
    "ranking": lambda: ig.pagerank(GRAPH),
    "hits": lambda: ig.hits(GRAPH),
    "spread": lambda: ig.spread(GRAPH, [f"n{i}" for i in range(400)], simulations=10, seed=1),
    "seeds": lambda: ig.maximize(GRAPH, 400, seed=1),
    "learned": lambda: ig.learn(GRAPH, LOG),
    "credit": lambda: ig.credit(GRAPH, LOG),
    "influencers": lambda: ig.find_influencers(GRAPH, LOG),
    "state": lambda: ig.FusionState.build(EVENTS),
    "explanation": lambda: ig.explain(EVENTS, EVENTS["consumer"][0], "acme"),
    "brand": lambda: ig.brand_view(EVENTS, "acme"),
}


@pytest.mark.parametrize("make", SHOWN.values(), ids=SHOWN)
def test_every_public_object_is_one_short_line(make: object) -> None:
    assert callable(make)
    shown = repr(make())
    assert len(shown) <= 150
    assert shown.isprintable()
    assert re.match(r"<?[A-Z]\w+", shown)
