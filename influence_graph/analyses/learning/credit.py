"""Credit distribution: the credit of each user for the actions of others, and the seeds with the most credit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from influence_graph.analyses import frames
from influence_graph.analyses.checks import is_whole, nodes_of, require, require_nodes
from influence_graph.analyses.learning.log import ActionLog, in_edges_of, ordered_log, window_seconds
from influence_graph.analyses.result import Displayed
from influence_graph.kernels.learning import action_log as log_kernel
from influence_graph.kernels.learning import credit as kernel
from influence_graph.kernels.learning.credit import credit_from_seeds, credit_to_others
from influence_graph.model import csr
from influence_graph.model.frames import Frame
from influence_graph.model.parameters import LearnParameters

if TYPE_CHECKING:
    from datetime import timedelta

    from numpy.typing import NDArray

    from influence_graph.kernels.learning.action_log import Counts
    from influence_graph.kernels.learning.credit import Direct
    from influence_graph.model.graph import Graph

DIRECT = ("equal", "time_decay")


@dataclass(frozen=True, eq=False, repr=False)
class CreditSeeds(Displayed):
    """Users in the order chosen, with what each adds to the credit of those before.

    Attributes:
        seeds: Ids.
        labels: Label of each, or None.
        gains: float64, never rising; their running sum is the credit of the first users.
        mean: σ_cd of all of them: the number of people they move according to the log.
        parameters: The parameters, as JSON values.
        digest: Digest of the graph.
    """

    seeds: tuple[str, ...]
    labels: tuple[str, ...] | None
    gains: NDArray[np.float64]
    mean: float
    parameters: Mapping[str, Any]
    digest: str

    def to_frame(self) -> pd.DataFrame:
        """Return the columns rank, id, label (where there are labels), gain and spread."""
        return frames.chosen(self.seeds, self.labels, {"gain": self.gains}, self.gains)

    def _figures(self) -> Mapping[str, object]:
        return {"seeds": self.seeds, "mean": self.mean}


@dataclass(frozen=True, eq=False, repr=False)
class Credit(Displayed):
    """The credit of every user for the actions of all, and that of any set of them.

    Attributes:
        ids: Id of each node.
        labels: Label of each node, or None.
        total: float64 per node, σ_cd of that user alone, their own actions included: 0 for who never acted,
            else at least 1.
        actions: A_u, actions of each node in the log.
        direct_credit: Σ of the direct credit that each action gave to others; 0 for initiators.
        log: How many actions and items were used, and what was left out.
        parameters: The parameters, as JSON values.
        digest: Digest of the graph.
    """

    ids: NDArray[np.object_]
    labels: NDArray[np.object_] | None
    total: NDArray[np.float64]
    actions: NDArray[np.int64]
    direct_credit: NDArray[np.float64]
    log: Mapping[str, int]
    parameters: Mapping[str, Any]
    digest: str
    _flow: _Flow

    def credit_of(self, seeds: Iterable[str | tuple[str, str]] | str) -> float:
        """Return σ_cd(S) = Σ_u κ_Su: how many people *seeds* move according to the log, themselves included.

        A seed who never acted adds nothing: the log does not mention them.

        Raises:
            NotFound: A seed is not in the graph.
            InputError: A seed is given twice, or one text instead of a list.
        """
        return self._flow.total(self._flow.seeded(nodes_of(self._flow.graph, seeds)))

    def maximize(self, k: int) -> CreditSeeds:
        """Return *k* users chosen greedily for the greatest credit, at least 1-1/e of the best possible.

        σ_cd is monotone and submodular. Two passes over the log give the exact gains of all users at once, so each
        choice costs two passes and no lazy evaluation is needed. Equal gains: the first in order of ``ids``.

        Raises:
            InputError: *k* is below 1 or above the number of users who acted.
        """
        acted = int(np.count_nonzero(self.actions))
        within = is_whole(k) and 1 <= k <= acted
        require(within, "k", k, f"a whole number from 1 to the {acted:,} users who acted", "choose fewer")
        chosen: list[int] = []
        gains = np.zeros(k)
        for step in range(k):
            gain = self._flow.gains(self._flow.seeded(np.array(chosen, dtype=np.int64)))
            gain[chosen] = -1.0
            gain[self.actions == 0] = -1.0
            chosen.append(int(np.argmax(gain)))
            gains[step] = gain[chosen[-1]]
        seeds, labels = frames.texts_of(self.ids, self.labels, np.array(chosen))
        about = {**self.parameters, "k": int(k)}, self.digest
        return CreditSeeds(seeds, labels, gains, float(gains.sum()), *about)

    def to_frame(self) -> pd.DataFrame:
        """Return the columns id, label (where there are labels), credit and actions, most credit first."""
        columns = {**frames.named(self.ids, self.labels), "credit": self.total, "actions": self.actions}
        return frames.ordered(columns, "credit")

    def _figures(self) -> Mapping[str, object]:
        acted = {"users who acted": int(np.count_nonzero(self.actions)), "first": frames.best_of(self.ids, self.total)}
        return {
            **acted,
            "items": self.log["items"],
            "actions": self.log["actions"],
            "direct": self.parameters["direct"],
        }


@dataclass(frozen=True, eq=False)
class _Flow:
    """The direct credits γ of a log, and the passes along them."""

    graph: Graph
    users: NDArray[np.int64]
    direct: Direct
    gamma: NDArray[np.float64]
    share: NDArray[np.float64]  # 1/A_u, 0 for who never acted

    def seeded(self, nodes: NDArray[np.int64]) -> NDArray[np.bool_]:
        chosen = np.zeros(self.share.size, dtype=np.bool_)
        chosen[nodes] = True
        return chosen

    def _received(self, seeded: NDArray[np.bool_]) -> NDArray[np.float64]:
        received: NDArray[np.float64] = credit_from_seeds(
            self.direct.start, self.direct.parent, self.gamma, self.users, seeded
        )
        return received

    def total(self, seeded: NDArray[np.bool_]) -> float:
        return float(self._received(seeded) @ self.share[self.users])

    def gains(self, seeded: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return σ(S + v) - σ(S) of every node."""
        given = credit_to_others(self.direct.start, self.direct.parent, self.gamma, self.users, seeded, self.share)
        new = given * (1.0 - self._received(seeded))
        return np.bincount(self.users, new, minlength=self.share.size).astype(np.float64)


def credit(
    graph: Graph,
    actions: Frame | ActionLog,
    direct: str = "equal",
    *,
    window: float | timedelta | None = LearnParameters.window,
) -> Credit:
    """Return the credit distribution of a log: how much credit each user has for the actions of others.

    Goyal, Bonchi, Lakshmanan, PVLDB 5(1) 2011, https://doi.org/10.14778/2047485.2047492. On each item, who acts
    gives direct credit γ to the in-neighbors who acted before; credit flows on, Γ_vu = Σ_w Γ_vw γ_wu with
    Γ_vv = 1; κ_Su = Σ_a Γ_Su(a)/A_u is the share of u's actions due to S, and σ_cd(S) = Σ_u κ_Su.
    It is read from the log and simulates nothing; it is not corrected for actions that coincide by chance.
    Memory: 24 bytes per pair of an action and an earlier action of an in-neighbor; time linear in the sum over
    actions of the in-degree.

    Args:
        graph: Edges ``v -> u`` along which actions of v may move u; weights are not used.
        actions: As for :func:`~influence_graph.analyses.learning.learn.learn`.
        direct: ``"equal"``: 1/d each to the d who acted before. ``"time_decay"``:
            infl_u/d · exp(-(t_u - t_v)/τ_vu), τ_vu the mean delay of the edge and infl_u the share of u's actions
            that came within τ_vu of one of them.
        window: Longest wait that counts as influence, in seconds (or a timedelta); default: any.

    Raises:
        InputError: The graph is empty, no action is of one of its users, the log has a missing or unusable value or
            does not tell who acted first (as for ``learn``), or a parameter is out of limits.

    Example:
        >>> import pandas as pd
        >>> from influence_graph.model.graph import Graph
        >>> graph = Graph.from_edges(["june"], ["annie"])
        >>> did = pd.DataFrame({"user": ["june", "annie"], "item": ["hat", "hat"], "time": [1, 5]})
        >>> given = credit(graph, did)
        >>> given.credit_of(["june"]), given.maximize(1).seeds
        (2.0, ('june',))
    """
    require_nodes(graph, "give credit to")
    require(direct in DIRECT, "direct", repr(direct), "'equal' or 'time_decay'", "use 'equal'")
    wait = window_seconds(window)
    log = ordered_log(graph, actions)
    parents = kernel.direct(log.arrays, in_edges_of(graph), wait)
    acted = np.bincount(log.users, minlength=graph.number_of_nodes)
    gamma = _equal(parents) if direct == "equal" else _decayed(graph, log, parents, wait)
    share = np.divide(1.0, acted, out=np.zeros(acted.size), where=acted > 0)
    flow = _Flow(graph, log.users, parents, gamma, share)
    total = flow.gains(flow.seeded(np.zeros(0, dtype=np.int64)))
    per_action = np.bincount(csr.row_of_each(parents.start), gamma, minlength=log.users.size).astype(np.float64)
    parameters = {"direct": direct, "window": None if window is None else wait}
    about = log.counts(), parameters, graph.digest
    return Credit(graph.ids, graph.labels, total, acted, per_action, *about, flow)


def _equal(parents: Direct) -> NDArray[np.float64]:
    number = np.diff(parents.start)
    return np.repeat(np.divide(1.0, number, out=np.zeros(number.size), where=number > 0), number)


def _decayed(graph: Graph, log: ActionLog, parents: Direct, window: float) -> NDArray[np.float64]:
    counts: Counts = log_kernel.count(log.arrays, in_edges_of(graph), window)
    tau = np.divide(counts.delay, counts.after, out=np.ones(counts.after.size), where=counts.after > 0)[parents.edge]
    child = csr.row_of_each(parents.start)
    wait = log.times[child] - log.times[parents.parent]
    prompt = np.zeros(log.users.size, dtype=np.bool_)
    prompt[child[wait <= tau]] = True
    acted = np.bincount(log.users, minlength=graph.number_of_nodes)
    influenceable = np.bincount(log.users, prompt, minlength=acted.size) / np.maximum(acted, 1)
    decayed: NDArray[np.float64] = _equal(parents) * influenceable[log.users[child]] * np.exp(-wait / tau)
    return decayed
