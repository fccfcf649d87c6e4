"""From what the caller asks to a :class:`Problem` and a :class:`Stop`: all input is checked here."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from influence_graph.analyses import checks
from influence_graph.analyses.diffusion.process import require_model
from influence_graph.analyses.maximize.problem import Problem, Stop
from influence_graph.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.model.graph import Graph

Nodes = Iterable[str | tuple[str, str]]
Values = Mapping[str, float] | np.ndarray

_SMALLEST_MEMORY = 1 << 20


@dataclass(frozen=True, eq=False)
class Options:
    """What `maximize` was asked for, but for when to stop; see there."""

    k: int | None
    model: str
    quality: float | None
    costs: Values | None
    budget: float | None
    exclude: tuple[str | tuple[str, str], ...]
    won: tuple[str | tuple[str, str], ...]
    target: Values | None


def listed(nodes: Nodes) -> tuple[str | tuple[str, str], ...]:
    """Return the ids as a tuple, which can be read twice; one text in place of several is refused."""
    if isinstance(nodes, str):
        raise InputError(f"the ids are the text {nodes!r}", remedy=f"pass a list: [{nodes!r}]")
    return tuple(nodes)


def problem_of(graph: Graph, options: Options) -> Problem:
    """Return the problem, or refuse it in one line."""
    from influence_graph.kernels import rr_sets

    checks.require_nodes(graph, "pick seeds from")
    require_model(graph, options.model, options.quality)
    allowed = np.ones(graph.number_of_nodes, np.bool_)
    won = checks.nodes_of(graph, options.won)
    allowed[won] = False
    allowed[checks.nodes_of(graph, options.exclude)] = False
    costs, budget = _money(graph, options, allowed)
    k = _size(options.k, allowed, costs, budget)
    target = None if options.target is None else _target(graph, options.target)
    quality = 1.0 if options.quality is None else float(options.quality)
    reverse = rr_sets.reverse_of(graph.indptr, graph.indices, graph.edge_weights())
    return Problem(reverse, options.model, quality, target, allowed, won, k, costs, budget)


def require_size(k: int, allowed: int) -> None:
    """Refuse a number of seeds that is no whole number, below 1, or above the nodes that may be picked."""
    whole = isinstance(k, int | np.integer) and not isinstance(k, bool) and k >= 1
    checks.require(whole, "k", k, "a whole number of 1 or more", "use 10")
    checks.require(k <= allowed, "k", k, f"at most {allowed:,}, the nodes that may be seeds", "ask for fewer seeds")


def stop_of(  # noqa: PLR0913 - one argument per field
    epsilon: float,
    delta: float | None,
    ratio: float | None,
    time_limit: float | None,
    memory_limit: int,
    threads: int | None,
    nodes: int,
) -> Stop:
    """Return when to stop, or refuse a limit; *delta* None is 1/nodes, but at most 1/2."""
    risk = min(1.0 / nodes, 0.5) if delta is None else delta
    least = f"{_SMALLEST_MEMORY:,} bytes or more"
    for within, name, value, limit, remedy in (
        (0 < epsilon < 1, "epsilon", epsilon, "above 0 and below 1", "use 0.1"),
        (0 < risk < 1, "delta", delta, "above 0 and below 1", "leave it out for 1/nodes"),
        (ratio is None or 0 < ratio < 1, "ratio", ratio, "above 0 and below 1", "use 0.8"),
        (time_limit is None or time_limit > 0, "time_limit", time_limit, "above 0 seconds", "leave it out for none"),
        (memory_limit >= _SMALLEST_MEMORY, "memory_limit", memory_limit, least, "use 2 << 30 for 2 GiB"),
        (threads is None or threads >= 1, "threads", threads, "1 or more", "leave it out to use all processors"),
    ):
        checks.require(within, name, value, limit, remedy)
    return Stop(epsilon, risk, ratio, time_limit, int(memory_limit), threads or os.cpu_count() or 1)


def _money(
    graph: Graph, options: Options, allowed: NDArray[np.bool_]
) -> tuple[NDArray[np.float64] | None, float | None]:
    """Return costs and budget, both None where there is no budget."""
    budget = options.budget
    if budget is None:
        if options.costs is not None:
            raise InputError("costs are given, but no budget", remedy="give a budget")
        return None, None
    checks.require(0 < budget < np.inf, "budget", budget, "above 0", "give what all seeds may cost together")
    if options.costs is None:
        costs = np.ones(graph.number_of_nodes)
    else:
        costs = checks.values_of(graph, options.costs, "costs", 1.0)
    free = np.flatnonzero(costs <= 0)
    if free.size:
        message = f"the cost of {graph.ids[free[0]]!r} is {costs[free[0]]:g}, must be above 0"
        raise InputError(message, remedy="name free seeds as won")
    if allowed.any() and costs[allowed].min() > budget:
        least = costs[allowed].min()
        raise InputError(f"budget is {budget:g}, the cheapest node costs {least:g}", remedy="raise the budget")
    return costs, float(budget)


def _size(k: int | None, allowed: NDArray[np.bool_], costs: NDArray[np.float64] | None, budget: float | None) -> int:
    """Return the most seeds: *k*, and no more than the budget buys of the cheapest."""
    count = int(allowed.sum())
    if k is not None:
        require_size(k, count)
    if costs is None or budget is None:
        if k is None:
            raise InputError("neither k nor a budget is given", remedy="say how many seeds: k=10")
        return int(k)
    checks.require(count >= 1, "the number of nodes that may be seeds", count, "1 or more", "exclude fewer")
    affordable = int(np.searchsorted(np.cumsum(np.sort(costs[allowed])), budget * (1 + 1e-12), side="right"))
    return max(1, affordable if k is None else min(int(k), affordable))


def _target(graph: Graph, given: Values) -> NDArray[np.float64]:
    values = checks.values_of(graph, given, "target", 0.0)
    if not values.any():
        raise InputError("the target weights are all 0: no reach counts", remedy="give at least one node a weight")
    return values
