import math
import re

import numpy as np
import pytest

from influence_graph.analyses.ranking.influence_passivity import influence_passivity
from influence_graph.errors import InputError, NotConverged, NotFound
from influence_graph.model.graph import Graph

SEEN = Graph.from_edges(["june", "june", "sam", "sam"], ["ann", "bob", "bob", "cid"])
TAKEN = {("june", "ann"): 1, ("june", "bob"): 2, ("sam", "bob"): 3, ("sam", "cid"): 1}


def test_a_small_case_by_hand():
    # One influencer, two readers: all influence is june's; passivity is shared as the refusals 3/4 and 1/4.
    graph = Graph.from_edges(["june", "june"], ["ann", "bob"])
    scores = influence_passivity(graph, {("june", "ann"): 1, ("june", "bob"): 3}, {"june": 4})
    assert scores.influence.scores == pytest.approx([0, 0, 1])
    assert scores.passivity.scores == pytest.approx([0.75, 0.25, 0])


def test_the_fixed_point_of_two_influencers_by_hand():
    # w: june-ann 1/4, june-bob 2/4, sam-bob 3/4, sam-cid 1/4. v: ann 3/5, bob 2/5 of june; bob 1/4, cid 3/4 of sam.
    # u: ann all june; bob 2/5 june, 3/5 sam; cid all sam. I_june = 3/5 J + 2/5 (2/5 J + 1/4 S) = .76 J + .1 S.
    scores = influence_passivity(SEEN, TAKEN, {"june": 4, "sam": 4})
    influence = dict(zip(scores.influence.ids, scores.influence.scores, strict=True))
    assert influence == pytest.approx({"june": 0.1 / 0.34, "sam": 0.24 / 0.34, "ann": 0, "bob": 0, "cid": 0})
    passivity = dict(zip(scores.passivity.ids, scores.passivity.scores, strict=True))
    june, sam = influence["june"], influence["sam"]
    expected = {"ann": 0.6 * june, "bob": 0.4 * june + 0.25 * sam, "cid": 0.75 * sam, "june": 0, "sam": 0}
    assert passivity == pytest.approx(expected)


def test_arrays_mappings_and_shares_say_the_same():
    mapped = influence_passivity(SEEN, TAKEN, {"june": 4, "sam": 4})
    counts = np.array([TAKEN[pair] for pair in (("june", "ann"), ("june", "bob"), ("sam", "bob"), ("sam", "cid"))])
    exposed = np.where(np.isin(SEEN.ids.astype(str), ["june", "sam"]), 4.0, 0.0)
    for other in (influence_passivity(SEEN, counts, exposed), influence_passivity(SEEN, counts / 4)):
        assert other.influence.scores.tolist() == mapped.influence.scores.tolist()
        assert other.passivity.scores.tolist() == mapped.passivity.scores.tolist()


def test_the_result_reports_how_it_was_calculated():
    scores = influence_passivity(SEEN, TAKEN, {"june": 4, "sam": 4})
    for result in (scores.influence, scores.passivity):
        assert result.scores.sum() == pytest.approx(1.0)
        assert result.residual <= 1e-10
        assert result.error_bound == math.inf
        assert result.converged


def test_a_number_that_has_not_converged_is_never_returned():
    with pytest.raises(NotConverged, match="raise max_iterations"):
        influence_passivity(SEEN, TAKEN, {"june": 4, "sam": 4}, max_iterations=2)


@pytest.mark.parametrize(
    ("influenced", "exposed", "message"),
    [
        ({("june", "ann"): 5}, {"june": 4}, "influenced of 'june' -> 'ann' is 5, must be from 0 to 4"),
        ({("june", "ann"): -1}, {"june": 4}, "influenced of 'june' -> 'ann' is -1, must be from 0 to 4"),
        ({("june", "ann"): math.nan}, {"june": 4}, "influenced of 'june' -> 'ann' is nan"),
        ({("june", "ann"): 1}, {}, "must be from 0 to 0"),
        ({}, {"june": math.inf}, "exposed of 'june' is inf"),
        (np.ones(3), None, "3 values of influenced for 4 stored edges"),
        (np.zeros(4), None, "influence and passivity are not defined"),
        (np.ones(4), None, "influence and passivity are not defined"),
        (np.array([1.0, 0.0, 1.0, 1.0]), None, "influence and passivity are not defined"),
    ],
)
def test_what_has_no_answer_is_refused_in_one_line(influenced, exposed, message):
    with pytest.raises(InputError, match=re.escape(message)) as caught:
        influence_passivity(SEEN, influenced, exposed)
    assert "\n" not in str(caught.value)


def test_a_pair_without_an_edge_is_not_found():
    with pytest.raises(NotFound, match="no edge 'ann' -> 'june'"):
        influence_passivity(SEEN, {("ann", "june"): 1}, {"ann": 1})


def test_an_empty_graph_has_nothing_to_rank():
    with pytest.raises(InputError, match="nothing to rank"):
        influence_passivity(Graph.from_edges([], []), {})


def test_pairs_of_influence_can_name_labels():
    graph = Graph.from_arrays(["x", "x"], [0], [1], labels=["Person", "Brand"])
    by_label = influence_passivity(graph, {(("Person", "x"), ("Brand", "x")): 0.5})
    assert by_label.influence.scores.tolist() == [1.0, 0.0]
