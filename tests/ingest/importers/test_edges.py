"""Edge lists: any list of edges in any layout gives its ties, as networkx would read them."""

from __future__ import annotations

import tempfile
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from influence_graph.errors import UnreadableFile
from tests.ingest.importers.small import rows

ids = st.sampled_from([f"n{i}" for i in range(8)])
lists = st.lists(st.tuples(ids, ids, st.integers(0, 99).map(lambda w: w / 8)), min_size=1, max_size=20)
layouts = st.builds(
    dict,
    separator=st.sampled_from([" ", "  ", "\t", ",", ";"]),
    header=st.sampled_from(["", "source{0}target{0}weight", "From{0}To{0}Times"]),
    comment=st.sampled_from(["", "# by hand\n", "% sym\n% of a paper\n"]),
    end=st.sampled_from(["\n", "\r\n"]),
)


def written(edges: list[tuple[str, str, float]], layout: dict[str, str], weighted: bool = True) -> str:
    separator = layout["separator"]
    lines = [separator.join([a, b, str(w)][: 2 + weighted]) for a, b, w in edges]
    if layout["header"]:
        names = layout["header"].format("|").split("|")[: 2 + weighted]
        lines.insert(0, separator.join(names))
    return layout["comment"].replace("\n", layout["end"]) + layout["end"].join(lines) + layout["end"]


def imported(text: str, **options: object) -> tuple[dict[str, list[dict[str, object]]], list[str]]:
    notes: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "graph.txt"
        path.write_bytes(text.encode())
        return rows("edges", path, note=notes.append, **options), notes


@settings(deadline=None, max_examples=40)
@given(lists, layouts)
def test_the_first_of_each_edge_is_its_tie_and_loops_are_none(edges, layout):
    found, notes = imported(written(edges, layout))
    expected: dict[tuple[str, str], float] = {}
    for a, b, weight in edges:
        if a != b:
            expected.setdefault((a, b), weight)
    assert {(row["source"], row["target"]): row["weight"] for row in found.get("ties", [])} == expected
    loops = sum(a == b for a, b, _ in edges)
    repeats = len(edges) - loops - len(expected)
    assert len(notes) == bool(loops) + bool(repeats)
    assert {row["id"] for row in found["people"]} == {end for edge in edges for end in edge[:2]}


@settings(deadline=None, max_examples=25)
@given(lists, layouts)
def test_friends_are_the_edges_of_an_undirected_graph(edges, layout):
    found, _ = imported(written(edges, layout, weighted=False), tie_kind="friend")
    theirs = nx.Graph((a, b) for a, b, _ in edges if a != b)
    ours = [(row["source"], row["target"]) for row in found.get("ties", [])]
    assert all(a < b for a, b in ours)
    assert {frozenset(pair) for pair in ours} == {frozenset(edge) for edge in theirs.edges}
    assert len(ours) == theirs.number_of_edges()


@pytest.mark.parametrize("size", ["3 2", "2 3"])
def test_a_first_line_with_the_number_of_edges_is_the_size_and_said(size):
    found, notes = imported(f"{size}\n1 2\n2 3\n")
    assert [(row["source"], row["target"]) for row in found["ties"]] == [("1", "2"), ("2", "3")]
    assert notes == ["graph.txt: line 1 gives the size of the graph and was skipped"]


def test_two_numbers_that_are_no_size_are_an_edge():
    found, notes = imported("8 9\n1 2\n2 3\n")
    assert len(found["ties"]) == 3
    assert notes == []


def test_an_id_of_a_list_is_a_text_with_all_its_zeros():
    found, _ = imported("007,1e5\n1e5,NA\n")
    assert [row["id"] for row in found["people"]] == ["007", "1e5", "NA"]


def test_every_tie_has_the_kind_and_the_prefix_that_were_given():
    found, _ = imported("a b\n", tie_kind="exposed", prefix="g-")
    assert found["ties"] == [{"source": "g-a", "target": "g-b", "kind": "exposed"}]


@pytest.mark.parametrize("text", ["a b c d\n", "a\n", "", "# only words\n"])
def test_what_is_no_edge_list_is_refused_with_the_shape(text):
    with pytest.raises(UnreadableFile, match="source target"):
        imported(text)
