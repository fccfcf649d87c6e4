"""Probabilities of edges from a dated log of actions, with their uncertainty."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
from scipy.special import betaincinv

from influence_graph.analyses.checks import require, require_nodes
from influence_graph.analyses.learning import priors
from influence_graph.analyses.learning.log import ActionLog, action_log, in_edges_of, require_order, window_seconds
from influence_graph.analyses.result import Displayed
from influence_graph.kernels.learning import action_log as kernel
from influence_graph.model import csr
from influence_graph.model.frames import Frame
from influence_graph.model.graph import Graph
from influence_graph.model.parameters import LearnParameters

if TYPE_CHECKING:
    from datetime import timedelta

    from numpy.typing import NDArray

    from influence_graph.kernels.learning.action_log import Counts

METHODS = ("bernoulli", "jaccard", "partial_credit", "time_decay")
_NORMAL = 1.959963984540054  # 97.5 % point of the standard normal

_SMALLEST = 1e-12  # below it SciPy's quantiles underflow to 2.2e-308, and no log tells a rate from 0


@dataclass(frozen=True, eq=False, repr=False)
class Learned(Displayed):
    """Probability of each edge, with what it rests on; arrays are in the order of ``graph.indices``.

    Attributes:
        graph: The nodes and edges that were given, directed, with the probability as weight.
        successes: A_v2u, or the sum of partial credit.
        trials: A_v, or A_u|v for ``jaccard``; 0 where the edge was never tried.
        mean_delay: Mean seconds from v's action to u's; NaN where u never followed.
        log: How many actions and items were used, what was left out, and how many pairs of linked actions on one item
            there are: ``pairs``, of which ``together`` at the same time and ``followed`` in the right order in time.
        parameters: The parameters, as JSON values; with an estimated prior its ``prior_strength`` in trials.
        digest: Digest of the graph that was given.
        interval: Gives ``low`` and ``high``, which take longer than the rates and are calculated when first read.
    """

    graph: Graph
    successes: NDArray[np.float64]
    trials: NDArray[np.float64]
    mean_delay: NDArray[np.float64]
    log: Mapping[str, int]
    parameters: Mapping[str, Any]
    digest: str
    interval: Callable[[], tuple[NDArray[np.float64], NDArray[np.float64]]]

    @cached_property
    def _ends(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        return self.interval()

    @property
    def low(self) -> NDArray[np.float64]:
        """Low end of the 95 % interval; see :func:`learn`."""
        return self._ends[0]

    @property
    def high(self) -> NDArray[np.float64]:
        """High end of the 95 % interval."""
        return self._ends[1]

    @property
    def std_error(self) -> NDArray[np.float64]:
        """Half width of the interval divided by 1.96: above 0 even where the rate is 0."""
        return (self.high - self.low) / (2 * _NORMAL)

    def to_frame(self) -> pd.DataFrame:
        """Return one row per edge, the most probable first.

        Columns source, target, probability, low, high, std_error, successes, trials and mean_delay (seconds).
        """
        columns = {"low": self.low, "high": self.high, "std_error": self.std_error, "successes": self.successes}
        graph = self.graph
        ends = {"source": graph.ids[csr.row_of_each(graph.indptr)], "target": graph.ids[graph.indices]}
        counts = {"trials": self.trials, "mean_delay": self.mean_delay}
        frame = pd.DataFrame({**ends, "probability": graph.edge_weights(), **columns, **counts})
        order = ["probability", "trials", "source", "target"]
        return frame.sort_values(order, ascending=[False, False, True, True], ignore_index=True)

    def likely(self) -> pa.Table:
        """Return one row per edge of a probability above 0, the most probable first; of equal ones, by trials.

        Columns source, target, probability, trials and mean_delay (seconds, null where u never followed).
        """
        graph, probability = self.graph, self.graph.edge_weights()
        order = np.lexsort((-self.trials, -probability))
        order = order[probability[order] > 0]
        ids = pa.array(graph.ids, pa.string())
        ends = (ids.take(pa.array(end[order])) for end in (csr.row_of_each(graph.indptr), graph.indices))
        numbers = [probability[order], self.trials[order], pa.array(self.mean_delay[order], from_pandas=True)]
        return pa.table([*ends, *numbers], ["source", "target", "probability", "trials", "mean_delay"])

    def _figures(self) -> Mapping[str, object]:
        tried = {"edges": self.trials.size, "tried": int(np.count_nonzero(self.trials))}
        return {**tried, "method": self.parameters["method"], "prior": self.parameters["prior"]}


def learn_probabilities(
    graph: Graph,
    actions: Frame,
    method: str = LearnParameters.method,
    *,
    window: float | timedelta | None = LearnParameters.window,
    prior: priors.Prior = LearnParameters.prior,
) -> Graph:
    """Return *graph* with the probability that was learned for each edge as its weight; see :func:`learn`.

    Example:
        >>> import pandas as pd
        >>> graph = Graph.from_edges(["june"], ["annie"])
        >>> did = pd.DataFrame({"user": ["june", "annie", "june"], "item": ["hat", "hat", "tea"], "time": [1, 5, 2]})
        >>> learn_probabilities(graph, did, prior=None).edge_weights()
        array([0.5])
    """
    return learn(graph, actions, method, window=window, prior=prior).graph


def learn(
    graph: Graph,
    actions: Frame | ActionLog,
    method: str = LearnParameters.method,
    *,
    window: float | timedelta | None = LearnParameters.window,
    prior: priors.Prior = LearnParameters.prior,
) -> Learned:
    """Learn the probability of each edge v -> u from who acted after whom, with intervals and counts.

    Goyal, Bonchi, Lakshmanan, WSDM 2010, https://doi.org/10.1145/1718487.1718518. With A_v the items on which v
    acted, A_v2u those on which u acted after v, and A_u|v those on which either acted:
    ``bernoulli`` A_v2u/A_v; ``jaccard`` A_v2u/A_u|v; ``partial_credit`` Σ 1/d / A_v, where d in-neighbors
    acted before u; ``time_decay`` p⁰ = A_v2u/A_v, meant to be used as p⁰·exp(-(t - t_v)/``mean_delay``).
    Users who act at the same time do not influence each other. The time is linear in the sum over actions of the
    in-degree.

    Args:
        graph: Edges ``v -> u`` along which actions of v may move u; weights are not used. The edges of an
            undirected graph get a probability each way.
        actions: Frame of any library with the columns user, item, time (seconds or datetimes). The first action of a
            user on an item counts; users outside the graph are left out; both are counted in ``log``.
        method: One of the four above.
        window: Longest wait that counts as influence, in seconds (or a timedelta); default: any.
        prior: Rates are shrunk, (successes + c·m)/(trials + c), with the central interval of the Beta posterior: a
            pair (successes, failures) to add to each edge, or the name of where the mean m comes from: ``"global"``,
            the default, the rate of all edges; ``"source"``, ``"target"`` that of the other edges of the same
            source or target, itself shrunk to the global; ``"both"`` the product of the two over the global.
            Strengths c are then estimated from the whole successes of all edges by maximum Beta-binomial likelihood.
            None: the bare rate, 0 where an edge was never tried, with Wilson's interval (0 to 1 where never tried).

    Raises:
        InputError: The graph is empty, no action is of one of its users, the log has a missing or unusable value, or
            more than 90 % of the pairs of linked actions on one item bear the same time (an undated log); a parameter
            is out of limits, or a prior is to be estimated where no edge was tried.
    """
    require_nodes(graph, "learn on")
    check_method(method)
    priors.check_prior(prior)
    wait = window_seconds(window)
    log = action_log(graph, actions)
    counts = kernel.count(log.arrays, in_edges_of(graph), wait)
    require_order(counts)
    rates = _rates(graph, log, counts, method)
    delay = np.divide(counts.delay, counts.after, out=np.full(counts.after.size, np.nan), where=counts.after > 0)
    parameters = {"method": method, "window": None if window is None else wait, "prior": prior}
    if prior is None:
        probability, interval = rates.successes / np.where(rates.trials > 0, rates.trials, 1.0), partial(_wilson, rates)
    else:
        beta = priors.beta(rates, prior)
        parameters["prior_strength"] = beta.strength
        a = rates.successes + beta.strength * beta.mean
        b = rates.trials - rates.successes + beta.strength * (1.0 - beta.mean)
        probability, interval = a / (a + b), partial(_central, a, b)
    weighted = Graph(graph.indptr, graph.indices, probability, graph.ids, graph.labels, True, graph.as_of)
    counted = rates.successes, rates.trials, delay
    of_pairs = {"pairs": counts.both, "together": counts.together, "followed": counts.after}
    used = {**log.counts(), **{name: int(values.sum()) for name, values in of_pairs.items()}}
    return Learned(weighted, *counted, used, parameters, graph.digest, interval)


def check_method(method: str) -> None:
    """Refuse a method that is not one of :data:`METHODS`."""
    require(method in METHODS, "method", repr(method), f"one of {', '.join(METHODS)}", "use 'partial_credit'")


def _rates(graph: Graph, log: ActionLog, counts: Counts, method: str) -> priors.Rates:
    source, target = csr.row_of_each(graph.indptr), graph.indices.astype(np.int64)
    acted = np.bincount(log.users, minlength=graph.number_of_nodes).astype(np.float64)
    trials = acted[source]
    if method == "jaccard":
        trials = trials + acted[target] - counts.both
    follows = counts.after.astype(np.float64)
    successes = counts.credit if method == "partial_credit" else follows
    return priors.Rates(np.minimum(successes, trials), follows, trials, source, target)  # thirds may round above


def _wilson(rates: priors.Rates) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return Wilson's interval (1927, https://doi.org/10.1080/01621459.1927.10502953)."""
    tried = rates.trials > 0
    n = np.where(tried, rates.trials, 1.0)
    rate = rates.successes / n
    scale = 1.0 / (1.0 + _NORMAL**2 / n)
    center = (rate + _NORMAL**2 / (2 * n)) * scale
    half = _NORMAL * np.sqrt(rate * (1.0 - rate) / n + _NORMAL**2 / (4 * n**2)) * scale
    low = np.where(tried, np.clip(center - half, 0.0, rate), 0.0)
    high = np.where(tried, np.clip(center + half, rate, 1.0), 1.0)
    return low, high


def _central(a: NDArray[np.float64], b: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the central 95 % interval of Beta(a, b); an end below ``_SMALLEST`` is 0."""
    low, high = betaincinv(a, b, 0.025), betaincinv(a, b, 0.975)
    return np.where(low < _SMALLEST, 0.0, low), high
