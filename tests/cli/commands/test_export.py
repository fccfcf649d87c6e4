"""``export``: of records, and of the whole graph."""

from __future__ import annotations

import shlex
from pathlib import Path

import networkx as nx
import pandas as pd
import pytest

from tests.cli.commands.conftest import Call


@pytest.mark.parametrize("name", ["graph.gexf", "graph.graphml"])
def test_the_suffix_is_the_format_of_the_whole_graph(call: Call, name: str) -> None:
    done = call("export", "-o", name)
    assert done.code == 0
    assert done.out == ""
    reader = nx.read_gexf if name.endswith("gexf") else nx.read_graphml
    graph = reader(name)
    counts = done.err.partition(" written to ")[0]
    people, brands = (int(part.split()[0]) for part in counts.split(", ")[:2])
    assert "Consumer" in counts
    assert "Brand" in counts
    assert graph.number_of_nodes() == people + brands
    assert graph.nodes["singer"]["label"] == "The pop singer"


def test_kept_scores_are_in_it_and_named(call: Call) -> None:
    call("rank", "--write")
    call("score", "--write")
    done = call("export", "graph", "--format", "gexf", "-o", "town")
    assert "scores: bonds of score-" in done.err
    assert "pageRank of rank-" in done.err
    graph = nx.read_gexf("town")
    assert any(held.get("type") == "BOND" and held["sign"] == -1 for _, _, held in graph.edges(data=True))
    assert all(held["pageRank"] > 0 for _, held in graph.nodes(data=True) if held["labels"] == "Consumer")


def test_the_command_of_the_importer_is_printed(call: Call) -> None:
    done = call("export", "--format", "neo4j-admin", "-o", "to import")
    words = shlex.split(done.out)
    assert words[:4] == ["neo4j-admin", "database", "import", "full"]
    named = [Path(word.partition("=")[2]) for word in words if word.startswith(("--nodes=", "--relationships="))]
    assert set(named) == set(Path("to import").iterdir())


def test_edges_are_chosen(call: Call) -> None:
    done = call("export", "--format", "parquet", "-o", "parts", "--edges", "interactions")
    assert done.code == 0
    assert set(pd.read_parquet("parts/edges.parquet")["type"]) == {"INTERACTED", "RESPONDED"}
    refused = call("export", "-o", "graph.gexf", "--edges", "bonds")
    assert refused.code == 2
    assert "influence-graph score --write" in refused.err
    assert not Path("graph.gexf").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ([], 2, "name one with -o"),
        (
            ["--format", "csv", "-o", "graph.csv"],
            2,
            "--format csv is for records: use gexf, graphml, neo4j-admin, parquet",
        ),
        (["-o", "graph.csv"], 2, "does not tell the format of the graph"),
        (["people", "--format", "gexf"], 2, "--format gexf is for the whole graph: leave out people"),
        (["people", "--edges", "ties"], 2, "--edges is for the whole graph: leave out people"),
        (["graphs", "-o", "g.gexf"], 2, "'graphs' is not one of"),
    ],
)
def test_what_does_not_go_together_is_refused(call: Call, arguments: list[str], code: int, message: str) -> None:
    done = call("export", *arguments)
    assert done.code == code
    assert message in " ".join(done.err.split())
