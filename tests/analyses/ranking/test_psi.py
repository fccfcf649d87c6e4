import re

import numpy as np
import pytest

from influence_graph.analyses.ranking.psi import psi_score
from influence_graph.errors import InputError, NotConverged, NotFound
from influence_graph.model.graph import Graph

LEADERS = {0: [1, 3], 1: [0, 2], 2: [0, 1, 3], 3: [0]}
POSTING, REPOSTING = [0.23, 0.5, 0.86, 0.19], [0.42, 0.17, 0.10, 0.37]


def published(weight=None):
    source, target = zip(*((j, k) for j, of in LEADERS.items() for k in of), strict=True)
    return Graph.from_edges(source, target, weight)


@pytest.mark.parametrize("as_mapping", [False, True])
def test_the_published_example_has_its_published_scores(as_mapping):
    rates = [dict(zip("0123", r, strict=True)) if as_mapping else np.array(r) for r in (POSTING, REPOSTING)]
    ranks = psi_score(published(), *rates)
    assert ranks.scores == pytest.approx([0.21158803, 0.35253745, 0.28798439, 0.14789014], abs=1e-8)
    assert ranks.scores.sum() == pytest.approx(1.0, abs=1e-10)
    assert ranks.residual == ranks.error_bound <= 1e-10
    assert ranks.parameters["empty_walls"] == ranks.parameters["nothing_to_repost"] == 0


def test_equal_weights_give_the_unweighted_score():
    plain = psi_score(published(), np.array(POSTING), np.array(REPOSTING))
    weighted = psi_score(published([0.4] * 8), np.array(POSTING), np.array(REPOSTING))
    assert weighted.scores == pytest.approx(plain.scores, abs=1e-9)


def test_a_weight_is_the_share_of_posts_that_arrives():
    graph = Graph.from_edges(["fan", "fan"], ["a", "b"], [3.0, 1.0])
    ranks = psi_score(graph, {"a": 1, "b": 1}, {"fan": 1})
    # The walls: a shows a, b shows b, the fan shows 3/4 a and 1/4 b.
    assert dict(zip(ranks.ids, ranks.scores, strict=True)) == pytest.approx({"a": 1.75 / 3, "b": 1.25 / 3, "fan": 0})


def test_users_with_nothing_to_show_have_no_score_and_are_counted():
    # June posts; ann would re-post but follows only tom, who is silent; eve and max only re-post each other.
    graph = Graph.from_edges(["ann", "eve", "max", "bob"], ["tom", "max", "eve", "june"])
    ranks = psi_score(graph, {"june": 1}, {"ann": 1, "eve": 1, "max": 2, "bob": 5, "june": 3})
    scores = dict(zip(ranks.ids, ranks.scores, strict=True))
    assert scores == pytest.approx({"june": 1, "ann": 0, "tom": 0, "eve": 0, "max": 0, "bob": 0})
    assert ranks.parameters["empty_walls"] == 4  # ann, tom, eve, max
    assert ranks.parameters["nothing_to_repost"] == 1  # june: she follows nobody


def test_without_reposts_everyone_is_worth_the_same():
    assert psi_score(published(), np.array(POSTING), np.zeros(4)).scores == pytest.approx([0.25] * 4)


def test_relabeling_permutes_the_scores():
    source, target = zip(*((j, k) for j, of in LEADERS.items() for k in of), strict=True)
    turned = psi_score(
        Graph.from_edges([3 - s for s in source], [3 - t for t in target]),
        np.array(POSTING[::-1]),
        np.array(REPOSTING[::-1]),
    )
    plain = psi_score(published(), np.array(POSTING), np.array(REPOSTING))
    assert turned.scores[::-1] == pytest.approx(plain.scores, abs=1e-9)


def test_a_number_that_has_not_converged_is_never_returned():
    with pytest.raises(NotConverged, match=r"residual .* above the tolerance 1e-10; raise max_iterations"):
        psi_score(published(), np.array(POSTING), np.array(REPOSTING), max_iterations=3)


@pytest.mark.parametrize(
    ("graph", "posting", "reposting", "message"),
    [
        (Graph.from_edges([], []), {}, {}, "0 nodes: nothing to rank"),
        (published(), {}, {"0": 1}, "posting is 0 for all 4 users: there is no content to trace"),
        (published(), {"0": -1}, {}, "posting of '0' is -1.0, must be 0 or more and finite"),
        (published(), {"0": 1}, {"1": float("inf")}, "reposting of '1' is inf, must be 0 or more and finite"),
        (published(), np.ones(3), {}, "3 values of posting for 4 nodes"),
        (published([-1.0] + [1.0] * 7), {"0": 1}, {}, "'0' -> '1' has weight -1, the Ψ-score needs 0 or more"),
    ],
)
def test_what_has_no_answer_is_refused_in_one_line(graph, posting, reposting, message):
    with pytest.raises(InputError, match=re.escape(message)):
        psi_score(graph, posting, reposting)


def test_an_unknown_user_is_not_found():
    with pytest.raises(NotFound, match="no 'bob'"):
        psi_score(published(), {"bob": 1}, {})
