"""The network of a store for a page: who is drawn, joined by what, and what the note says was left out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from influence_graph.app.views.network import read_network
from influence_graph.model.graph import Graph
from influence_graph.model.names import BRAND, CONSUMER
from influence_graph.reports.pages.parts import Network
from influence_graph.stores.embedded.store import EmbeddedStore
from tests.app.jobs.small import filled


class View:
    """A store of given ties and interactions, and of names for everybody but p1."""

    url = "./data"

    def __init__(self, ties: list[tuple], meetings: list[tuple] = ()) -> None:
        self.ties, self.meetings = ties, meetings

    def graph(self, kind: str, as_of: object = None) -> Graph:
        rows = [((CONSUMER, a), (CONSUMER, b), w) for a, b, w in self.ties]
        if kind == "all":
            rows += [((CONSUMER, a), (BRAND, b), w) for a, b, w in self.meetings]
        nodes = sorted({end for row in rows for end in row[:2]} | {(CONSUMER, "alone")})
        at = {node: place for place, node in enumerate(nodes)}
        source, target = ([at[row[end]] for row in rows] for end in (0, 1))
        ids, labels = [node[1] for node in nodes], [node[0] for node in nodes]
        return Graph.from_arrays(ids, source, target, [row[2] for row in rows], labels=labels)

    def names(self, kind: object, ids: object) -> dict[str, str]:
        return {id_: f"Name of {id_}" for id_ in ids.to_pylist() if id_ != "p1"}


def pairs(network: Network) -> dict[frozenset, tuple]:
    ids = network.nodes["id"].to_numpy()
    return {
        frozenset((ids[row.source], ids[row.target])): (row.weight, row.sign, row.kind)
        for row in network.edges.itertuples()
    }


TIES = [("p1", "p2", 1.0), ("p2", "p1", 2.0), ("p2", "p3", 1.0), ("p3", "p4", -1.5), ("p4", "p4", 9.0)]
MEETINGS = [("p1", "acme", 3.0), ("p5", "acme", 1.0)]
BONDS = pd.DataFrame(
    {"consumer": ["p1", "p5", "p2"], "brand": ["acme", "acme", "bolt"], "fusion_score": [2.5, -4.0, 0.0]}
)


def test_a_pair_is_one_link_whatever_its_directions_and_nobody_without_one_is_drawn() -> None:
    network = read_network(View(TIES, MEETINGS))
    assert pairs(network) == {
        frozenset(("p1", "p2")): (3.0, 0, "tie"),
        frozenset(("p2", "p3")): (1.0, 0, "tie"),
        frozenset(("p3", "p4")): (1.5, -1, "tie"),
        frozenset(("p1", "acme")): (3.0, 0, "bond"),
        frozenset(("p5", "acme")): (1.0, 0, "bond"),
    }
    nodes = network.nodes.set_index("id")
    assert nodes["size"].to_dict() == {"acme": 2, "p1": 2, "p2": 2, "p3": 2, "p4": 1, "p5": 1}
    assert nodes.loc["acme", ["label", "name"]].tolist() == [BRAND, "Name of acme"]
    assert nodes.loc["p1", "name"] == ""
    assert np.isfinite(nodes[["x", "y"]].to_numpy()).all()
    assert network.caption == "5 people, 1 brand, 3 ties, 2 bonds"
    assert network.note == ""


def test_bonds_are_signed_by_their_score_and_take_the_place_of_meetings() -> None:
    network = read_network(View(TIES, MEETINGS), bonds=BONDS)
    found = pairs(network)
    assert found[frozenset(("p1", "acme"))] == (2.5, 1, "bond")
    assert found[frozenset(("p5", "acme"))] == (4.0, -1, "bond")
    assert found[frozenset(("p2", "bolt"))] == (0.0, 0, "bond")
    assert network.caption == "5 people, 2 brands, 3 ties, 3 bonds"
    groups = network.nodes.set_index("id")["group"]
    assert groups["p2"] == groups["bolt"]  # a bond of 0 points is one, too


def test_a_neighborhood_is_who_is_joined_with_its_middle_and_what_joins_these() -> None:
    view = View([*TIES, ("p1", "p3", 1.0)], MEETINGS)
    network = read_network(view, around=[(CONSUMER, "p1")])
    assert set(network.nodes["id"]) == {"p1", "p2", "p3", "acme"}
    assert frozenset(("p2", "p3")) in pairs(network)
    assert network.nodes.set_index("id").loc["p3", "size"] == 3  # of the whole graph
    both = read_network(view, around=[(CONSUMER, "p4"), (BRAND, "acme")])
    assert set(both.nodes["id"]) == {"p4", "p3", "acme", "p1", "p5"}
    assert read_network(view, around=[(BRAND, "p1")]) is None
    assert read_network(view, around=[(CONSUMER, "alone")]) is None


def test_nothing_is_drawn_where_nothing_joins_anybody() -> None:
    assert read_network(View([])) is None
    assert read_network(View([("p1", "p1", 1.0)])) is None


def test_too_many_nodes_leave_those_with_fewest_links_out_and_the_note_says_so() -> None:
    star = [(f"p{n}", "hub", 1.0) for n in range(30)] + [(f"p{n}", "second", 1.0) for n in range(20)]
    network = read_network(View(star), most_nodes=12)
    assert len(network.nodes) == 12
    assert {"hub", "second"} <= set(network.nodes["id"])
    assert sorted(network.nodes["size"]) == [*[2] * 10, 20, 30]
    assert network.caption == "12 people, 20 ties"
    assert network.note.startswith("Of 32 people, 50 ties those with the most links are drawn")
    assert "`influence-graph report --most-nodes N --most-edges M`" in network.note
    kept = read_network(View(star), around=[(CONSUMER, "p29")], most_nodes=2)
    assert set(kept.nodes["id"]) == {"p29", "hub"}


def test_too_many_edges_leave_each_node_its_heaviest_and_each_kind_its_share() -> None:
    rng = np.random.default_rng(1)
    ties = [(f"p{a}", f"p{b}", float(rng.uniform(1, 9))) for a in range(12) for b in range(a)]
    meetings = [(f"p{a}", f"b{b}", 1.0) for a in range(12) for b in range(11)]
    network = read_network(View(ties, meetings), most_edges=60)
    everything = pairs(read_network(View(ties, meetings)))
    found = pairs(network)
    assert len(found) == 60
    assert set(network.nodes["id"]) == {end for pair in found for end in pair}
    of_ties = sorted(weight for weight, _, kind in everything.values() if kind == "tie")
    assert len(of_ties) == 66
    for person in (f"p{n}" for n in range(12)):
        own = {pair: weight for pair, (weight, _, kind) in everything.items() if person in pair and kind == "tie"}
        assert max(own, key=own.get) in found
    kinds = [kind for _, _, kind in found.values()]
    assert 15 <= kinds.count("tie") <= 35
    assert network.note.startswith("Of 12 people, 11 brands, 66 ties, 132 bonds")


def test_a_real_store_gives_the_same_by_default(tmp_path: Path) -> None:
    with filled(EmbeddedStore(tmp_path / "store")).snapshot() as view:
        network = read_network(view)
        graph = view.graph("all")
    assert network is not None
    linked = {node for node in range(graph.number_of_nodes) if (graph.indices == node).any()}
    linked |= set(np.flatnonzero(np.diff(graph.indptr)).tolist())
    assert set(network.nodes["id"]) == {graph.ids[node] for node in linked}
    assert network.edges["source"].max() < len(network.nodes)


@pytest.mark.parametrize("score", [0.0, 1e-300, 1e300])
def test_scores_of_any_size_are_laid_out(score: float) -> None:
    network = read_network(View([]), bonds=BONDS.assign(fusion_score=score))
    assert np.isfinite(network.nodes[["x", "y"]].to_numpy()).all()
