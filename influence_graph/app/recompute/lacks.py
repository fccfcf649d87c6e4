"""Which records a kind of result cannot do without."""

from __future__ import annotations

from influence_graph.app.recompute.view import Renewed
from influence_graph.model.results import CAMPAIGNS, SALES, TIES, ResultKind

_CALLED = {TIES: "ties between people", SALES: SALES, CAMPAIGNS: CAMPAIGNS}


def lacking(view: Renewed, kind: ResultKind) -> str:
    """Return what *view* holds none of and *kind* needs, as a sentence calls it; "" where nothing is missing."""
    counts = view.counts()
    return next((name for need, name in _CALLED.items() if need in kind.needs and not counts[need]), "")
