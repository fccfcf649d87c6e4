"""How many link to a person, and how many mutually, against a count edge by edge."""

from __future__ import annotations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.analyses.ranking.links import lifted_sentence, links
from influence_graph.model.graph import Graph
from influence_graph.model.names import NO_NAMES, NodeNames

EDGES = st.lists(st.tuples(st.sampled_from("abcde"), st.sampled_from("abcde")), min_size=1, max_size=20)


@given(EDGES)
def test_links_are_those_of_a_count_edge_by_edge(edges: list[tuple[str, str]]) -> None:
    found = links(Graph.from_edges([a for a, _ in edges], [b for _, b in edges]))
    once = {(a, b) for a, b in edges if a != b}
    for id_, linked_by, mutual in zip(found.ids, found.linked_by, found.mutual, strict=True):
        assert linked_by == sum(b == id_ for _, b in once)
        assert mutual == sum(b == id_ and (b, a) in once for a, b in once)
    columns = found.of(found.ids[::-1])
    assert columns["linked_by"].tolist() == found.linked_by[::-1].tolist()


def test_who_stands_above_others_by_mutual_links_alone_is_named() -> None:
    rows = [("singer", 5, 0), ("rita", 1, 1), ("paul", 1, 1), ("june", 5, 0), ("bea", 1, 1), ("dev", 0, 0)]
    ranked = pd.DataFrame(rows, columns=["id", "linked_by", "mutual"])
    sentence = lifted_sentence(ranked, NodeNames({"paul": "Paul", "rita": "Rita"}))
    assert sentence.startswith("Above others with more links: Rita (rita), Paul (paul); all of theirs are mutual")
    assert lifted_sentence(ranked.drop(index=[1, 2]), NO_NAMES) == ""
    assert lifted_sentence(ranked.head(0), NO_NAMES) == ""
