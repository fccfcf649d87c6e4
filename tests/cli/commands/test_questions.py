"""``neighbors``, ``path``, ``shared``, ``query``, ``queries``, ``brand``, ``policy`` and ``neo4j``, as they answer."""

from __future__ import annotations

import io
import json
from itertools import pairwise
from pathlib import Path

import networkx as nx
import pandas as pd
import pytest

import influence_graph as ig
from influence_graph.cli.commands.query import _is_name, _split
from influence_graph.explore.catalogue import catalogue
from influence_graph.model.policy.file import load_policy
from influence_graph.model.policy.policy import FusionPolicy
from tests.cli.commands.conftest import Call

LINES = ("--format", "jsonl")


def undirected(kind: str = "all") -> nx.Graph:
    return nx.Graph(ig.open_store("influence-graph-data").graph(kind).to_networkx())


@pytest.mark.parametrize("kind", ig.GraphKind)
def test_neighbors_are_those_of_the_graph_in_either_direction(call: Call, kind: ig.GraphKind) -> None:
    g = undirected(kind.value)
    for id_ in ("singer", "annie", "june"):
        if id_ in g:
            found = call("neighbors", id_, "--graph", kind.value, "--top", "0", *LINES).rows
            assert {row["id"] for row in found} == set(g[id_])


def test_paths_are_as_short_as_those_of_networkx_and_follow_edges(call: Call) -> None:
    g = undirected()
    for end in ("june", "restaurant", "loafers", "olga"):
        steps = [row["id"] for row in call("path", "singer", end, *LINES).rows]
        assert (steps[0], steps[-1]) == ("singer", end)
        assert len(steps) - 1 == nx.shortest_path_length(g, "singer", end)
        assert all(g.has_edge(a, b) for a, b in pairwise(steps))


def test_what_two_share_are_their_common_neighbors_and_the_order_does_not_matter(call: Call) -> None:
    g = undirected()
    for one, other in (("mia", "noah"), ("annie", "june"), ("singer", "sweater")):
        expected = set(nx.common_neighbors(g, one, other))
        for pair in ((one, other), (other, one)):
            assert {row["id"] for row in call("shared", *pair, *LINES).rows} == expected


def test_before_the_first_event_nothing_is_linked_by_interactions(call: Call) -> None:
    nothing = call("neighbors", "singer", "--graph", "interactions", "--as-of", "1900-01-01", *LINES)
    assert (nothing.code, nothing.out) == (0, "")


def test_every_named_query_is_listed_with_its_parameters(empty: Call) -> None:
    rows = {row["name"]: row for row in empty("queries", *LINES).rows}
    assert set(rows) == set(catalogue())
    for asked in catalogue().values():
        assert rows[asked.name]["topic"] == asked.topic
        for parameter in asked.parameters:
            assert parameter.usage() in rows[asked.name]["parameters"]


@pytest.mark.parametrize(
    ("text", "named"), [("top-by", True), ("top_by", True), ("MATCH (n) RETURN n", False), ("", False)]
)
def test_a_word_is_a_name_and_a_sentence_is_cypher(text: str, named: bool) -> None:
    assert _is_name(text) is named


def test_a_parameter_is_split_at_its_first_equals_sign(empty: Call) -> None:
    assert _split("a=b=c") == ("a", "b=c")
    for wrong in ("a", "=b", ""):
        assert empty("query", "top-brands", "--param", wrong).code == 2


def test_cypher_from_the_input_is_refused_by_the_embedded_store_like_any_other(call: Call) -> None:
    refused = call("query", "-", stdin="MATCH (n) RETURN n")
    assert refused.code == 2
    assert "neo4j up --load" in refused.err


def test_a_brand_is_the_same_in_every_format(call: Call) -> None:
    found = json.loads(call("brand", "sweater", "--format", "json").out)
    assert found == call("brand", "sweater", *LINES).rows[0]
    assert found["brand"] == "sweater"
    frame = pd.read_csv(io.StringIO(call("brand", "sweater", "--format", "csv").out))
    assert {"measure", "value", "low", "high"} <= set(frame.columns)
    table = call("brand", "sweater", "--format", "table").out
    parts = ig.brand_view(ig.open_store("influence-graph-data").interactions(), "sweater").sections()
    assert list(parts) == ["Health", "Judgment", "Votes", "Giving", "Profit", "Carriers", "Neighbors"]
    for heading in parts:
        assert heading in table.splitlines()


def test_two_brands_are_compared_both_ways(call: Call) -> None:
    one = json.loads(call("brand", "sweater", "--compare", "restaurant", "--format", "json").out)
    other = json.loads(call("brand", "restaurant", "--compare", "sweater", "--format", "json").out)
    assert one["other"]["brand"] == "restaurant"
    ours = {line["measure"]: (line["first"], line["second"]) for line in one["differences"]}
    theirs = {line["measure"]: (line["second"], line["first"]) for line in other["differences"]}
    assert ours == theirs
    assert (
        "Harbour Knitwear (sweater) and The Blue Mackerel (restaurant) side by side"
        in call("brand", "sweater", "--compare", "restaurant", "--format", "table").out
    )


def test_the_shown_policy_is_the_policy(empty: Call) -> None:
    Path("p.toml").write_text(empty("policy", "show").out)
    assert load_policy(Path("p.toml")) == FusionPolicy()
    assert empty("policy", "check", "p.toml").err == "p.toml is a policy; 0 parameters other than the default\n"
    Path("q.toml").write_text("spillover = 0.5\n")
    assert "1 parameter other than the default" in empty("policy", "check", "q.toml").err
    assert empty("policy", "diff", "default", "q.toml", *LINES).rows == [
        {"parameter": "spillover", "old": 0.25, "new": 0.5}
    ]
    assert empty("policy", "diff", "q.toml", "default", *LINES).rows == [
        {"parameter": "spillover", "old": 0.5, "new": 0.25}
    ]


def test_a_server_that_never_ran_is_not_running(empty: Call, tmp_path: Path) -> None:
    status = empty("neo4j", "status", "--home", tmp_path / "server")
    assert (status.code, status.out) == (1, "")
    assert "`influence-graph neo4j up --home" in status.err
    down = empty("neo4j", "down", "--home", tmp_path / "server")
    assert (down.code, "was running" in down.err) == (0, True)


@pytest.mark.parametrize("port", ["0", "80", "70000", "many"])
def test_a_port_that_no_server_may_have_is_refused(empty: Call, port: str) -> None:
    assert empty("neo4j", "up", "--bolt-port", port).code == 2
