"""A run: one recalculation with its parameters, the digest of its input and the code version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from influence_graph.model.display import short_line

ASKED = "asked"
"""The parameter of a run that holds what it was asked for: what differs from the defaults."""


@dataclass(frozen=True, repr=False)
class Run:
    """One recalculation.

    Attributes:
        id: Its id, unique in the store.
        kind: The kind of result, a name of ``results.RESULTS``; a newer version may have written others.
        status: ``running``, ``finished`` (its results are the current ones), ``superseded`` or ``abandoned``.
        started_at: When it began.
        finished_at: When its results became the current ones; None before.
        input_digest: Digest of what it was calculated from.
        version: Version of influence_graph that calculated it.
        parameters: Its parameters as JSON values.
    """

    id: str
    kind: str
    status: str
    started_at: datetime
    finished_at: datetime | None
    input_digest: str
    version: str
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        """Return a line: a policy among the parameters would be a page."""
        return short_line("Run", {"id": self.id, "status": self.status, "started": f"{self.started_at:%Y-%m-%d %H:%M}"})
