import re

import numpy as np
import pytest

from influence_graph.analyses.diffusion.process import process_of, require_model, target_of
from influence_graph.errors import InputError
from influence_graph.model.graph import Graph
from influence_graph.model.parameters import MODELS

GRAPH = Graph.from_edges(["a", "b"], ["b", "c"], [0.5, 0.5])
HEAVY = Graph.from_edges(["a", "b"], ["c", "c"], [0.9, 0.9])


def test_arguments_become_indices_rounds_and_values():
    process = process_of(GRAPH, ["c", "a"], "ic-n", 0.5, np.int64(3), {"b": 2.0})
    assert process.seeds.tolist() == [2, 0]
    assert process.deadline == 3
    assert process.target.tolist() == [0.0, 2.0, 0.0]
    assert process.parameters(GRAPH) == {
        "model": "ic-n",
        "quality": 0.5,
        "seeds": ["c", "a"],
        "deadline": 3,
        "target": "sum 2",
    }


def test_without_a_target_each_node_counts_1():
    process = process_of(GRAPH, ["a"], "ic", None, None, None)
    assert process.target is None
    assert process.parameters(GRAPH)["target"] is None


@pytest.mark.parametrize("model", MODELS)
def test_each_model_accepts_the_weights_that_it_can_use(model):
    require_model(GRAPH, model, 0.9 if model == "ic-n" else None)
    if model == "lt":
        with pytest.raises(InputError, match="linear threshold allows at most 1"):
            require_model(HEAVY, model, None)
    else:
        require_model(HEAVY, model, 0.9 if model == "ic-n" else None)


@pytest.mark.parametrize(
    ("model", "quality", "message"),
    [
        ("sir", None, "model is 'sir', must be one of ic, lt, ic-n"),
        ("ic", 0.9, "quality is 0.9, the model ic has none"),
        ("ic-n", None, "quality is None, must be above 0 and at most 1"),
        ("ic-n", 0.0, "quality is 0.0, must be above 0 and at most 1"),
        ("ic-n", 1.1, "quality is 1.1, must be above 0 and at most 1"),
    ],
)
def test_a_model_or_a_quality_that_does_not_fit_is_refused(model, quality, message):
    with pytest.raises(InputError, match=re.escape(message)):
        require_model(GRAPH, model, quality)


def test_no_seeds_no_spread():
    with pytest.raises(InputError, match="seeds is empty: nothing can spread"):
        process_of(GRAPH, [], "ic", None, None, None)


def test_targets_are_limited_so_that_sums_and_squares_are_finite():
    assert np.isfinite(target_of(GRAPH, np.full(3, 1e100)).sum() ** 2)
    with pytest.raises(InputError, match=re.escape("the largest target is 1.1e+100, must be at most 1e+100")):
        target_of(GRAPH, {"a": 1.1e100})
