"""What lift reads of a store, each kind of record once: campaigns, what was counted per day, and who sees whom."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from influence_graph.analyses.interactions.ledger import MICROS_PER_DAY, read_ledger
from influence_graph.analyses.interactions.meaning import meaning_of
from influence_graph.analyses.lift.exposure import Sights, sights_of
from influence_graph.analyses.lift.sales import daily_sales
from influence_graph.errors import InputError, NotFound
from influence_graph.model.records import CAMPAIGNS, PEOPLE, SALES, TIES, RecordKind
from influence_graph.model.touchpoints import kind_key
from influence_graph.text import count_text, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from influence_graph.analyses.interactions.ledger import Ledger
    from influence_graph.stores.base import Reader

SALES_OUTCOME, ALL_OUTCOME, VALENCE_OUTCOME = "sales", "interactions", "sentiment"
"""What can be counted beside a kind of interaction."""


class LiftRecords:
    """What lift reads of one snapshot, when it is first asked for; valid as long as the snapshot is.

    Args:
        view: The snapshot.
        outcome: What is counted, as in :class:`~influence_graph.model.parameters.CampaignLiftParameters`.

    Raises:
        NotFound: The outcome is a kind of which there is no interaction.
    """

    def __init__(self, view: Reader, outcome: str) -> None:
        self.view, self.outcome = view, outcome
        if outcome not in (SALES_OUTCOME, ALL_OUTCOME, VALENCE_OUTCOME):
            self._require_kind()

    def _require_kind(self) -> None:
        known = [kind for kind in self.view.kinds() if kind]
        if kind_key(self.outcome) not in map(kind_key, known):
            offered = [SALES_OUTCOME, ALL_OUTCOME, VALENCE_OUTCOME, *known]
            remedy = did_you_mean(self.outcome, offered, f"use {', '.join(offered[:8])}")
            message = f"the store {self.view.url} has no interactions of the kind {self.outcome!r}"
            raise NotFound(message, remedy=remedy)

    @property
    def counts_sales(self) -> bool:
        """Whether sales are counted, not interactions."""
        return self.outcome == SALES_OUTCOME

    @cached_property
    def campaigns(self) -> pd.DataFrame:
        """All records of campaigns: event_id, brand, kind, segment, note ("" for none), day, and in_utc.

        in_utc says that the record states no day of its own, so that it is that of ``at`` in UTC.
        """
        frame = self._frame(CAMPAIGNS)
        utc = frame["at"].dt.tz_convert("UTC").dt.date
        stated = frame["day"] if "day" in frame else pd.Series(None, frame.index, dtype=object)
        columns = {
            name: frame[name].fillna("").astype(str) for name in ("event_id", "brand", "kind", "segment", "note")
        }
        return pd.DataFrame({**columns, "day": stated.where(stated.notna(), utc), "in_utc": stated.isna()})

    @cached_property
    def sights(self) -> Sights | None:
        """Who sees whom; None where nobody's city is known, or there are no ties."""
        people = self._frame(PEOPLE, ["id", "city"]).rename(columns={"city": "segment"})
        people["segment"] = people["segment"].replace("", None)
        if people["segment"].isna().all():
            return None
        ties = self._frame(TIES, ["source", "target", "kind"])
        return sights_of(people, ties) if len(ties) else None

    @cached_property
    def city(self) -> dict[str, str]:
        """The city of each person, of whom it is known."""
        people = self._frame(PEOPLE, ["id", "city"]).dropna()
        people = people[people["city"] != ""]
        return dict(zip(people["id"], people["city"], strict=True))

    @cached_property
    def ledger(self) -> Ledger:
        """All interactions that count."""
        return read_ledger(self.view.interactions())

    def segments(self, brand: str) -> tuple[str, ...]:
        """Return the segments by which the outcome of *brand* is counted, in order; none where there are none."""
        if self.counts_sales:
            return tuple(sorted(set(self._sales_of(brand)["segment"]) - {""}))
        return tuple(sorted(set(self.city.values())))

    def daily(self, brand: str, segments: Sequence[str] | None = None) -> tuple[pd.DataFrame, tuple[str, ...]]:
        """Return the outcome of *brand* as unit, date and value, and notes on how it was made.

        Args:
            brand: Its id.
            segments: Those wanted, each a unit; None: all together as one unit "".

        Raises:
            InputError: Nothing of the brand is counted, or its sales have gaps, or some a segment and some none.
        """
        if self.counts_sales:
            sales = self._sales_of(brand)
            if not len(sales):
                message = f"the brand {brand!r} has no sales in {self.view.url}"
                raise InputError(message, remedy="ingest some, or count something else, such as --outcome follow")
            panel, notes = daily_sales(sales, segments=segments)
            if segments is None:
                return together(panel), tuple(notes)
            without = int((sales["segment"] == "").sum())
            told = (f"Not used: {count_text(without, 'row')} of sales without a segment.",) if without else ()
            return panel, (*notes, *told)
        return self._counted(brand, segments)

    @cached_property
    def brands(self) -> tuple[str, ...]:
        """Ids of the brands that have sales, in order."""
        return tuple(sorted(pc.unique(self._sales["brand"]).to_pylist()))

    @cached_property
    def _sales(self) -> pa.Table:
        return _whole(self.view, SALES, ["brand", "date", "value", "segment"])

    def _sales_of(self, brand: str) -> pd.DataFrame:
        rows = self._sales.filter(pc.equal(self._sales["brand"], brand))
        frame: pd.DataFrame = rows.to_pandas()
        return frame.assign(segment=frame["segment"].fillna("").astype(str))

    def _counted(self, brand: str, segments: Sequence[str] | None) -> tuple[pd.DataFrame, tuple[str, ...]]:
        """Return the interactions with *brand* by day (UTC), from the first one to the last day of any."""
        ledger = self.ledger
        names = ledger.brand.names.tolist()
        chosen = self._wanted & (ledger.brand.codes == (names.index(brand) if brand in names else -2))
        if not chosen.any():
            message = f"the brand {brand!r} has no interactions that count as {self.outcome!r} in {self.view.url}"
            raise InputError(message, remedy="ingest some, or count something else: --outcome sales")
        day = ledger.at // MICROS_PER_DAY
        first, last = int(day[chosen].min()), int(day.max())
        size = np.bincount(day[chosen] - first, self._amount[chosen], last - first + 1)
        dates = np.arange(first, last + 1).astype("datetime64[D]").astype("datetime64[s]")
        if segments is None:
            return pd.DataFrame({"unit": "", "date": dates, "value": size}), ()
        unit = pd.Categorical(self._cities[ledger.consumer.codes[chosen]], list(segments)).codes
        placed = unit >= 0
        cell = unit[placed].astype(np.int64) * len(dates) + (day[chosen] - first)[placed]
        values = np.bincount(cell, self._amount[chosen][placed], len(segments) * len(dates))
        units = np.repeat(np.array(segments, dtype=object), len(dates))
        unknown = int(pd.isna(self._cities[ledger.consumer.codes[chosen]]).sum())
        told = f"{unknown:,} of {int(chosen.sum()):,} of these interactions are of people whose city is not on record."
        frame = pd.DataFrame({"unit": units, "date": np.tile(dates, len(segments)), "value": values})
        return frame, (told,) if unknown else ()

    @cached_property
    def _cities(self) -> np.ndarray:
        return np.array([self.city.get(name) for name in self.ledger.consumer.names], dtype=object)

    @cached_property
    def _wanted(self) -> np.ndarray:
        """Which interactions are counted."""
        kind = self.ledger.kind
        if self.outcome in (ALL_OUTCOME, VALENCE_OUTCOME):
            return np.ones(len(self.ledger), np.bool_)
        names = [] if kind is None else [kind_key(name) == kind_key(self.outcome) for name in kind.names]
        return np.array([*names, False], np.bool_)[-1 if kind is None else kind.codes] & np.ones(len(self.ledger), bool)

    @cached_property
    def _amount(self) -> np.ndarray:
        """What each interaction counts as: 1, or its valence."""
        if self.outcome == VALENCE_OUTCOME:
            return meaning_of(self.ledger, self.view.touchpoints()).valence
        return np.ones(len(self.ledger))

    def _frame(self, kind: RecordKind, columns: list[str] | None = None) -> pd.DataFrame:
        frame: pd.DataFrame = _whole(self.view, kind, columns or kind.names).to_pandas()
        return frame


def together(panel: pd.DataFrame) -> pd.DataFrame:
    """Return the sum of all units of *panel* (unit, date, value) as the one unit ""."""
    summed = panel.groupby("date", as_index=False)["value"].sum().assign(unit="")
    return pd.DataFrame(summed[["unit", "date", "value"]])


def _whole(view: Reader, kind: RecordKind, columns: Iterable[str]) -> pa.Table:
    wanted = list(columns)
    return pa.concat_tables([kind.schema.empty_table().select(wanted), *(t.select(wanted) for t in view.records(kind))])
