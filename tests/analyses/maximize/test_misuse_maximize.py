"""What callers get wrong with the choice of seeds: a line each, and results that print and store as they should."""

import json

import numpy as np
import pytest

from influence_graph.analyses.maximize.celf import celf
from influence_graph.analyses.maximize.estimate import estimate_maximize
from influence_graph.analyses.maximize.maximize import maximize
from influence_graph.analyses.maximize.repair import repair
from influence_graph.errors import InputError
from influence_graph.model.graph import Graph

GRAPH = Graph.from_edges(["a", "a", "b"], ["b", "c", "c"], [0.5, 0.2, 0.3])
CHANGED = Graph.from_edges(["a", "a", "b"], ["b", "c", "c"], [0.5, 0.2, 0.4])
LABELED = Graph.from_arrays(
    ["x", "x", "y"], np.array([0, 1]), np.array([1, 2]), np.array([0.5, 0.5]), labels=["Person", "Brand", "Person"]
)
HUGE = np.full(3, 1e308)


@pytest.fixture(scope="module")
def kept():
    return maximize(GRAPH, 1, seed=1).kept


def require_refused(call, message):
    with pytest.raises(InputError, match=message) as caught:
        call()
    assert "\n" not in str(caught.value)
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"k": True}, "k is True, must be a whole number of 1 or more"),
        ({"k": 1.5}, "k is 1.5, must be a whole number of 1 or more"),
        ({"k": "3"}, "k is 3, must be a whole number of 1 or more"),
        ({"epsilon": "x"}, "epsilon is x, must be above 0 and below 1"),
        ({"epsilon": None}, "epsilon is None, must be above 0 and below 1"),
        ({"delta": "x"}, "delta is x, must be above 0 and below 1"),
        ({"delta": 5e-324}, "delta is 5e-324, must be 1e-300 or more"),
        ({"ratio": "x"}, "ratio is x, must be above 0 and below 1"),
        ({"budget": "x"}, "budget is x, must be above 0"),
        ({"budget": True}, "budget is True, must be above 0"),
        ({"budget": 10**400}, r"budget is 1000.*, must be above 0 and at most 1e\+200"),
        ({"budget": 1.0, "costs": {"a": "x"}}, "the values of costs are no numbers"),
        ({"budget": 1e200, "costs": HUGE}, r"a cost is 1e\+308, must be from 1e-100 to 1e\+100"),
        ({"budget": 1.0, "costs": {"a": 5e-324}}, "a cost is .*e-324, must be from 1e-100"),
        ({"memory_limit": "x"}, "memory_limit is x, must be 1,048,576 bytes or more"),
        ({"memory_limit": np.inf}, r"memory_limit is inf, must be .* at most 2\^60"),
        ({"memory_limit": np.nan}, "memory_limit is nan, must be 1,048,576 bytes or more"),
        ({"exclude": None}, "exclude is None, must be several ids; leave it out for none"),
        ({"exclude": 5}, r"exclude is 5, must be several ids; pass a list: \[5\]"),
        ({"won": 5}, r"won is 5, must be several ids; pass a list: \[5\]"),
        ({"won": "a"}, r"won is 'a', must be several ids; pass a list: \['a'\]"),
        ({"target": HUGE}, r"the largest target is 1e\+308, must be at most 1e\+100"),
        ({"target": {}}, "the target weights are all 0"),
        ({"target": "x"}, "the values of target are no numbers"),
        ({"threads": 1.5}, "threads is 1.5, must be a whole number of 1 or more"),
        ({"threads": True}, "threads is True, must be a whole number of 1 or more"),
        ({"threads": "x"}, "threads is x, must be a whole number of 1 or more"),
    ],
)
def test_maximize_and_its_estimate_refuse_the_same_misuse(arguments, message):
    for function in (maximize, estimate_maximize):
        require_refused(lambda function=function: function(GRAPH, **{"k": 1, **arguments}), message)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"time_limit": "x"}, "time_limit is x, must be above 0 seconds"),
        ({"time_limit": True}, "time_limit is True, must be above 0 seconds"),
        ({"time_limit": -(10**400)}, "time_limit is -1000.*, must be above 0 seconds"),
        ({"kept": "x"}, "kept is of type str, must be the KeptSets of a run; pass"),
    ],
)
def test_maximize_refuses_a_bad_time_and_sets_of_no_run(arguments, message):
    require_refused(lambda: maximize(GRAPH, 1, **arguments), message)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"k": None}, "k is None, must be a whole number of 1 or more"),
        ({"k": True}, "k is True, must be a whole number of 1 or more"),
        ({"k": "3"}, "k is 3, must be a whole number of 1 or more"),
        ({"simulations": 1.5}, "simulations is 1.5, must be a whole number from 1 to"),
        ({"simulations": True}, "simulations is True, must be a whole number from 1 to"),
        ({"simulations": "x"}, "simulations is x, must be a whole number from 1 to"),
        ({"simulations": 10**400}, "simulations is 1000.*, must be a whole number from 1 to"),
        ({"time_limit": "x"}, "time_limit is x, must be above 0 seconds"),
        ({"time_limit": np.nan}, "time_limit is nan, must be above 0 seconds"),
        ({"exclude": None}, "exclude is None, must be several ids; leave it out for none"),
        ({"exclude": 5}, r"exclude is 5, must be several ids; pass a list: \[5\]"),
        ({"target": {}}, "the target weights are all 0"),
        ({"target": np.zeros(3)}, "the target weights are all 0"),
        ({"target": HUGE}, r"the largest target is 1e\+308, must be at most"),
    ],
)
def test_celf_refuses_misuse_in_one_line(arguments, message):
    require_refused(lambda: celf(GRAPH, **{"k": 1, "simulations": 10, **arguments}), message)


@pytest.mark.parametrize("threads", [0, -1, 1.5, True, np.nan, "x"])
@pytest.mark.parametrize("graph", [GRAPH, CHANGED])
def test_repair_refuses_threads_that_are_no_count_whether_or_not_the_graph_changed(kept, graph, threads):
    require_refused(lambda: repair(kept, graph, threads), f"threads is {threads}, must be a whole number of 1 or more")


def test_repair_takes_the_sets_of_a_run_and_a_graph(kept):
    require_refused(lambda: repair("x", GRAPH), "kept is of type str, must be the KeptSets of a run")
    require_refused(lambda: repair(maximize(GRAPH, 1, seed=1), GRAPH), "kept is of type Seeds, must be the KeptSets")
    require_refused(lambda: repair(kept, None), "the graph is of type NoneType, must be")


def test_parameters_are_json_values_whatever_the_types_of_the_arguments():
    single = np.float32(0.25)
    counts = {"k": np.int64(1), "seed": np.int64(3), "quality": single, "model": "ic-n", "target": np.ones(3)}
    shares = {"epsilon": single, "delta": single, "ratio": single, "budget": np.float32(2), "time_limit": np.float32(9)}
    found = maximize(GRAPH, **counts, **shares, memory_limit=np.int64(1 << 21), costs=np.ones(3))
    assert json.loads(json.dumps(found.parameters)) == found.parameters
    slow = celf(GRAPH, **counts, simulations=np.int64(10))
    assert json.loads(json.dumps(slow.parameters)) == slow.parameters
    assert (type(slow.simulations), type(slow.evaluations)) == (int, int)


def test_no_limit_of_time_is_recorded_for_an_infinite_one():
    for endless in (np.inf, 10**400):
        assert maximize(GRAPH, 1, seed=1, time_limit=endless).parameters["time_limit"] is None


def test_nodes_that_share_an_id_are_distinguished_by_label_in_frames_and_parameters():
    found = maximize(LABELED, 1, seed=1, won=[("Brand", "x")], exclude=["y"])
    assert found.parameters["won"] == [["Brand", "x"]]
    assert found.parameters["exclude"] == [["Person", "y"]]
    slow = celf(LABELED, 1, simulations=50, seed=1, exclude=[("Person", "x")])
    assert slow.parameters["exclude"] == [["Person", "x"]]
    assert slow.to_frame()[["id", "label"]].to_numpy().tolist() == [["x", "Brand"]]
    assert "label" not in celf(GRAPH, 1, simulations=50, seed=1).to_frame()


def test_results_print_in_a_line_without_their_arrays(kept):
    found = maximize(GRAPH, 2, seed=1, target=np.ones(3), won=["c"])
    for result in (found, found.kept, kept, celf(GRAPH, 2, simulations=50, seed=1)):
        assert "array" not in repr(result)
        assert "\n" not in repr(result)
        assert len(repr(result)) < 400
