"""What every ranking returns: scores with their error and how they were calculated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from influence_graph.analyses.frames import best_of, named, ranked
from influence_graph.analyses.result import Displayed
from influence_graph.model.results import RANK, kind_of

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from influence_graph.model.graph import Graph


class _Digest:
    """Field for a digest, or for the graph, whose digest is then calculated when it is first read.

    Hashing a large graph and its ids takes longer than ranking it.
    """

    def __get__(self, result: RankResult | None, owner: type | None = None) -> str:
        if result is None:
            raise AttributeError("the digest is that of a result")  # so the field has no default
        given: str | Graph = result.__dict__["digest"]
        return given if isinstance(given, str) else given.digest

    def __set__(self, result: RankResult, given: str | Graph) -> None:
        result.__dict__["digest"] = given


@dataclass(frozen=True, eq=False, repr=False)
class RankResult(Displayed):
    """Scores of all nodes, with the iterations, the residual and the error behind them.

    Attributes:
        scores: float64, in the order of ``ids``; ≥ 0. Their sum is 1 but for HITS (2-norm 1) and degree (counts).
        ids: Id of each node.
        labels: Label of each node, or None.
        iterations: Passes over the edges.
        residual: L1 residual of the equation that defines the scores.
        error_bound: Proven bound of the L1 distance to the exact scores.
        converged: Whether ``residual`` is at or below the tolerance; always true when returned.
        parameters: The parameters, as JSON values.
        digest: Digest of the graph that was ranked; calculated when first read if the graph itself is given.
        kind: Which measure it is: its name in the table of results (``model/results.py``).
    """

    scores: NDArray[np.float64]
    ids: NDArray[np.object_]
    labels: NDArray[np.object_] | None
    iterations: int
    residual: float
    error_bound: float
    converged: bool
    parameters: Mapping[str, Any]
    digest: _Digest = _Digest()
    kind: str = RANK.kind

    @property
    def title(self) -> str:
        """What the measure is called."""
        return kind_of(self.kind).title

    @property
    def graph(self) -> Graph | None:
        """The graph that was ranked, where the result keeps it, else None."""
        given: str | Graph = self.__dict__["digest"]
        return None if isinstance(given, str) else given

    def to_frame(self) -> pd.DataFrame:
        """Return the columns id, label (where there are labels), score and rank, best first.

        Equal scores are ordered by id; ranks are 1 to n.
        """
        return ranked({**named(self.ids, self.labels), "score": self.scores})

    def _figures(self) -> Mapping[str, object]:
        first = best_of(self.ids, self.scores)
        counts = {"nodes": self.scores.size, "first": first}
        return {"measure": self.title, **counts, "iterations": self.iterations, "residual": self.residual}
