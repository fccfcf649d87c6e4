"""What the answers of the embedded store read: results that were kept, and records with what they mean by them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from influence_graph.analyses.fusion.co_associations import co_associations
from influence_graph.analyses.fusion.points import points_of
from influence_graph.analyses.interactions.ledger import Coded, Ledger, read_ledger
from influence_graph.errors import InputError
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.model.records import BRANDS, DIRECTIONS, PEOPLE, TIES, TOUCHPOINTS, RecordKind
from influence_graph.model.results import LEARN, SCORE, kind_of
from influence_graph.model.runs import Run
from influence_graph.stores.base import InteractionFilter, Reader


class Kept:
    """The current results of *view* and the records behind them, each read when it is first used."""

    def __init__(self, view: Reader) -> None:
        self.view = view

    def current(self, kind: str) -> tuple[Run | None, pd.DataFrame]:
        """Return the current run of *kind* and its rows; None and no rows where none was written."""
        found = self.view.results(kind)
        if found is None:
            return None, kind_of(kind).schema.empty_table().to_pandas()
        return found[0], found[1].to_pandas()

    @cached_property
    def score_run(self) -> Run | None:
        """The current run of scores."""
        return self._scores[0]

    @cached_property
    def bonds(self) -> pd.DataFrame:
        """Bonds of the current scores: consumer, brand, fusionScore, toBrand, toConsumer, reciprocity, asOf."""
        names = {"fusion_score": "fusionScore", "to_brand": "toBrand", "to_consumer": "toConsumer", "as_of": "asOf"}
        return self._scores[1].rename(columns=names)

    @cached_property
    def as_of(self) -> datetime | None:
        """The time of the current scores."""
        run = self.score_run
        return None if run is None else datetime.fromisoformat(run.parameters["as_of"])

    @property
    def now(self) -> pd.Timestamp:
        """The time of the current scores; 1970 where there are none, and no events either."""
        return _EPOCH if self.as_of is None else pd.Timestamp(self.as_of)

    @cached_property
    def policy(self) -> FusionPolicy:
        """The policy of the current scores.

        Raises:
            InputError: they were written with another touchpoint table than the store's own.
        """
        run = self.score_run
        if run is None:
            return FusionPolicy()
        record, table = run.parameters["policy"], self.view.touchpoints()
        if record.get("table", table.digest) != table.digest:
            raise InputError(
                "the touchpoint table has changed since the scores were written",
                remedy="run `influence-graph score --write`, then ask again",
            )
        return FusionPolicy.from_dict(record, table)

    @cached_property
    def influence(self) -> pd.DataFrame:
        """Learned influences: source, target, probability, meanDelay (seconds), of the ties that somebody followed."""
        frame = self.current(LEARN.kind)[1]
        return frame[frame["mean_delay"].notna()].rename(columns={"mean_delay": "meanDelay"})

    @cached_property
    def associations(self) -> pd.DataFrame:
        """Brands named together, as the current scores have them: brand, other, strength, events, consumers."""
        history = self.view.interactions(InteractionFilter(history=True))
        return co_associations(history, self.as_of or _NEVER, self.policy)

    @cached_property
    def people(self) -> pd.DataFrame:
        """All people, by id."""
        return self._records(PEOPLE)

    @cached_property
    def brands(self) -> pd.DataFrame:
        """All brands, by id."""
        return self._records(BRANDS)

    @cached_property
    def ties(self) -> pd.DataFrame:
        """All ties: source, target, kind, weight, since."""
        return self._frame(TIES)

    def events(self, brands: Sequence[str] | None = None, consumers: Sequence[str] | None = None) -> pd.DataFrame:
        """Return the interactions that count in the current scores, with what they mean by them.

        Args:
            brands: Only those with one of these brands.
            consumers: Only those of one of these people.

        Returns:
            at, eventId, consumer, brand, kind, direction, touchpoint, points (on the day), returned (points to the
            other side), valence, weight, reach, channel, platform, withBrands, value, paid, recognized; null as in the
            records; ordered by at and eventId. No rows without a run of scores.
        """
        as_of = self.as_of or _NEVER
        where = InteractionFilter(consumers=consumers, brands=brands, as_of=as_of)
        table = self.view.interactions(where)
        ledger = read_ledger(table)
        rows = pc.index_in(ledger.event_id, value_set=table["event_id"].combine_chunks())
        stated = table.select(["channel", "platform", "with_brands", "weight", "reach", "value"]).take(rows).to_pandas()
        flags = {name: table[name].take(rows).to_pandas() for name in ("paid", "recognized")}
        together = pd.Series(_lists(stated.pop("with_brands")), dtype=object)
        return self._meant(ledger, as_of).assign(withBrands=together, **stated, **flags)[_EVENT]

    def _meant(self, ledger: Ledger, as_of: datetime) -> pd.DataFrame:
        points = points_of(ledger, self.policy, as_of)
        known = points.meaning.known
        stated = np.zeros(len(ledger), np.bool_) if ledger.touchpoint is None else ledger.touchpoint.codes >= 0
        touchpoint = np.array(TOUCHPOINTS, object)[points.touchpoint]
        return pd.DataFrame(
            {
                "at": pd.to_datetime(ledger.at, unit="us", utc=True),
                "eventId": ledger.event_id.to_pylist(),
                "consumer": _texts(ledger.consumer),
                "brand": _texts(ledger.brand),
                "kind": _texts(ledger.kind) if ledger.kind is not None else None,
                "direction": np.array(DIRECTIONS, object)[points.side],
                "touchpoint": pd.Series(touchpoint).where(known | stated, None),
                "points": points.points,
                "returned": points.returned,
                "valence": np.where(known, points.meaning.valence, np.nan),
            }
        )

    @cached_property
    def _scores(self) -> tuple[Run | None, pd.DataFrame]:
        return self.current(SCORE.kind)

    def _records(self, kind: RecordKind) -> pd.DataFrame:
        return self._frame(kind).set_index("id", drop=False)

    def _frame(self, kind: RecordKind) -> pd.DataFrame:
        tables = [table.to_pandas() for table in self.view.records(kind)]
        return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=kind.names)


_MILLIS_PER_DAY = 86_400_000.0
_EPOCH = pd.Timestamp(0, tz=UTC)
_NEVER = datetime(1, 1, 1, tzinfo=UTC)
"""A time before which nothing happened: nothing counts where no scores were written."""
_EVENT = [
    "at", "eventId", "consumer", "brand", "kind", "direction", "touchpoint", "points", "returned", "valence", "weight",
    "reach", "channel", "platform", "withBrands", "value", "paid", "recognized",
]  # fmt: skip


def _texts(coded: Coded) -> Any:  # noqa: ANN401 - an array of texts and None
    return np.array([*coded.names, None], object)[coded.codes]


def _lists(texts: pd.Series) -> Any:  # noqa: ANN401 - an array of lists and None
    lists = np.full(len(texts), None, object)
    for row in np.flatnonzero(texts.notna() & (texts != "")):
        lists[row] = texts.iloc[row].split("|")
    return lists


def since(frame: pd.DataFrame, now: pd.Timestamp, days: int) -> pd.DataFrame:
    """Return the events of *frame* in the last *days* before *now*."""
    return frame[frame["at"] > now - pd.Timedelta(days=days)]


def days_between(start: pd.Series, end: pd.Series | pd.Timestamp) -> pd.Series:
    """Return the days from *start* to *end*, both in whole milliseconds, as Neo4j counts them."""
    days: pd.Series = (_millis(end) - _millis(start)) / _MILLIS_PER_DAY
    return days


def whole(values: pd.Series) -> pd.Series:
    """Return *values* without the last digits, in which sums in another order differ: for comparing and ordering."""
    return values.round(12)


def names_of(records: pd.DataFrame, ids: Any) -> Any:  # noqa: ANN401 - arrays of texts
    """Return the name of each of *ids* in *records* (people or brands by id), null where there is none."""
    return records["name"].reindex(ids).to_numpy(object)


def best_first(frame: pd.DataFrame, by: str, *then: str) -> pd.DataFrame:
    """Return *frame* by the column *by*, largest first and null last, equals by the columns *then*."""
    return frame.sort_values([by, *then], ascending=[False, *[True] * len(then)], na_position="last")


def _millis(times: pd.Series | pd.Timestamp) -> Any:  # noqa: ANN401 - a number or numbers
    return (times - _EPOCH) // pd.Timedelta(milliseconds=1)
