"""The functions that the table of results names, each called as a job calls it."""

from inspect import signature

import numpy as np
import pandas as pd
import pytest

from influence_graph.analyses.ranking.activity import activity
from influence_graph.analyses.ranking.degree import degree
from influence_graph.analyses.ranking.hits import hits
from influence_graph.analyses.ranking.influence_passivity import influence_passivity
from influence_graph.analyses.ranking.psi import psi_score
from influence_graph.model.graph import Graph
from influence_graph.model.parameters import RankParameters
from influence_graph.model.results import measures

TIES = Graph.from_edges(["ann", "bob", "bob", "tom"], ["june", "june", "ann", "bob"])
ACTIONS = pd.DataFrame(
    [("june", "x", 0), ("ann", "x", 5), ("bob", "x", 9), ("june", "y", 0), ("bob", "z", 2), ("tom", "w", 86_400)],
    columns=["user", "item", "time"],
)
ACTIVITY = activity(TIES, ACTIONS)
GIVEN = {"graph": TIES, "activity": ACTIVITY, "channels": TIES}


@pytest.mark.parametrize("name", measures())
def test_each_measure_gives_each_node_a_score(name):
    measure = measures()[name].measure
    function = measure.resolve()
    options = {key: getattr(RankParameters, key) for key in measure.options if key in signature(function).parameters}
    if "seed" in options:
        options["seed"] = 1
    frame = function(GIVEN[measure.given], **options).to_frame()
    assert sorted(frame["id"]) == sorted(TIES.ids)
    assert np.isfinite(frame["score"]).all()
    assert frame["rank"].tolist() == [1, 2, 3, 4]


@pytest.mark.parametrize("name", measures())
def test_each_measure_takes_its_defaults_from_the_parameters(name):
    measure = measures()[name].measure
    for key, parameter in signature(measure.resolve()).parameters.items():
        if key in measure.options:
            assert parameter.default == getattr(RankParameters, key), key


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("hits-authority", hits(TIES).authorities),
        ("hits-hub", hits(TIES).hubs),
        ("psi", psi_score(TIES, ACTIVITY.posting, ACTIVITY.reposting)),
        ("degree", degree(TIES, "both")),
        ("in-degree", degree(TIES, "in")),
        ("out-degree", degree(TIES, "out")),
    ],
)
def test_a_measure_is_the_function_of_the_library(name, expected):
    measure = measures()[name].measure
    found = measure.resolve()(GIVEN[measure.given])
    assert found.scores.tolist() == expected.scores.tolist()


def test_influence_and_passivity_are_those_of_the_adoptions():
    both = influence_passivity(ACTIVITY.influence, ACTIVITY.influence.edge_weights(), ACTIVITY.exposed)
    for name, expected in (("influence", both.influence), ("passivity", both.passivity)):
        found = measures()[name].measure.resolve()(ACTIVITY)
        assert found.scores.tolist() == expected.scores.tolist()
