"""The library and the command give the same answer by default: both read the same parameters."""

from dataclasses import fields
from inspect import Parameter, signature

import pytest

import influence_graph as ig
from influence_graph.analyses.learning.log import actions_of
from influence_graph.analyses.maximize.limits import NamedOptions, Options
from influence_graph.model.parameters import (
    CopresenceParameters,
    LearnParameters,
    RankParameters,
    ReachParameters,
    SeedsParameters,
)

FUNCTIONS = [
    (ig.copresence_ties, CopresenceParameters, {"timezone", "least_days", "most_people"}),
    (ig.pagerank, RankParameters, {"damping_factor", "personalization", "tolerance", "max_iterations"}),
    (ig.pagerank_many, RankParameters, {"damping_factor", "tolerance", "max_iterations"}),
    (ig.hits, RankParameters, {"tolerance", "max_iterations"}),
    (ig.psi_score, RankParameters, {"tolerance", "max_iterations"}),
    (ig.influence_passivity, RankParameters, {"tolerance", "max_iterations"}),
    (ig.activity, RankParameters, {"window"}),
    (ig.reach_of_all, RankParameters, {"model", "quality", "rr_sets", "seed"}),
    (ig.spread, ReachParameters, {"model", "quality", "simulations", "seed", "deadline"}),
    (ig.exact_spread, ReachParameters, {"model", "quality", "deadline"}),
    (
        ig.maximize,
        SeedsParameters,
        {"model", "epsilon", "delta", "quality", "costs", "budget", "exclude", "seed"}
        | {"won", "target", "ratio", "time_limit", "memory_limit"},
    ),
    (ig.celf, SeedsParameters, {"model", "quality", "seed"}),
    (ig.learn, LearnParameters, {"method", "window", "prior"}),
    (ig.learn_probabilities, LearnParameters, {"method", "window", "prior"}),
    (ig.credit, LearnParameters, {"window"}),
    (ig.evaluate_learning, LearnParameters, {"window"}),
    (actions_of, LearnParameters, {"item"}),
]


@pytest.mark.parametrize(("function", "parameters", "names"), FUNCTIONS, ids=lambda each: getattr(each, "__name__", ""))
def test_the_defaults_of_a_function_are_those_of_its_parameters(function, parameters, names):
    defaults = {each.name: each.default for each in fields(parameters)}
    given = {
        name: each.default
        for name, each in signature(function).parameters.items()
        if name in defaults and each.default is not Parameter.empty
    }
    assert given == {name: defaults[name] for name in names}


def test_an_estimate_takes_the_options_of_the_run_with_their_defaults():
    run = signature(ig.maximize).parameters
    options = {each.name: each.default for each in fields(Options)}
    assert {name: run[name].default for name in options} == {**options, "k": Parameter.empty}
    unused = {"graph", "k", "seed", "time_limit", "progress", "kept"}
    assert NamedOptions.__annotations__.keys() == run.keys() - unused
