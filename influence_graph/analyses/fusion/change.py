"""The change of a Fusion Score from one time to another, term by term."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from influence_graph.analyses.fusion.explain import BondPast
from influence_graph.analyses.fusion.sentences import change_sentence
from influence_graph.analyses.interactions.ledger import Ledger, checked_as_of, to_micros
from influence_graph.analyses.result import Displayed
from influence_graph.errors import InputError
from influence_graph.model.names import BRAND, CONSUMER, NO_NAMES, NodeNames
from influence_graph.model.records import RETRACTION

if TYPE_CHECKING:
    import pyarrow as pa

    from influence_graph.model.policy.policy import FusionPolicy

_EVENT = ("event_id", "at", "kind", "touchpoint", "direction", "term", "via", "points", "relation")
_Term = Mapping[Any, Any]
_COLUMNS = (*_EVENT, "start", "end", "change", "reason", "by", "path")


@dataclass(frozen=True, eq=False, repr=False)
class ScoreChange(Displayed):
    """The change of a Fusion Score from ``start`` to ``end``, and the part of each term in it.

    Attributes:
        consumer: The consumer's id.
        brand: The brand's id.
        start_at: The earlier time. At each time, only what was known then counts.
        end_at: The later time.
        start: The score at ``start_at``.
        end: The score at ``end_at``.
        change: ``end - start``; the column change of ``terms`` sums to it.
        terms: One row per term of either score, by time: event_id, at, kind, touchpoint, direction, term,
            via, points, relation, start and end (its contributions, 0 where it has none), change, reason
            ("new", "became known late", "decayed", "share changed", "replaced", "retracted", "unchanged"),
            by (the event that replaced or retracted it, else ""), path.
        parameters: Consumer, brand, times and policy, as JSON values.
        digest: Digest of the interactions on which the bond depends.
    """

    consumer: str
    brand: str
    start_at: datetime
    end_at: datetime
    start: float
    end: float
    change: float
    terms: pd.DataFrame
    parameters: Mapping[str, Any]
    digest: str

    def to_frame(self) -> pd.DataFrame:
        """Return ``terms``."""
        return self.terms

    def sentences(self, names: NodeNames = NO_NAMES) -> list[str]:
        """Return the change and each term of it as one plain line, with *names* beside ids where they are known."""
        bond = f"{names.text(CONSUMER, self.consumer)} and {names.text(BRAND, self.brand)}"
        head = (
            f"The Fusion Score of {bond} changed from {self.start:+.6g}"
            f" on {self.start_at:%Y-%m-%d} to {self.end:+.6g} on {self.end_at:%Y-%m-%d}"
        )
        changed = self.terms[self.terms["change"] != 0]
        if changed.empty:
            return [f"{head}: no term changed."]
        return [f"{head}:", *(change_sentence(term, self.brand, names) for term in changed.to_dict("records"))]

    def _figures(self) -> Mapping[str, object]:
        figures = {"consumer": self.consumer, "brand": self.brand, "start": self.start, "end": self.end}
        return {**figures, "terms": len(self.terms)}


def explain_change(
    interactions: pd.DataFrame | pa.Table,
    consumer: str,
    brand: str,
    start: datetime | str,
    end: datetime | str,
    policy: FusionPolicy | None = None,
) -> ScoreChange:
    """Return the change of the Fusion Score of *consumer* and *brand* from *start* to *end*, term by term.

    Args:
        interactions: As for :func:`~influence_graph.analyses.fusion.explain.explain`.
        consumer: A consumer that occurs in them.
        brand: A brand that occurs in them, or is named together with one that does.
        start: The earlier time; the score as of then, with what was known then.
        end: The later time, likewise.
        policy: Parameters; default ``FusionPolicy()``.

    Raises:
        NotFound: The consumer or the brand does not occur.
        InputError: *start* is after *end*, or as for ``fusion_scores``.
    """
    return change_of(BondPast(interactions, (consumer, brand), policy), start, end)


def change_of(past: BondPast, start: datetime | str, end: datetime | str) -> ScoreChange:
    """Return what :func:`explain_change` returns, for a bond whose interactions have been read."""
    first, last = checked_as_of(start, "start"), checked_as_of(end, "end")
    if first is None or last is None or first > last:
        raise InputError(f"the time from {start} to {end} is empty", remedy="name an earlier and a later time")
    before, after = past.at(first), past.at(last)
    terms = _terms(before.contributions, after.contributions, _Reasons(past, first, last))
    return ScoreChange(
        consumer=past.consumer,
        brand=past.brand,
        start_at=first,
        end_at=last,
        start=before.score,
        end=after.score,
        change=after.score - before.score,
        terms=terms,
        parameters=past.parameters(start=first, end=last),
        digest=past.digest,
    )


def _terms(before: pd.DataFrame, after: pd.DataFrame, reasons: _Reasons) -> pd.DataFrame:
    """Return the terms of both scores, matched by event: an event makes at most one term of a bond."""
    old = {term["event_id"]: term for term in before.to_dict("records")}
    new = {term["event_id"]: term for term in after.to_dict("records")}
    rows = []
    for event_id, term in (old | new).items():
        pair = old.get(event_id), new.get(event_id)
        start, end = (0.0 if each is None else each["contribution"] for each in pair)
        reason, by = reasons.of(event_id, *pair)
        event = {name: term[name] for name in (*_EVENT, "path")}
        rows.append({**event, "start": start, "end": end, "change": end - start, "reason": reason, "by": by})
    return pd.DataFrame(rows, columns=list(_COLUMNS)).sort_values(["at", "event_id"], ignore_index=True)


class _Reasons:
    """The reason why a term of a bond differs between two times."""

    def __init__(self, past: BondPast, start: datetime, end: datetime) -> None:
        ids = past.ledger.event_id
        self._counted_before = set(past.ledger.as_known_at(start).event_id.to_pylist())
        self._happened = set(past.ledger.as_known_at(end, valid_at=start).event_id.to_pylist())
        self._replaced_by = _corrections(past.all_interactions, set(ids.to_pylist()), end)

    def of(self, event_id: str, before: _Term | None, after: _Term | None) -> tuple[str, str]:
        """Return the reason, and the event that replaced or retracted this one."""
        if after is None:
            return self._replaced_by.get(event_id, ("share changed", ""))
        if before is None:
            late = "became known late" if event_id in self._happened else "new"
            return ("share changed" if event_id in self._counted_before else late), ""
        if before["contribution"] == after["contribution"]:
            return "unchanged", ""
        return ("decayed" if before["share"] == after["share"] else "share changed"), ""


def _corrections(ledger: Ledger, events: set[str], until: datetime) -> dict[str, tuple[str, str]]:
    """Return, for each of *events* that was corrected by *until*, how and by which record first."""
    if ledger.replaces is None:
        return {}
    corrections: dict[str, tuple[str, str]] = {}
    correcting = np.flatnonzero(ledger.replaces.is_valid().to_numpy(zero_copy_only=False))
    for row in sorted(correcting.tolist(), key=lambda row: (ledger.known[row], ledger.event_id[row].as_py())):
        target, kind = ledger.replaces[row].as_py(), "" if ledger.kind is None else ledger.kind.text(row) or ""
        if target in events and ledger.known[row] <= to_micros(until):
            reason = "retracted" if kind.strip().lower() == RETRACTION else "replaced"
            corrections.setdefault(target, (reason, ledger.event_id[row].as_py()))
    return corrections
