"""Fusion Scores in memory: brought up to date by new events, and looked up at any past time.

The scores at the latest time come from running sums (:mod:`influence_graph.analyses.fusion.running_sums`);
the past comes from an archive of all interactions, of which only those of one consumer are read. Where
a store holds the interactions, :mod:`influence_graph.app.jobs.kept_scores` keeps the sums alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from influence_graph.analyses.fusion.archive import Archive, Segment, in_record_types, merged
from influence_graph.analyses.fusion.running_sums import RunningSums
from influence_graph.analyses.fusion.scores import NUMBERS, bond_sums, frame_of, fusion_scores
from influence_graph.analyses.interactions import columns
from influence_graph.analyses.interactions.ledger import Ledger, read_ledger
from influence_graph.errors import InputError, NotFound
from influence_graph.model.display import Drawable, html_table, short_line
from influence_graph.model.frames import Frame
from influence_graph.model.ids import id_text
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.model.times import Time, checked_as_of
from influence_graph.text import did_you_mean

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from influence_graph.analyses.fusion.names import Names


@dataclass(frozen=True, eq=False, repr=False)
class FusionState(Drawable):
    """The Fusion Scores of all interactions so far; each update gives a new state.

    Attributes:
        sums: What is left of all events at the latest time, and the policy.
        archive: All interactions.

    Example:
        >>> import pandas as pd
        >>> day = {"event_id": ["1"], "at": ["2026-05-01T20:00:00Z"], "consumer": ["singer"], "brand": ["sweater"]}
        >>> state = FusionState.build(pd.DataFrame({**day, "points": [3.0]}))
        >>> state = state.update(pd.DataFrame({**day, "event_id": ["2"], "points": [-1.0]}))
        >>> state.scores()["fusion_score"].tolist()
        [2.0]
        >>> state
        <FusionState: interactions 2, bonds 1, latest 2026-05-01 20:00:00+00:00>
    """

    sums: RunningSums
    archive: Archive

    @classmethod
    def build(cls, interactions: Frame, policy: FusionPolicy | None = None) -> FusionState:
        """Return the state of *interactions*, which are as for ``fusion_scores``.

        Raises:
            InputError: As for ``fusion_scores``.
        """
        return cls(RunningSums.empty(policy or FusionPolicy()), Archive()).update(interactions)

    @property
    def policy(self) -> FusionPolicy:
        """Parameters of the scores."""
        return self.sums.policy

    def __repr__(self) -> str:
        figures = {"interactions": len(self.archive), "bonds": len(self.sums.bonds), "latest": self.sums.latest()}
        return short_line("FusionState", figures)

    def _repr_html_(self) -> str:
        figures = {"interactions": len(self.archive), "latest": self.sums.latest()}
        scores = self.scores()
        return html_table("FusionState", figures, scores, noun="bond", parameters=self.policy.to_dict())

    def update(self, interactions: Frame) -> FusionState:
        """Return the state after new *interactions*, in any order; those known already change nothing.

        Raises:
            InputError: As for ``fusion_scores``; an event id is known with another payload.
        """
        table = columns.as_table(interactions)
        ledger = read_ledger(table)
        if len(ledger) < table.num_rows:
            table = columns.distinct_events(table)
        hashes = columns.sorted_hashes(ledger.event_id)
        if self.archive.may_have(hashes):
            table = self._unseen(in_record_types(table))
            ledger = read_ledger(table)
            hashes = columns.sorted_hashes(ledger.event_id)
        if not len(ledger):
            return self
        update = self.sums.prepare(ledger, self.archive.consumers_of)
        archive = self.archive.plus(Segment(table, update.events.consumer.codes, hashes))
        history = archive.of_consumers(update.replayed) if update.replay.any() else None
        return FusionState(update.applied(history), archive)

    def scores(self, as_of: Time | None = None) -> pd.DataFrame:
        """Return the frame of :func:`~influence_graph.fusion_scores` for all interactions so far.

        Args:
            as_of: Default: the latest time in the interactions. From then on the sums decay; for an
                earlier time all interactions are replayed.

        Raises:
            InputError: *as_of* is not a time with a zone.
        """
        latest = self.sums.latest()
        moment = checked_as_of(as_of) or latest
        if moment is None or latest is None or moment < latest:
            return fusion_scores(self.archive.table(), as_of, self.policy)
        return self.sums.frame(moment)

    def at(self, consumer: str, brand: str, times: Iterable[Time]) -> pd.DataFrame:
        """Return one bond at each of *times*, from what had happened and was known by then.

        Args:
            consumer: A consumer that occurs in the interactions.
            brand: A brand that occurs in them.
            times: Dates, and times with a zone.

        Returns:
            Column time, and those of ``fusion_scores`` from fusion_score on; 0 where there was no bond.

        Raises:
            NotFound: The consumer or the brand does not occur.
            InputError: A time has no zone.
        """
        of_consumer = self._ledger_of(_code("consumer", consumer, self.sums.consumers))
        name = self.sums.brands.texts[_code("brand", brand, self.sums.brands)]
        if isinstance(times, str | date) or not isinstance(times, Iterable):
            raise InputError(f"times is {times!r}, must be several", remedy=f"pass a list: [{times!r}]")
        moments = [_time(time) for time in times]
        sums = np.zeros((len(moments), 2))
        for row, moment in enumerate(moments):
            known = of_consumer.as_known_at(moment)
            _, brands, of_bonds = bond_sums(known, self.policy, moment)
            sums[row] = of_bonds[known.brand.names[brands] == name].sum(axis=0)
        frame = frame_of(None, None, sums, self.policy)
        frame.insert(0, "time", moments)
        return frame[["time", *NUMBERS]]

    def interactions_of(self, consumer: str) -> pa.Table:
        """Return all that the bonds of *consumer* depend on: its interactions, and corrections of any.

        This is as good as all interactions for :func:`~influence_graph.explain`, and read faster.

        Raises:
            NotFound: The consumer does not occur.
        """
        return self._table_of(_code("consumer", consumer, self.sums.consumers))

    def _table_of(self, code: int) -> pa.Table:
        table = self.archive.of_consumers(np.array([code]))
        return self.archive.table().slice(0, 0) if table is None else table

    def _ledger_of(self, code: int) -> Ledger:
        ledger = read_ledger(self._table_of(code))
        is_consumer: NDArray[np.bool_] = ledger.consumer.names == self.sums.consumers.texts[code]
        return ledger.take(is_consumer[ledger.consumer.codes])

    def _unseen(self, table: pa.Table) -> pa.Table:
        """Return the rows of *table* whose id is new; the same id with another payload is refused."""
        known = self.archive.with_ids(columns.large(columns.event_ids(table)))
        return table if known is None else columns.distinct_events(merged([known, table])).slice(known.num_rows)


def _code(what: str, id_: object, names: Names) -> int:
    name = id_text(id_)
    code = int(names.find(np.array([name], dtype=object))[0])
    if code < 0:
        remedy = did_you_mean(name, names.texts, f"list the {what}s with scores()")
        raise NotFound(f"no {what} {name!r} among the {len(names):,} of the interactions", remedy=remedy)
    return code


def _time(time: Time) -> datetime:
    moment = checked_as_of(time, "times")
    if moment is None:
        raise InputError("a time is None", remedy="give times with a zone")
    return moment
