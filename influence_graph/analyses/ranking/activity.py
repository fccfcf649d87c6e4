"""What the rankings by activity need, counted in a dated log: rates of posting and re-posting, and adoptions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from influence_graph.analyses.checks import require_nodes
from influence_graph.analyses.frames import named, ordered
from influence_graph.analyses.learning.log import action_log, in_edges_of, require_order, window_seconds
from influence_graph.analyses.result import Displayed
from influence_graph.errors import InputError
from influence_graph.kernels.learning.action_log import count
from influence_graph.model.csr import row_of_each
from influence_graph.model.frames import Frame
from influence_graph.model.graph import Graph
from influence_graph.model.parameters import RankParameters

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

_DAY_SECONDS = 86_400.0


@dataclass(frozen=True, eq=False, repr=False)
class Activity(Displayed):
    """Rates and counts per user, in the order of ``ties.ids``.

    Attributes:
        ties: The graph of who follows whom.
        posting: λ, actions per day that no followee had done within the window before.
        reposting: μ, actions per day that a followee had done within the window before.
        exposed: Q, all actions of the user: what followers could see.
        influence: Graph of edges ``followee -> follower``; the weight S ≥ 1 is the number of items that the
            follower adopted from the followee: acted on after them, within the window.
        days: Days between the first and the last of the actions that count.
        counts: What of the log was used and what was left out, as JSON values.
        parameters: The parameters, as JSON values; ``window`` in seconds.
    """

    ties: Graph
    posting: NDArray[np.float64]
    reposting: NDArray[np.float64]
    exposed: NDArray[np.float64]
    influence: Graph
    days: float
    counts: Mapping[str, int]
    parameters: Mapping[str, Any]

    @property
    def digest(self) -> str:
        """Digest of the ties."""
        return self.ties.digest

    def to_frame(self) -> pd.DataFrame:
        """Return the columns id, label (where there are labels), posting, reposting and exposed, most posts first."""
        rates = {"posting": self.posting, "reposting": self.reposting, "exposed": self.exposed}
        return ordered({**named(self.ties.ids, self.ties.labels), **rates}, "posting")

    def _figures(self) -> Mapping[str, object]:
        return {
            "users": self.posting.size,
            "actions": self.counts["actions"],
            "adoptions": int(self.influence.edge_weights().sum()),
            "days": self.days,
        }


def activity(ties: Graph, actions: Frame, window: float | timedelta | None = RankParameters.window) -> Activity:
    """Return posting and re-posting rates and the adoptions between users, as counted in *actions*.

    An action counts as a re-post if some followee acted on the same item before, at most *window* earlier; an action
    at the same time is not before. Each such followee is credited with the adoption, as in Romero et al. 2011 (see
    :func:`~influence_graph.analyses.ranking.influence_passivity.influence_passivity`).

    Args:
        ties: An edge ``a -> b`` says that a follows b; undirected ties go both ways.
        actions: Columns user, item and time (datetimes, or numbers of seconds). Of several actions of a user
            on an item the first counts; users outside *ties* are left out and counted.
        window: Longest wait that counts: a time span, seconds, or None for any.

    Raises:
        InputError: The ties have no nodes, no action is of one of them, all actions (or those of linked
            users on one item, nearly all) have the same time, or a column is missing or cannot be read.

    Example:
        >>> import pandas as pd
        >>> ties = Graph.from_edges(["ann"], ["june"])
        >>> log = pd.DataFrame({"user": ["june", "ann", "ann"], "item": ["x", "x", "y"], "time": [0, 60, 86400]})
        >>> rates = activity(ties, log)
        >>> rates.posting.tolist(), rates.reposting.tolist(), rates.influence.edge_weights().tolist()
        ([1.0, 1.0], [1.0, 0.0], [1.0])
    """
    require_nodes(ties, "measure activity on")
    log = action_log(ties, actions)
    days = float(log.times.max() - log.times.min()) / _DAY_SECONDS
    if days <= 0:
        raise InputError("all actions have the same time: a rate per day is not defined", remedy="give a longer log")
    reversed_ties, wait = ties.reverse(), window_seconds(window)
    counted = count(log.arrays, in_edges_of(reversed_ties), wait)
    require_order(counted)
    nodes = ties.number_of_nodes
    acted = np.bincount(log.users, minlength=nodes).astype(np.float64)
    # A re-post is credited to all that came before it in equal parts, so the parts of one re-post sum to 1.
    reposted = np.rint(np.bincount(reversed_ties.indices, weights=counted.credit, minlength=nodes))
    parameters = {"window": None if window is None else wait}
    rates = (acted - reposted) / days, reposted / days
    return Activity(ties, *rates, acted, _adopted(reversed_ties, counted.after), days, log.counts(), parameters)


def _adopted(reversed_ties: Graph, after: NDArray[np.int64]) -> Graph:
    """Return the graph of the edges with an adoption, weighted by their number."""
    adopted = after > 0
    source, target = row_of_each(reversed_ties.indptr)[adopted], reversed_ties.indices[adopted]
    return Graph.from_arrays(reversed_ties.ids, source, target, after[adopted], labels=reversed_ties.labels)
