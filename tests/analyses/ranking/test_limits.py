import math
from types import SimpleNamespace

import numpy as np
import pytest

from influence_graph.analyses.ranking.limits import require_iteration, results_of
from influence_graph.errors import InputError, NotConverged
from influence_graph.model.graph import Graph

GRAPH = Graph.from_edges(["a"], ["b"])


def solution(error):
    return SimpleNamespace(iterations=7, residual=1e-3, error=error)


@pytest.mark.parametrize("tolerance", [0, -1e-9, math.inf, math.nan, None, "1", True])
def test_a_tolerance_that_no_iteration_can_reach_is_refused(tolerance):
    with pytest.raises(InputError, match=r"tolerance is .*, must be above 0; use 1e-10"):
        require_iteration(tolerance, 10)


@pytest.mark.parametrize("passes", [0, -1, 1.0, None, True])
def test_passes_are_counted_from_one(passes):
    with pytest.raises(InputError, match=r"max_iterations is .*, must be a whole number of 1 or more"):
        require_iteration(1e-10, passes)


def test_an_estimated_error_is_no_proven_bound():
    found = results_of(GRAPH, solution(1e-11), 1e-10, 50)(np.array([0.4, 0.6]))
    assert (found.iterations, found.residual, found.converged) == (7, 1e-3, True)
    assert found.error_bound == math.inf
    assert found.parameters == {"tolerance": 1e-10, "max_iterations": 50}
    assert found.digest == GRAPH.digest


def test_above_the_tolerance_there_is_no_result():
    with pytest.raises(NotConverged, match=r"estimated error 0.01 \(residual 0.001\) after 7 passes, above .* 1e-10"):
        results_of(GRAPH, solution(1e-2), 1e-10, 50)
