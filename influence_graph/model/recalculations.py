"""A recalculation: several results calculated together, that became current at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from influence_graph.model.display import short_line
from influence_graph.model.json_values import json_value


class Outcome(StrEnum):
    """What a recalculation did about one result."""

    CALCULATED = "calculated"
    UNCHANGED = "unchanged"  # all that it is calculated from is as it was
    SKIPPED = "skipped"  # the store lacks what it needs, or it was not asked for


@dataclass(frozen=True)
class Step:
    """What a recalculation did about one result.

    Attributes:
        kind: The kind of result, a name of ``results.RESULTS``.
        outcome: Calculated, unchanged or skipped.
        method: ``"full"`` or ``"incremental"``; "" where nothing was calculated.
        why: What had changed, or why nothing was calculated, in a sentence.
        inputs: Digest of all that the result is a function of: records, parameters, results, version; "" if skipped.
        run: Id of the run that is current after it; None where there is none.
        seconds: How long it took, ≥ 0.
        memory: Peak of this process' resident memory by its end, in bytes.
        difference: With ``--verify``: the largest absolute difference from the full result, ≥ 0; else None.
        total_difference: With ``--verify``: the sum of the absolute differences (L1), ≥ 0; else None.
    """

    kind: str
    outcome: Outcome
    method: str = ""
    why: str = ""
    inputs: str = ""
    run: str | None = None
    seconds: float = 0.0
    memory: int = 0
    difference: float | None = None
    total_difference: float | None = None


@dataclass(frozen=True, repr=False)
class Recalculation:
    """Results that were calculated together and became current at once.

    Attributes:
        id: Its id, unique in the store; ids sort by time.
        started_at: When it began.
        finished_at: When its results became current.
        ledger: Token of the ledger (:attr:`LedgerMark.ledger`) that it read.
        position: Number of interactions appended by then (:attr:`LedgerMark.position`).
        steps: What it did about each result, in the order calculated.
        current: Ids of the current runs after it, by kind: those it wrote and those it left.
        version: Version of influence_graph.
        tick: The scheduled time that it is for, as ``NAME@ISO-8601-UTC``, unique in the store; None: by hand.
        covers: Earlier ticks that were missed and that it stands for, too.
        parameters: How it was asked for, as JSON values.
    """

    id: str
    started_at: datetime
    finished_at: datetime
    ledger: str
    position: int
    steps: tuple[Step, ...]
    current: Mapping[str, str]
    version: str
    tick: str | None = None
    covers: tuple[str, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        """Return a line: the steps would be a page."""
        return short_line("Recalculation", {"id": self.id, "started": f"{self.started_at:%Y-%m-%d %H:%M}"})

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON values, times as ISO 8601."""
        values: dict[str, Any] = json_value(asdict(self), infinite="inf")
        return values

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Return what :meth:`to_dict` has made *values* of; what a newer version has added is left out."""
        known = _known(cls, values)
        steps = tuple(Step(**{**_known(Step, step), "outcome": Outcome(step["outcome"])}) for step in known["steps"])
        times = {name: datetime.fromisoformat(known[name]) for name in ("started_at", "finished_at")}
        return cls(**{**known, **times, "steps": steps, "covers": tuple(known.get("covers", ()))})


def _known(of: type, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return those of *values* that the dataclass *of* has."""
    names = {each.name for each in fields(of)}
    return {name: value for name, value in values.items() if name in names}
