"""The options of a choice of seeds, checked: they become a :class:`Problem` and a :class:`Stop`."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict

import numpy as np

from influence_graph.analyses import checks
from influence_graph.analyses.diffusion.process import require_model, target_of
from influence_graph.analyses.maximize.problem import Problem, Stop
from influence_graph.errors import InputError
from influence_graph.kernels.maximize import rr_sets
from influence_graph.model.parameters import SeedsParameters

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.model.graph import Graph

Nodes = Iterable[str | tuple[str, str]]
Values = checks.NodeValues

_MEMORY = (1 << 20, 1 << 60)  # least and most bytes
_MIN_DELTA = 1e-300  # a share of it is still a number above 0
_COSTS = (1e-100, 1e100)  # least and most: their sums, and counts divided by them, are finite
_MAX_BUDGET = 1e200


class NamedOptions(TypedDict, total=False):
    """The options of a choice of seeds that change what it needs, as keyword arguments; see ``ig.maximize``."""

    model: str
    epsilon: float
    delta: float | None
    quality: float | None
    costs: Values | None
    budget: float | None
    exclude: Nodes
    won: Nodes
    target: Values | None
    ratio: float | None
    memory_limit: int
    threads: int | None


@dataclass(frozen=True, eq=False)
class Options:
    """All options of a choice of seeds with their defaults, not yet checked; see ``ig.maximize``."""

    k: int | None
    model: str = SeedsParameters.model
    epsilon: float = SeedsParameters.epsilon
    delta: float | None = SeedsParameters.delta
    quality: float | None = SeedsParameters.quality
    costs: Values | None = None
    budget: float | None = SeedsParameters.budget
    exclude: Nodes = SeedsParameters.exclude
    won: Nodes = SeedsParameters.won
    target: Values | None = None
    ratio: float | None = SeedsParameters.ratio
    time_limit: float | None = None
    memory_limit: int = SeedsParameters.memory_limit
    threads: int | None = None

    def __post_init__(self) -> None:
        for name in ("exclude", "won"):
            object.__setattr__(self, name, listed(getattr(self, name), name))


def listed(nodes: Nodes, name: str) -> tuple[str | tuple[str, str], ...]:
    """Return the ids as a tuple, which can be read twice; one id, or None, in place of several is refused."""
    if isinstance(nodes, str) or not isinstance(nodes, Iterable):
        remedy = "leave it out for none" if nodes is None else f"pass a list: [{nodes!r}]"
        raise InputError(f"{name} is {nodes!r}, must be several ids", remedy=remedy)
    return tuple(nodes)


def named(graph: Graph, nodes: NDArray[np.int64]) -> list[str] | list[list[str]]:
    """Return the id of each of *nodes* as JSON values: pairs [label, id] where the graph has labels."""
    ids = [str(name) for name in graph.ids[nodes]]
    if graph.labels is None:
        return ids
    return [[str(label), name] for label, name in zip(graph.labels[nodes], ids, strict=True)]


def problem_of(graph: Graph, options: Options) -> Problem:
    """Return the problem, or refuse it in one line."""
    checks.require_nodes(graph, "pick seeds from")
    require_model(graph, options.model, options.quality)
    allowed = np.ones(graph.number_of_nodes, np.bool_)
    won = checks.nodes_of(graph, options.won)
    allowed[won] = False
    allowed[checks.nodes_of(graph, options.exclude)] = False
    costs, budget = _costs_and_budget(graph, options, allowed)
    k = _size(options.k, allowed, costs, budget)
    target = None if options.target is None else weights_of(graph, options.target)
    quality = 1.0 if options.quality is None else float(options.quality)
    reverse = rr_sets.reverse_of(graph.indptr, graph.indices, graph.edge_weights())
    return Problem(reverse, options.model, quality, target, allowed, won, k, costs, budget)


def recorded(graph: Graph, options: Options, problem: Problem, stop: Stop) -> dict[str, Any]:
    """Return the options as JSON values, as a result keeps them."""
    return {
        "k": problem.k if options.k is None else int(options.k),
        "model": options.model,
        "quality": None if options.quality is None else problem.quality,
        "epsilon": stop.epsilon,
        "delta": stop.delta,
        "ratio": stop.ratio,
        "time_limit": stop.time_limit,
        "memory_limit": stop.memory_limit,
        "budget": problem.budget,
        "costs": None if options.costs is None or problem.costs is None else f"sum {problem.costs.sum():g}",
        "exclude": named(graph, checks.nodes_of(graph, options.exclude)),
        "won": named(graph, problem.won),
        "target": None if problem.target is None else f"sum {problem.target.sum():g}",
    }


def require_size(k: int | None, allowed: int) -> None:
    """Refuse a number of seeds that is no whole number, below 1, or above the nodes that may be picked."""
    checks.require(checks.is_whole(k) and k >= 1, "k", k, "a whole number of 1 or more", "use 10")
    within = checks.is_whole(k) and k <= allowed
    checks.require(within, "k", k, f"at most {allowed:,}, the nodes that may be seeds", "choose fewer seeds")


def stop_of(options: Options, nodes: int) -> Stop:
    """Return when to stop, or refuse a limit; ``delta`` None is 1/nodes, but at most 1/2."""
    delta, ratio, time_limit = options.delta, options.ratio, options.time_limit
    risk = min(1.0 / nodes, 0.5) if delta is None else _share("delta", delta, "leave it out for 1/nodes")
    checks.require(risk >= _MIN_DELTA, "delta", delta, f"{_MIN_DELTA:g} or more", "leave it out for 1/nodes")
    seconds = math.inf if time_limit is None else _number(time_limit)
    checks.require(seconds > 0, "time_limit", time_limit, "above 0 seconds", "leave it out for none")
    least, most = _MEMORY
    limit = f"{least:,} bytes or more, and at most 2^60"
    held = least <= _number(options.memory_limit) <= most
    checks.require(held, "memory_limit", options.memory_limit, limit, "use 2 << 30 for 2 GiB")
    return Stop(
        _share("epsilon", options.epsilon, f"use {SeedsParameters.epsilon:g}"),
        risk,
        None if ratio is None else _share("ratio", ratio, "use 0.8"),
        None if math.isinf(seconds) else seconds,
        int(options.memory_limit),
        checks.threads_of(options.threads),
    )


def _share(name: str, value: object, remedy: str) -> float:
    share = _number(value)
    checks.require(0 < share < 1, name, value, "above 0 and below 1", remedy)
    return share


def _number(value: object) -> float:
    """Return *value* as a float, which compares without overflow: nan for no number, ±inf for an int beyond floats."""
    if not checks.is_number(value):
        return math.nan
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _costs_and_budget(
    graph: Graph, options: Options, allowed: NDArray[np.bool_]
) -> tuple[NDArray[np.float64] | None, float | None]:
    """Return costs and budget, both None where there is no budget."""
    budget = options.budget
    if budget is None:
        if options.costs is not None:
            raise InputError("costs are given, but no budget", remedy="give a budget")
        return None, None
    most = _number(budget)
    limit = f"above 0 and at most {_MAX_BUDGET:g}"
    checks.require(0 < most <= _MAX_BUDGET, "budget", budget, limit, "give what all seeds may cost together")
    if options.costs is None:
        costs = np.ones(graph.number_of_nodes)
    else:
        costs = checks.values_of(graph, options.costs, "costs", 1.0)
    free = np.flatnonzero(costs <= 0)
    if free.size:
        message = f"the cost of {graph.ids[free[0]]!r} is {costs[free[0]]:g}, must be above 0"
        raise InputError(message, remedy="name seeds that cost nothing as won")
    for edge in (costs.min(), costs.max()):
        limit = f"from {_COSTS[0]:g} to {_COSTS[1]:g}"
        checks.require(_COSTS[0] <= edge <= _COSTS[1], "a cost", edge, limit, "count costs and budget in another unit")
    if allowed.any() and costs[allowed].min() > most:
        least = costs[allowed].min()
        raise InputError(f"budget is {most:g}, the cheapest node costs {least:g}", remedy="raise the budget")
    return costs, most


def _size(k: int | None, allowed: NDArray[np.bool_], costs: NDArray[np.float64] | None, budget: float | None) -> int:
    """Return the most seeds: *k*, and no more than the budget buys of the cheapest."""
    count = int(allowed.sum())
    if k is not None:
        require_size(k, count)
    if costs is None or budget is None:
        if k is None:
            raise InputError("neither k nor a budget is given", remedy="give the number of seeds: k=10")
        return int(k)
    checks.require(count >= 1, "the number of nodes that may be seeds", count, "1 or more", "exclude fewer")
    affordable = int(np.searchsorted(np.cumsum(np.sort(costs[allowed])), budget * (1 + 1e-12), side="right"))
    return max(1, affordable if k is None else min(int(k), affordable))


def weights_of(graph: Graph, target: Values) -> NDArray[np.float64]:
    """Return what each node counts, or refuse a *target* that is 0 everywhere."""
    values = target_of(graph, target)
    if not values.any():
        raise InputError("the target weights are all 0: no reach counts", remedy="give at least one node a weight")
    return values
