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
from influence_graph.analyses.interactions.ledger import Ledger, to_micros
from influence_graph.analyses.result import Displayed
from influence_graph.errors import InputError
from influence_graph.model.frames import Frame
from influence_graph.model.names import BRAND, CONSUMER, NO_NAMES, NodeNames
from influence_graph.model.times import Time, checked_as_of

if TYPE_CHECKING:
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
            ("new", "became known late", "decayed", "share changed", "replaced", "retracted", "revived": what had
            replaced or retracted it was taken back, "unchanged"), by (the event that replaced, retracted or revived
            it, else ""), path.
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
    interactions: Frame,
    consumer: str,
    brand: str,
    start: Time,
    end: Time,
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


def change_of(past: BondPast, start: Time, end: Time) -> ScoreChange:
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
    """Return the terms of both scores, matched by event, and what it gave apart from what it returned."""
    old, new = (
        {(term["event_id"], term["term"] == "returned"): term for term in frame.to_dict("records")}
        for frame in (before, after)
    )
    rows = []
    for key, term in (old | new).items():
        event_id, pair = key[0], (old.get(key), new.get(key))
        start, end = (0.0 if each is None else each["contribution"] for each in pair)
        reason, by = reasons.of(event_id, *pair)
        event = {name: term[name] for name in (*_EVENT, "path")}
        rows.append({**event, "start": start, "end": end, "change": end - start, "reason": reason, "by": by})
    return pd.DataFrame(rows, columns=list(_COLUMNS)).sort_values(["at", "event_id"], ignore_index=True)


class _Reasons:
    """The reason why a term of a bond differs between two times."""

    def __init__(self, past: BondPast, start: datetime, end: datetime) -> None:
        self._counted_before = set(past.ledger.as_known_at(start).event_id.to_pylist())
        self._happened = set(past.ledger.as_known_at(end, valid_at=start).event_id.to_pylist())
        self._replaced = _replaced(past, end)
        self._revived = _revived(past.ledger, start, end)

    def of(self, event_id: str, before: _Term | None, after: _Term | None) -> tuple[str, str]:
        """Return the reason, and the event that replaced, retracted or revived this one."""
        if after is None:
            return self._replaced.get(event_id, ("share changed", ""))
        if before is None:
            return self._of_new_term(event_id)
        if before["contribution"] == after["contribution"]:
            return "unchanged", ""
        return ("decayed" if before["share"] == after["share"] else "share changed"), ""

    def _of_new_term(self, event_id: str) -> tuple[str, str]:
        if event_id in self._counted_before:
            return "share changed", ""
        if event_id not in self._happened:
            return "new", ""
        return ("revived", self._revived[event_id]) if event_id in self._revived else ("became known late", "")


def _replaced(past: BondPast, end: datetime) -> dict[str, tuple[str, str]]:
    """Return how the events of *past* that do not count at *end* were corrected, and by which record first."""
    corrections = past.ledger.corrections
    if corrections is None:
        return {}
    ids, retractions = corrections.event_id, set(past.all_interactions.retractions().to_pylist())
    stands, _ = corrections.standing(to_micros(end))
    first = corrections.first_replacing(stands)
    names = {ids[record].as_py(): ids[first[record]].as_py() for record in _own(past.ledger) if first[record] >= 0}
    return {name: ("retracted" if by in retractions else "replaced", by) for name, by in names.items()}


def _revived(ledger: Ledger, start: datetime, end: datetime) -> dict[str, str]:
    """Return the events of *ledger* known but replaced at *start* and no longer at *end*, and what revived each."""
    corrections = ledger.corrections
    if corrections is None:
        return {}
    (before, _), (after, is_last) = (corrections.standing(to_micros(time)) for time in (start, end))
    taken_back = np.flatnonzero(before & ~after & (corrections.target >= 0))
    last = np.full(len(corrections), -1)
    np.maximum.at(last, corrections.target[taken_back], corrections.first_replacing(after)[taken_back])
    last[~is_last | (corrections.known > to_micros(start))] = -1
    ids = corrections.event_id
    return {ids[record].as_py(): ids[last[record]].as_py() for record in _own(ledger) if last[record] >= 0}


def _own(ledger: Ledger) -> list[int]:
    """Return the records of the corrections that are rows of *ledger*."""
    own: list[int] = [] if ledger.correction is None else ledger.correction[ledger.correction >= 0].tolist()
    return own
