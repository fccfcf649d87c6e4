"""Campaigns as they were recorded, one or several records each, and which others were near."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from influence_graph.text import count_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

_SAME = ["brand", "day", "kind", "note"]


@dataclass(frozen=True)
class Campaign:
    """All records of one campaign: of the same brand, day, kind and note.

    Attributes:
        ids: Event ids, in order.
        brand: Id of the brand.
        day: The first day.
        kind: "" for none.
        segments: Of the records, in order; none where a record names none: it is of the whole brand.
        in_utc: Whether a record states no day of its own.
    """

    ids: tuple[str, ...]
    brand: str
    day: date
    kind: str
    segments: tuple[str, ...]
    in_utc: bool

    def end(self, days: int) -> date:
        """Return the last of *days* declared days."""
        return self.day + timedelta(days=days - 1)

    def reaches(self, segments: Sequence[str]) -> bool:
        """Return whether it is of one of *segments*, or one of the two is of the whole brand."""
        return not self.segments or not segments or bool(set(self.segments) & set(segments))

    def is_of(self, segment: str) -> bool:
        """Return whether it is of *segment*; one of the whole brand is of all."""
        return not self.segments or segment in self.segments

    @property
    def text(self) -> str:
        """How sentences call it."""
        return f"{self.kind} {self.ids[0]}" if self.kind else self.ids[0]


def campaigns_in(records: pd.DataFrame) -> list[Campaign]:
    """Return the campaigns of *records* (event_id, brand, day, kind, note, segment, in_utc) by day and first id."""
    found = []
    for _, rows in records.sort_values("event_id").groupby(_SAME, sort=False):
        first: Any = rows.iloc[0]
        named = sorted(set(rows["segment"]))
        segments = () if "" in named else tuple(named)
        in_utc = bool(rows["in_utc"].any())
        found.append(Campaign(tuple(rows["event_id"]), first.brand, first.day, first.kind, segments, in_utc))
    return sorted(found, key=lambda each: (each.day, each.ids))


@dataclass(frozen=True)
class Others:
    """Other campaigns of the brand.

    Attributes:
        within: Those whose declared days and its own overlap, and that began on one of its own days.
        before: Those that began before it, and whose declared days reach into its own.
        earlier: Those whose declared days were over before it.
    """

    within: tuple[Campaign, ...]
    before: tuple[Campaign, ...]
    earlier: tuple[Campaign, ...]

    @property
    def near(self) -> tuple[Campaign, ...]:
        """Those whose declared days and its own overlap."""
        return (*self.before, *self.within)

    def of(self, own: Campaign) -> tuple[Campaign, ...]:
        """Return those near that reached segments of *own*: what they and it did cannot be told apart."""
        return tuple(each for each in self.near if each.reaches(own.segments))

    def spans(self, own: Campaign, days: int) -> tuple[tuple[date, date], ...]:
        """Return the declared days, before those of *own*, of campaigns that reached its segments: first and last."""
        reached = [each for each in (*self.earlier, *self.before) if each.reaches(own.segments)]
        return spans_of(reached, days, own.day - timedelta(days=1))

    def sentences(self, own: Campaign) -> list[str]:
        """Return what else happened in the segments of *own*, in words."""
        lines = [
            f"The {each.text} began on {each.day}{_where(each)}: what it did cannot be told apart."
            for each in self.of(own)
        ]
        past = sum(each.reaches(own.segments) for each in self.earlier)
        if past:
            many = count_text(past, "earlier campaign")
            lines.append(f"{many} of the brand came before: the declared days are not used.")
        return lines


def spans_of(campaigns: Sequence[Campaign], days: int, last: date) -> tuple[tuple[date, date], ...]:
    """Return first and last of the *days* declared days of each of *campaigns*, up to the day *last*."""
    return tuple((each.day, min(each.end(days), last)) for each in campaigns if each.day <= last)


def others(own: Campaign, all_of_them: Sequence[Campaign], days: int) -> Others:
    """Return the other campaigns of the brand of *own*, each of which has *days* declared days."""
    mine = [each for each in all_of_them if each.brand == own.brand and each.ids != own.ids]
    return Others(
        within=tuple(each for each in mine if own.day <= each.day <= own.end(days)),
        before=tuple(each for each in mine if each.day < own.day <= each.end(days)),
        earlier=tuple(each for each in mine if each.end(days) < own.day),
    )


def _where(campaign: Campaign) -> str:
    return f" in {', '.join(campaign.segments)}" if campaign.segments else ""
