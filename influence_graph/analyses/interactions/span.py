"""How long the records of interactions reach, and whether they bear dates at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from influence_graph.analyses.interactions.ledger import to_datetime, to_micros
from influence_graph.text import NOT_ON_RECORD, count_text

if TYPE_CHECKING:
    from datetime import datetime

    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Span:
    """What some events say of time.

    Attributes:
        events: Number of events.
        length: Time from the first of them to the time of asking, 0 or more.
        dated: Whether two of them differ in time, or there are fewer than two: an undated set bears one made-up time.
    """

    events: int
    length: timedelta
    dated: bool

    def lacks(self, needed: timedelta = timedelta(0)) -> str:
        """Return why a development over the time *needed* is not on record; "" where it is.

        Example:
            >>> Span(20, timedelta(days=7.9), dated=True).lacks(timedelta(days=30))
            'not on record: the records cover 8 days'
        """
        if not self.dated:
            return f"{NOT_ON_RECORD}: all {self.events:,} records bear the same time"
        if self.length >= needed:
            return ""
        days, limit = round(self.length / timedelta(days=1)), needed / timedelta(days=1)
        covered = "less than a day" if days == 0 else count_text(days, "day")
        return f"{NOT_ON_RECORD}: the records cover {covered if days < limit else f'less than {limit:g} days'}"


def span_of(at: NDArray[np.int64], until: datetime) -> Span:
    """Return the span of events at the times *at* (µs since 1970) as seen at *until*; later ones do not count."""
    seen = at[at <= to_micros(until)]
    if not seen.size:
        return Span(0, timedelta(0), dated=True)
    return Span(seen.size, until - to_datetime(int(seen.min())), dated=seen.size < 2 or bool((seen != seen[0]).any()))
