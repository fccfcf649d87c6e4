"""Splitting a log into cascades to learn from and held-out cascades, and evaluating probabilities on the latter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize_scalar

from influence_graph.analyses.checks import require
from influence_graph.analyses.learning.log import in_edges_of
from influence_graph.errors import InputError
from influence_graph.kernels.learning import held_out as kernel
from influence_graph.kernels.learning.credit import direct

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.analyses.learning.log import ActionLog
    from influence_graph.model.graph import Graph

FLOOR = 1e-6  # P(act) is held within [FLOOR, 1 - FLOOR]: an event called impossible costs log(1e6) = 13.8
SPLITS = ("random", "temporal", "folds")


def split_log(log: ActionLog, train: float, split: str, generator: np.random.Generator) -> tuple[ActionLog, ActionLog]:
    """Return the cascades to learn from and those held out; see :func:`evaluate_learning` for the splits."""
    cascades = log.items.size
    kept = round(train * cascades)
    if not 0 < kept < cascades:
        message = (
            f"train={train} of {cascades} cascades leaves {kept} to learn from and {cascades - kept} to evaluate on"
        )
        raise InputError(message, remedy="log more items, or choose another share")
    if split == "random":
        order = generator.permutation(cascades)
        return log.subset(np.sort(order[:kept])), log.subset(np.sort(order[kept:]))
    begin = log.times[log.offsets[:-1]]
    require(begin.min() < begin.max(), "split", "'temporal'", "'random' where all cascades begin at the same time",
            "give times on one clock")  # fmt: skip
    order = np.argsort(begin, kind="stable")
    return log.subset(np.sort(order[:kept]), before=float(begin[order[kept]])), log.subset(np.sort(order[kept:]))


def folds_of(log: ActionLog, train: float, generator: np.random.Generator) -> Iterator[tuple[ActionLog, ActionLog]]:
    """Yield the cascades to learn from and those held out, each cascade held out once (cross-validation)."""
    cascades = log.items.size
    number = round(1 / (1 - train))
    within = 2 <= number <= cascades
    limit = f"such that 1/(1 - train) is from 2 to the {cascades} cascades"
    require(within, "train", train, limit, "use 0.8 for five folds, and log more items")
    order = generator.permutation(cascades)
    for part in np.array_split(order, number):
        yield log.subset(np.setdiff1d(order, part)), log.subset(np.sort(part))


@dataclass(frozen=True, eq=False)
class Figures:
    """How well one set of probabilities predicted; each array has one row per held-out cascade.

    Attributes:
        likelihood: Σ log P, exposed users, those who acted, those who acted at P = 0.
        next_actor: Σ AUC, events.
        size: Predicted and actual number of users.
    """

    likelihood: NDArray[np.float64]
    next_actor: NDArray[np.float64]
    size: NDArray[np.float64]

    def joined(self, other: Figures) -> Figures:
        """Return the figures of these cascades and of those of *other*."""
        return Figures(
            np.concatenate([self.likelihood, other.likelihood]),
            np.concatenate([self.next_actor, other.next_actor]),
            np.concatenate([self.size, other.size]),
        )

    def values(self, times: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return mean log-likelihood, AUC and RMSE (columns); each row of *times* is how often each cascade counts.

        NaN where a row has no exposed user, or no event.
        """
        likelihood, auc = times @ self.likelihood[:, :2], times @ self.next_actor
        squares = times @ (self.size[:, 0] - self.size[:, 1]) ** 2
        return np.column_stack([_ratio(likelihood), _ratio(auc), np.sqrt(squares / times.sum(axis=1))])


def _ratio(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    empty = np.full(len(sums), np.nan)
    quotient: NDArray[np.float64] = np.divide(sums[:, 0], sums[:, 1], out=empty, where=sums[:, 1] > 0)
    return quotient


@dataclass(frozen=True, eq=False)
class Evaluation:
    """The held-out cascades of a graph, and the evaluation of predictions on them."""

    graph: Graph
    log: ActionLog
    window: float
    simulations: int
    initiators: tuple[NDArray[np.int64], NDArray[np.int64]]

    def figures(self, p: NDArray[np.float64], tau: NDArray[np.float64] | None, seed: int) -> Figures:
        """Return what the probabilities *p*, decaying with the mean delays *tau* if given, predict."""
        rows = self.graph.indptr, self.graph.indices
        delay = np.full(p.size, np.inf) if tau is None else tau
        likelihood = kernel.likelihood(*self.log.arrays, *rows, p, self.window, FLOOR)
        ranked = kernel.next_actor(*self.log.arrays, *rows, p, delay)
        generator = np.random.default_rng(seed)
        predicted = kernel.mean_sizes(*self.initiators, *rows, p, self.simulations, generator)
        return Figures(likelihood, ranked, np.column_stack([predicted, np.diff(self.log.offsets)]))


def initiators_of(graph: Graph, log: ActionLog, window: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the users of each cascade whom no in-neighbor preceded, as offsets and node indices."""
    parents = np.diff(direct(log.arrays, in_edges_of(graph), window).start)
    first = parents == 0
    owner = np.repeat(np.arange(log.items.size), np.diff(log.offsets))
    ends = np.cumsum(np.bincount(owner[first], minlength=log.items.size))
    return np.concatenate([[0], ends]).astype(np.int64), log.users[first]


def best_uniform(graph: Graph, log: ActionLog, window: float) -> float:
    """Return the probability that, the same on all edges, makes *log* most likely."""

    def loss(log_p: float) -> float:
        p = np.full(graph.indices.size, np.exp(log_p))
        return -float(kernel.likelihood(*log.arrays, graph.indptr, graph.indices, p, window, FLOOR)[:, 0].sum())

    bounds = np.log(FLOOR), np.log(0.999)
    return float(np.exp(minimize_scalar(loss, bounds=bounds, method="bounded", options={"xatol": 1e-3}).x))
