"""What is noted of a recalculation: its id, its times, the digest of its input."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from influence_graph.model.runs import Run, RunKind


def new_run(kind: RunKind, started: datetime, input_digest: str, parameters: Mapping[str, Any]) -> Run:
    """Return a run that ends now; ids sort by time."""
    finished = datetime.now(UTC)
    id_ = f"{kind.value}-{started:%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:8]}"
    return Run(id_, kind, "finished", started, finished, input_digest, version("influence-graph"), parameters)


def iso(time: datetime | None) -> str | None:
    """Return *time* as ISO 8601 text, as a run's parameters hold it."""
    return None if time is None else time.isoformat()
