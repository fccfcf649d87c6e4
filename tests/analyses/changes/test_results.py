"""Two results of one kind compared; a PageRank is explained by its links, in all to its whole change."""

import numpy as np
import pandas as pd
import pytest

from influence_graph.analyses.changes.results import result_changes
from influence_graph.analyses.ranking.pagerank import pagerank
from influence_graph.errors import InputError, NotFound
from influence_graph.model.graph import Graph
from influence_graph.model.names import NodeNames

CHAIN = Graph.from_edges(["ann", "bob", "cid"], ["june", "june", "dan"])
MORE = Graph.from_edges(["ann", "bob", "cid", "cid"], ["june", "june", "dan", "june"])


def ranks(graph):
    return pagerank(graph).to_frame()


def test_a_new_link_is_named_first():
    found = result_changes(ranks(CHAIN), ranks(MORE), graphs=(CHAIN, MORE))
    june = found.links[found.links["id"] == "june"]
    assert june.iloc[0][["from_id", "what"]].tolist() == ["cid", "new link"]
    dan = found.links[found.links["id"] == "dan"]
    assert dan.iloc[0][["from_id", "what"]].tolist() == ["cid", "other share"]
    back = result_changes(ranks(MORE), ranks(CHAIN), graphs=(MORE, CHAIN))
    assert back.links[back.links["id"] == "june"].iloc[0][["from_id", "what"]].tolist() == ["cid", "lost link"]
    told = found.sentences(NodeNames({"cid": "Cid", "june": "June"}))
    assert told[0] == "PageRank: 1 rose, 1 fell, 0 came in and 0 left, of 5 now."
    assert "June (june) rose" in told[1]
    assert "by a new link from Cid (cid)" in told[1]


def test_a_single_link_of_equal_score_is_the_hand_counted_amount():
    found = result_changes(ranks(CHAIN), ranks(MORE), graphs=(CHAIN, MORE))
    scores = [pagerank(graph) for graph in (CHAIN, MORE)]
    cid = [each.scores[list(each.ids).index("cid")] for each in scores]
    link = found.links[(found.links["id"] == "june") & (found.links["what"] == "new link")]
    assert link["change"].item() == pytest.approx(0.85 * (cid[0] + cid[1]) / 2 * 0.5, rel=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_links_sum_to_the_change_of_each_mover(seed):
    rng = np.random.default_rng(seed)
    ends = rng.integers(0, 40, (2, 300)).astype(str)
    weight = rng.uniform(0.1, 3, 300)
    before = Graph.from_edges(*ends[:, :280], weight[:280])
    after = Graph.from_edges(*ends[:, 15:], weight[15:])
    found = result_changes(ranks(before), ranks(after), graphs=(before, after))
    sums = found.links.groupby(["label", "id"])["change"].sum()
    changes = found.rows.set_index(["label", "id"])["change"]
    assert len(sums) == 20
    assert sums.to_numpy() == pytest.approx(changes[sums.index].to_numpy(), abs=1e-12)
    assert found.links.groupby(["label", "id"])["share"].sum().to_numpy() == pytest.approx(1, abs=1e-6)


def test_ranks_and_places():
    before = pd.DataFrame({"id": ["a", "b", "c"], "score": [3.0, 2.0, 1.0]})
    after = pd.DataFrame({"id": ["a", "b", "d"], "score": [1.0, 2.0, 5.0]})
    rows = result_changes(before, after).rows.set_index("id")
    assert rows["change"].to_dict() == {"d": 5.0, "a": -2.0, "c": -1.0}
    assert rows.loc["a", ["rank_before", "rank_after", "places"]].tolist() == [1, 3, -2]
    assert rows.loc["d", ["rank_before", "places"]].isna().all()
    told = result_changes(before, after, reason="Why cannot be told.").sentences()
    assert told == [
        "PageRank: 0 rose, 1 fell, 1 came in and 1 left, of 3 now.",
        "d came in.",
        "c left.",
        "a fell from 3 to 1, from rank 1 to 3.",
        "Why cannot be told.",
    ]


def test_seeds_and_probabilities():
    before = pd.DataFrame({"rank": [1, 2], "id": ["a", "b"], "gain": [9.0, 4.0]})
    after = pd.DataFrame({"rank": [1, 2], "id": ["c", "a"], "gain": [10.0, 9.0]})
    seeds = result_changes(before, after, "seeds").rows.set_index("id")
    assert seeds["places"].loc["a"] == -1
    assert seeds.index.tolist() == ["c", "b", "a"]
    edges = pd.DataFrame({"source": ["a"], "target": ["b"], "probability": [0.5]})
    learned = result_changes(edges, edges.assign(probability=0.25), "learn")
    assert learned.rows.to_numpy().tolist() == [["a", "b", 0.5, 0.25, -0.25]]
    assert learned.sentences()[1] == "a → b fell from 0.5 to 0.25."


def test_what_is_equal_is_not_listed():
    same = result_changes(ranks(CHAIN), ranks(CHAIN), graphs=(CHAIN, CHAIN))
    assert same.rows.empty
    assert same.sentences() == ["PageRank: nothing changed."]


def test_what_differs_by_where_an_iteration_ends_is_the_same():
    before = pd.DataFrame({"id": ["a", "b"], "score": [0.5, 0.5]})
    assert result_changes(before, before.assign(score=[0.5 + 5e-10, 0.5 - 5e-10])).rows.empty


def test_bonds_and_unknown_kinds_are_refused():
    with pytest.raises(InputError, match="event by event"):
        result_changes(pd.DataFrame(), pd.DataFrame(), "score")
    with pytest.raises(NotFound, match="no kind of result"):
        result_changes(pd.DataFrame(), pd.DataFrame(), "ranks")
    with pytest.raises(InputError, match="score"):
        result_changes(pd.DataFrame({"id": ["a"]}), pd.DataFrame({"id": ["a"]}))
