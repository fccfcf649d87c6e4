"""A run: one recalculation with its parameters, the digest of its input and the code version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa


class RunKind(StrEnum):
    """What a run calculates; each kind has its own current run."""

    RANK = "rank"
    SCORE = "score"


@dataclass(frozen=True)
class Run:
    """One recalculation; ``status`` is ``finished`` once its results are the current ones."""

    id: str
    kind: RunKind
    status: str
    started_at: datetime
    finished_at: datetime | None
    input_digest: str
    version: str
    parameters: Mapping[str, Any] = field(default_factory=dict)


def result_schema(kind: RunKind) -> pa.Schema:
    """Return the columns of the result table of a run of *kind*."""
    import pyarrow as pa

    text, number = pa.string(), pa.float64()
    if kind is RunKind.RANK:
        return pa.schema([("label", text), ("id", text), ("score", number)])
    return pa.schema(
        [
            ("consumer", text),
            ("brand", text),
            ("fusion_score", number),
            ("to_brand", number),
            ("to_consumer", number),
            ("reciprocity", number),
            ("as_of", pa.timestamp("us", tz="UTC")),
        ]
    )
