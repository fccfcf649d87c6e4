"""A run: one recalculation with its parameters, the digest of its input and the code version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import pyarrow as pa


class RunKind(StrEnum):
    """What a run calculates; each kind has its own current run."""

    RANK = "rank"
    AUTHORITY = "authority"
    HUB = "hub"
    PSI = "psi"
    INFLUENCE = "influence"
    PASSIVITY = "passivity"
    DEGREE = "degree"
    IN_DEGREE = "in-degree"
    OUT_DEGREE = "out-degree"
    REACH = "reach"
    ACTIVATION = "activation"
    SEEDS = "seeds"
    LEARN = "learn"
    SCORE = "score"


@dataclass(frozen=True)
class NodeProperties:
    """Where Neo4j keeps a measure of nodes: the property of the score, and that of the run it is from."""

    score: str
    run: str


def _kept_as(score: str) -> NodeProperties:
    return NodeProperties(score, f"{score}RunId")


NODE_MEASURES: Mapping[RunKind, NodeProperties] = {
    RunKind.RANK: NodeProperties("pageRank", "runId"),
    RunKind.AUTHORITY: _kept_as("authority"),
    RunKind.HUB: _kept_as("hub"),
    RunKind.PSI: _kept_as("psiScore"),
    RunKind.INFLUENCE: _kept_as("influence"),
    RunKind.PASSIVITY: _kept_as("passivity"),
    RunKind.DEGREE: _kept_as("strength"),
    RunKind.IN_DEGREE: _kept_as("inStrength"),
    RunKind.OUT_DEGREE: _kept_as("outStrength"),
    RunKind.REACH: _kept_as("reach"),
    RunKind.ACTIVATION: _kept_as("activation"),
}
"""The kinds of run that give each node one score, so that their results have one form."""


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
    """Return the columns of the result table of a run of *kind*.

    ``gain`` is the number of people that a seed adds to those before it; ``mean_delay`` is in seconds,
    null where it was not learned.
    """
    text, number = pa.string(), pa.float64()
    if kind in NODE_MEASURES:
        return pa.schema([("label", text), ("id", text), ("score", number)])
    columns: dict[RunKind, list[tuple[str, pa.DataType]]] = {
        RunKind.SEEDS: [("position", pa.int64()), ("id", text), ("gain", number)],
        RunKind.LEARN: [("source", text), ("target", text), ("probability", number), ("mean_delay", number)],
        RunKind.SCORE: [
            ("consumer", text),
            ("brand", text),
            ("fusion_score", number),
            ("to_brand", number),
            ("to_consumer", number),
            ("reciprocity", number),
            ("as_of", pa.timestamp("us", tz="UTC")),
        ],
    }
    return pa.schema(columns[kind])
