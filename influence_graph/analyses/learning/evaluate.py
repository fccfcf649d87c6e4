"""How well learned probabilities predict cascades that they were not learned from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from influence_graph.analyses.checks import is_number, is_whole, require, require_nodes, seed_of
from influence_graph.analyses.learning.held_out import (
    SPLITS,
    Evaluation,
    Figures,
    best_uniform,
    folds_of,
    initiators_of,
    split_log,
)
from influence_graph.analyses.learning.learn import METHODS, check_method, learn
from influence_graph.analyses.learning.log import ActionLog, ordered_log, window_seconds
from influence_graph.analyses.learning.priors import Prior, check_prior
from influence_graph.model.frames import Frame
from influence_graph.model.parameters import LearnParameters

if TYPE_CHECKING:
    from datetime import timedelta

    from numpy.typing import NDArray

    from influence_graph.model.graph import Graph

BASELINES = ("uniform", "weighted_cascade")
FIGURES = ("log_likelihood", "auc", "rmse")
_WORLD = 0  # seed of the simulations: the same coins for every method
_BETTER = (1, 1, -1)  # whether more or less of each figure is better


@dataclass(frozen=True)
class HeldOut:
    """What :func:`evaluate_learning` compares, and how cascades are held out and evaluated.

    Attributes:
        priors: Priors of :func:`~influence_graph.analyses.learning.learn.learn`, each tried with each method.
        split: ``"random"``: cascades drawn at random. ``"temporal"``: the earliest begun, of which only what
            happened before the first held-out cascade began; needs times on one clock. ``"folds"``: cross-validation
            in 1/(1 - train) parts, each cascade held out once and all figures pooled: the steadiest, and as many
            times as long.
        simulations: Independent cascades per held-out cascade behind its predicted size.
        resamples: Bootstrap resamples of the held-out cascades behind the intervals.
    """

    priors: Sequence[Prior] = (None, "global", "target")
    split: str = "random"
    simulations: int = 100
    resamples: int = 1000

    def check(self) -> None:
        """Raise InputError where a value is out of its limits."""
        several = isinstance(self.priors, Sequence) and not isinstance(self.priors, str)
        require(several, "priors", repr(self.priors), "several", "give a list such as [None, 'global']")
        for prior in self.priors:
            check_prior(prior)
        require(self.split in SPLITS, "split", repr(self.split), " or ".join(SPLITS), "use 'random'")
        for name, value, usual in (("simulations", self.simulations, 100), ("resamples", self.resamples, 1000)):
            require(is_whole(value) and value >= 1, name, value, "a whole number of 1 or more", f"use {usual}")


def evaluate_learning(  # noqa: PLR0913 - what most calls vary; the rest is in options
    graph: Graph,
    actions: Frame,
    methods: Sequence[str] = METHODS,
    *,
    train: float = 0.8,
    window: float | timedelta | None = LearnParameters.window,
    seed: int | np.random.Generator | None = None,
    options: HeldOut = HeldOut(),
) -> pd.DataFrame:
    """Learn on some cascades of a log and return how well each method predicts the others.

    A cascade is the actions on one item. Baselines: ``uniform``, one probability for all edges, the one that makes
    the training cascades most likely; ``weighted_cascade``, 1/in-degree (Kempe, Kleinberg, Tardos 2003).
    A user is *exposed* in a cascade once an in-neighbor has acted; the action of a user who
    is not (an initiator) is not predicted from edges, but taken as given. For each method and prior:

    - ``log_likelihood``: mean over exposed users and cascades of log P where the user acted and log(1 - P) where
      not, P = 1 - Π(1 - p_vu) over the in-neighbors v who acted before u (if u never acted: who acted at all), as
      in Saito, Nakano, Kimura 2008, https://doi.org/10.1007/978-3-540-85567-5_9; P is held within 1e-6 of 0 and
      1. ``total``: its sum, over ``exposed``; ``acted`` of them; ``impossible``: acted though P was 0.
    - ``auc``: of who acts next. Each action of an exposed user is an event, candidates are all users exposed (any
      time before, whatever the window) and not active at that time, the score is P at that time (decaying by the
      mean delay for ``time_decay``); the AUC is the share of the other candidates scored lower, ties half; mean
      over all ``events``.
    - ``rmse``: of the number of users who act, predicted by the mean of independent cascades from the initiators.

    Each figure has its 95 % interval ``_low, _high`` by the bootstrap over held-out cascades (Efron 1979); its
    ``_gain``, above 0 where better, is the difference to the better of the two baselines, with the interval of the
    paired difference from the same resamples.

    Args:
        graph: Edges ``v -> u`` along which actions of v may move u; weights are not used.
        actions: As for :func:`~influence_graph.analyses.learning.learn.learn`.
        methods: Methods of :func:`~influence_graph.analyses.learning.learn.learn`.
        train: Share of the cascades to learn from, above 0 and below 1.
        window: Longest wait that counts as influence, in seconds (or a timedelta); default: any.
        seed: Of the split and the bootstrap; the coins of the simulated cascades are the same for every method.
        options: Priors, kind of split, simulations and resamples.

    Returns:
        One row per method and prior, the baselines first; ``attrs`` counts the cascades to learn from (of
        the first fold), those held out, and the actions read and left out.

    Raises:
        InputError: As for ``learn``; or a parameter is out of limits, or too few cascades are there to split.
    """
    require_nodes(graph, "learn on")
    several = isinstance(methods, Iterable) and not isinstance(methods, str)
    require(several, "methods", repr(methods), f"several of {', '.join(METHODS)}", "give a list such as ['bernoulli']")
    methods = list(methods)
    for method in methods:
        check_method(method)
    require(is_number(train) and 0 < train < 1, "train", train, "above 0 and below 1", "use 0.8")
    require(isinstance(options, HeldOut), "options", repr(options), "a HeldOut", "leave it out")
    options.check()
    wait = window_seconds(window)
    generator = np.random.default_rng(seed_of(seed))
    log = ordered_log(graph, actions)
    if options.split == "folds":
        parts = list(folds_of(log, train, generator))
    else:
        parts = [split_log(log, train, options.split, generator)]
    evaluated = _evaluated(graph, parts, wait, methods, options)
    held_out = sum(part.items.size for _, part in parts)
    times = _resamples(held_out, options.resamples, np.random.default_rng(generator.integers(2**63)))
    values = {name: figures.values(times) for name, figures in evaluated.items()}
    baselines = [values[name, "none"] for name in BASELINES]
    rows = [
        {"method": name[0], "prior": name[1], **_row(evaluated[name], values[name], _gains(values[name], baselines))}
        for name in evaluated
    ]
    frame = pd.DataFrame(rows)
    frame.attrs.update(cascades_train=int(parts[0][0].items.size), cascades_held_out=held_out, log=log.counts())
    return frame


def _evaluated(
    graph: Graph, parts: Sequence[tuple[ActionLog, ActionLog]], window: float, methods: Sequence[str], options: HeldOut
) -> dict[tuple[str, str], Figures]:
    """Return the figures of each method and prior on the held-out cascades of all *parts*."""
    chosen = list(dict.fromkeys((method, prior) for method in methods for prior in options.priors))
    evaluated: dict[tuple[str, str], Figures] = {}
    for known, held_out in parts:
        evaluation = Evaluation(graph, held_out, window, options.simulations, initiators_of(graph, held_out, window))
        for method, prior, p, tau in _candidates(graph, known, window, chosen):
            name, figures = (method, "none" if prior is None else str(prior)), evaluation.figures(p, tau, _WORLD)
            evaluated[name] = evaluated[name].joined(figures) if name in evaluated else figures
    return evaluated


def _candidates(
    graph: Graph, train: ActionLog, window: float, chosen: Sequence[tuple[str, Prior]]
) -> Iterator[tuple[str, Prior, NDArray[np.float64], NDArray[np.float64] | None]]:
    """Yield method, prior, probabilities and mean delays (where they count): the baselines, then those chosen."""
    yield "uniform", None, np.full(graph.indices.size, best_uniform(graph, train, window)), None
    degree = np.bincount(graph.indices, minlength=graph.number_of_nodes)
    yield "weighted_cascade", None, 1.0 / degree[graph.indices], None
    for method, prior in chosen:
        learned = learn(graph, train, method, window=None if np.isinf(window) else window, prior=prior)
        tau = _delays(learned.mean_delay) if method == "time_decay" else None
        yield method, prior, learned.graph.edge_weights(), tau


def _delays(mean_delay: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean delays, the mean of all edges where an edge has none (∞ where none has)."""
    known = ~np.isnan(mean_delay)
    return np.where(known, mean_delay, mean_delay[known].mean() if known.any() else np.inf)


def _resamples(cascades: int, number: int, generator: np.random.Generator) -> NDArray[np.int64]:
    """Return how often each cascade counts: once in the first row, as drawn with replacement in the others."""
    drawn = generator.multinomial(cascades, np.full(cascades, 1 / cascades), size=number)
    return np.vstack([np.ones(cascades, dtype=np.int64), drawn])


def _gains(values: NDArray[np.float64], baselines: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Return how much better *values* are than the better baseline, which is chosen on all held-out cascades."""
    gains = np.empty_like(values)
    for column, sign in enumerate(_BETTER):
        best = max(baselines, key=lambda base: sign * np.nan_to_num(base[0, column], nan=-sign * np.inf))
        gains[:, column] = sign * (values[:, column] - best[:, column])
    return gains


def _row(figures: Figures, values: NDArray[np.float64], gains: NDArray[np.float64]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for column, name in enumerate(FIGURES):
        for label, figure in ((name, values), (f"{name}_gain", gains)):
            row[label] = figure[0, column]
            row[f"{label}_low"], row[f"{label}_high"] = _interval(figure[1:, column])
    total, exposed, acted, impossible = figures.likelihood.sum(axis=0)
    counts = {"exposed": exposed, "acted": acted, "impossible": impossible, "events": figures.next_actor[:, 1].sum()}
    return {**row, "total": total, **{name: int(count) for name, count in counts.items()}}


def _interval(values: NDArray[np.float64]) -> tuple[float, float]:
    known = values[~np.isnan(values)]  # a resample of cascades without any event has no AUC
    if not known.size:
        return np.nan, np.nan
    low, high = np.quantile(known, [0.025, 0.975])
    return float(low), float(high)
