"""The history of a person: what happened when, over days or decades, and the years in which nothing is on record."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from influence_graph.analyses.fusion.curve import COLUMNS, changes_of, samples_of, steps_of
from influence_graph.analyses.fusion.points import by_touchpoint, points_of
from influence_graph.analyses.fusion.scores import bond_sums
from influence_graph.analyses.interactions.ledger import MICROS_PER_DAY, Ledger, to_datetime, to_micros
from influence_graph.analyses.interactions.meaning import TO_BRAND
from influence_graph.model.display import short_line
from influence_graph.model.names import BRAND, NO_NAMES, NodeNames
from influence_graph.text import count_text

if TYPE_CHECKING:
    from datetime import datetime

    from influence_graph.model.policy.policy import FusionPolicy

_REPLAYED_ROWS, _MIN_COLUMNS = 1_000_000, 24  # as for the trend of a brand
_UNITS = (("day", "D", 62), ("month", "M", 1_100), ("year", "Y", None))
_LISTED = 6  # stretches of silence that a sentence names


@dataclass(frozen=True, eq=False, repr=False)
class History:
    """What is on record of a person over time.

    Attributes:
        unit: What a period is: ``"day"``, ``"month"`` or ``"year"``, of UTC.
        periods: One row per period with an event: start, events, given and received (points of the events on their
            day, before decay). Without rows where nothing is dated.
        curve: at, total: the sum of the bonds as it was known at each time; a step has two rows, just before it and
            from it on. Without rows where nothing is dated.
        first: at, kind, brand of the first event; None without any.
        last: Likewise.
        silent: (first, last) year of each stretch of years without an event, between the first event and ``as_of``.
        unrecorded: Why there is no history; "" where there is one.
    """

    unit: str
    periods: pd.DataFrame
    curve: pd.DataFrame
    first: dict[str, object] | None
    last: dict[str, object] | None
    silent: tuple[tuple[int, int], ...]
    unrecorded: str

    def __repr__(self) -> str:
        return short_line("History", {"periods": len(self.periods), "unit": self.unit})

    def sentences(self, names: NodeNames = NO_NAMES) -> list[str]:
        """Return the findings in words, with *names* beside ids where they are known."""
        if self.first is None or self.last is None:
            return ["No event is on record."]
        if self.unrecorded:
            return [f"History: {self.unrecorded}."]
        lines = [f"First event: {_event(self.first, names)}; last: {_event(self.last, names)}."]
        years = sum(end - start + 1 for start, end in self.silent)
        if not years:
            return [*lines, "No calendar year since the first event is silent."]
        shown = [str(start) if start == end else f"{start} to {end}" for start, end in self.silent[:_LISTED]]
        rest = f" and {count_text(len(self.silent) - _LISTED, 'more stretch', 'more stretches')}" * (
            len(self.silent) > _LISTED
        )
        return [*lines, f"Nothing is on record in {count_text(years, 'year')} since then: {', '.join(shown)}{rest}."]


def history(past: Ledger, policy: FusionPolicy, as_of: datetime, unrecorded: str) -> History:
    """Return the history of the person of *past*.

    Args:
        past: The person's interactions, those that no longer count included.
        policy: Parameters of the scores.
        as_of: The time until which history is told.
        unrecorded: Why there is none; "" where there is one.
    """
    own = past.as_known_at(as_of)
    ends = (None, None) if not len(own) else (_row(own, int(own.at.argmin())), _row(own, int(own.at.argmax())))
    unit, rule = _unit(own, as_of)
    if unrecorded or not len(own):
        periods = pd.DataFrame(columns=["start", "events", "given", "received"])
        return History(unit, periods, pd.DataFrame(columns=["at", "total"]), ends[0], ends[1], (), unrecorded)
    periods, curve = _periods(own, policy, as_of, rule), _curve(past, policy, as_of)
    return History(unit, periods, curve, ends[0], ends[1], _silent(own, as_of), "")


def _row(own: Ledger, row: int) -> dict[str, object]:
    kind = "" if own.kind is None else own.kind.text(row) or ""
    return {"at": to_datetime(int(own.at[row])), "kind": kind, "brand": own.brand.text(row)}


def _event(event: dict[str, object], names: NodeNames) -> str:
    kind = str(event["kind"] or "event").replace("_", " ")
    return f"{event['at']:%Y-%m-%d}, {kind} with {names.text(BRAND, event['brand'])}"


def _unit(own: Ledger, as_of: datetime) -> tuple[str, str]:
    """Return a unit of time of which a readable number reaches from the first event to *as_of*, and pandas' rule."""
    days = (to_micros(as_of) - int(own.at.min()) if len(own) else 0) / MICROS_PER_DAY
    return next((name, rule) for name, rule, most in _UNITS if most is None or days <= most)


def _periods(own: Ledger, policy: FusionPolicy, as_of: datetime, rule: str) -> pd.DataFrame:
    points = points_of(own, policy, as_of)
    at = pd.DatetimeIndex(pd.to_datetime(own.at, unit="us"))
    to_brand = points.side == TO_BRAND
    frame = pd.DataFrame(
        {
            "start": at.to_period(rule).to_timestamp().tz_localize("UTC"),
            "events": 1,
            "given": np.where(to_brand, points.points, points.returned),
            "received": np.where(to_brand, points.returned, points.points),
        }
    )
    return frame.groupby("start", as_index=False).sum()


def _silent(own: Ledger, as_of: datetime) -> tuple[tuple[int, int], ...]:
    """Return the stretches of calendar years (UTC) without an event, from the first event to *as_of*."""
    years = sorted({*pd.to_datetime(own.at, unit="us").year.tolist(), as_of.year + 1})
    return tuple((before + 1, after - 1) for before, after in pairwise(years) if after - before > 1)


def _curve(past: Ledger, policy: FusionPolicy, as_of: datetime) -> pd.DataFrame:
    """Return the sum of the bonds over time, by replay; every step that a drawing can show."""
    end = to_micros(as_of)
    amounts = points_of(past, policy, as_of).total
    columns = min(COLUMNS, max(_MIN_COLUMNS, _REPLAYED_ROWS // max(len(past), 1)))
    steps = steps_of(*changes_of(past, amounts), end, columns)
    smooth = bool(np.isfinite(by_touchpoint(policy.half_life)).any())
    samples = samples_of(steps, end, smooth=smooth)
    moments = [to_datetime(time - before) for time, before in zip(*map(np.ndarray.tolist, samples), strict=True)]
    total = [bond_sums(past.as_known_at(moment), policy, moment)[2].sum() for moment in moments]
    at = [to_datetime(time) for time in samples.time.tolist()]
    return pd.DataFrame({"at": pd.to_datetime(at, utc=True), "total": np.array(total, np.float64)})
