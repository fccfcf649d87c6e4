"""Which runs were current at a state of the results that a user names, and what they had read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from influence_graph.errors import InputError, NotFound
from influence_graph.model.recalculations import Recalculation
from influence_graph.model.runs import Run
from influence_graph.model.times import checked_as_of
from influence_graph.stores.base import Reader
from influence_graph.text import did_you_mean

DAY = timedelta(days=1)
_INSTANT = timedelta(microseconds=1)
_KEPT = ("finished", "superseded")


class Named(StrEnum):
    """States that have a name."""

    LATEST = "latest"  # the current results
    PREVIOUS = "previous"  # those before what became current last
    YESTERDAY = "yesterday"  # those a day before what became current last


@dataclass(frozen=True, eq=False)
class ResultState:
    """One state of the results.

    Attributes:
        name: Id of a recalculation or a run, or the time when the last of its runs became current.
        at: When that was.
        runs: Its runs by kind.
        read: Token of the ledger, and number of interactions, that a run had read, by kind; what is not on record is
            left out.
        why: Why a run was calculated, by kind, likewise.
    """

    name: str
    at: datetime
    runs: Mapping[str, Run]
    read: Mapping[str, tuple[str, int]]
    why: Mapping[str, str]


class ResultStates:
    """The states of the results of *view*, as far as they are on record."""

    def __init__(self, view: Reader) -> None:
        self._url = view.url
        self._recalculations = view.recalculations()
        self._runs = [run for run in view.runs() if run.status in _KEPT and run.finished_at is not None]

    def between(self, start: str | datetime | None, end: str | datetime | None) -> tuple[ResultState, ResultState]:
        """Return two states, the earlier first; by default the previous one and the latest.

        Raises:
            NotFound: there is no such state; the message says which there are.
            InputError: both are the same, or the first is the later one.
        """
        states = self.state(start or Named.PREVIOUS), self.state(end or Named.LATEST)
        if states[0].at > states[1].at:
            raise InputError(f"{states[0].name} is later than {states[1].name}", remedy="name the earlier one first")
        return states

    def state(self, name: str | datetime) -> ResultState:
        """Return the state *name*: an id, a time, ``latest``, ``previous`` or ``yesterday``."""
        if not self._runs:
            remedy = "calculate some: `influence-graph recompute`, or `rank --write`, `score --write`"
            raise NotFound(f"the store {self._url} keeps no results", remedy=remedy)
        recalculation = next((each for each in self._recalculations if each.id == name), None)
        if recalculation is not None:
            runs = [run for run in self._runs if run.id in recalculation.current.values()]
            return self._of(recalculation.id, recalculation.finished_at, runs)
        run = next((each for each in self._runs if each.id == name), None)
        if run is not None:
            return self._of(run.id, _finished(run), [run])
        return self._at(name, self._moment(name))

    def _moment(self, name: str | datetime) -> datetime:
        moments = self._moments()
        if name == Named.LATEST:
            return moments[-1]
        if name == Named.PREVIOUS:
            return moments[-1] - _INSTANT
        if name == Named.YESTERDAY:
            return moments[-1] - DAY
        try:
            return checked_as_of(name, "time") or moments[-1]
        except InputError:
            known = [*(each.id for each in self._recalculations), *(run.id for run in self._runs), *Named]
            remedy = did_you_mean(name, known, f"name a time, {', '.join(Named)}, or an id of `influence-graph runs`")
            raise NotFound(f"no run, recalculation or time {name!r}", remedy=remedy) from None

    def _moments(self) -> list[datetime]:
        """Return when results became current: together, or one run alone."""
        together = {run for each in self._recalculations for run in each.current.values()}
        alone = {_finished(run) for run in self._runs if run.id not in together}
        written = {each.finished_at for each in self._recalculations if any(step.method for step in each.steps)}
        return sorted(alone | written) or [max(map(_finished, self._runs))]

    def _at(self, name: str | datetime, moment: datetime) -> ResultState:
        """Return the runs that were current at *moment*: the latest of each kind by then."""
        became = {run: each.finished_at for each in reversed(self._recalculations) for run in _calculated(each)}
        current: dict[str, Run] = {}
        for run in sorted(self._runs, key=lambda run: (became.get(run.id, _finished(run)), run.id)):
            if became.get(run.id, _finished(run)) <= moment:
                current[run.kind] = run
        if not current:
            first = min(became.get(run.id, _finished(run)) for run in self._runs)
            message = f"no results by {name}: the first that are kept became current at {first:%Y-%m-%d %H:%M:%S} UTC"
            remedy = "recalculate again first" if len(self._moments()) < 2 else "name a later time"
            raise NotFound(message, remedy=remedy)
        at = max(became.get(run.id, _finished(run)) for run in current.values())
        return self._of(f"{at:%Y-%m-%d %H:%M:%S} UTC", at, list(current.values()))

    def _of(self, name: str, at: datetime, runs: Sequence[Run]) -> ResultState:
        read, why = {}, {}
        for run in runs:
            for each in self._recalculations:
                step = next((step for step in each.steps if step.run == run.id and step.method), None)
                if step is not None:
                    read[run.kind], why[run.kind] = (each.ledger, each.position), step.why
        return ResultState(name, at, {run.kind: run for run in runs}, read, why)


def _calculated(recalculation: Recalculation) -> list[str]:
    """Return the ids of the runs that *recalculation* calculated."""
    return [step.run for step in recalculation.steps if step.method and step.run is not None]


def _finished(run: Run) -> datetime:
    return run.finished_at or run.started_at
