"""What changed from one state of a store's results to another, and why, all read from one snapshot."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

import numpy as np
import pandas as pd
import pyarrow as pa

from influence_graph.analyses.changes.bonds import BondChanges, bond_changes
from influence_graph.analyses.changes.overall import Changes
from influence_graph.analyses.changes.results import ResultChanges, result_changes
from influence_graph.app.lookups import names_of
from influence_graph.app.views.former_graphs import former_graphs, new_interactions
from influence_graph.app.views.states import Named, ResultState, ResultStates
from influence_graph.errors import InputError, NotFound
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.model.results import RANK, RESULTS, SCORE
from influence_graph.model.runs import ASKED, Run
from influence_graph.model.touchpoints import TouchpointTable
from influence_graph.stores.base import InteractionFilter, Snapshot, Store

EXPLAINED = 10
"""How many that rose and how many that fell are explained by events and links."""
_BOND, _VALUE = ["consumer", "brand"], "fusion_score"
_HOW = ("algorithm", "graph", "damping_factor", "personalization", "brand", "model", "method", "probabilities", "seed")
"""Parameters of a run that say how it was calculated, and do not follow from the records."""


def what_changed(
    store: Store,
    start: str | datetime | None = None,
    end: str | datetime | None = None,
    *,
    kinds: Sequence[str] = (),
    top: int | None = EXPLAINED,
) -> Changes:
    """Return what changed from the results of *start* to those of *end*, by the events and links that changed them.

    Args:
        store: Where both are kept.
        start: Id of a recalculation or a run, a time (what was current then), ``"previous"`` (the state before what
            became current last, the default) or ``"yesterday"`` (a day before that).
        end: Likewise, or ``"latest"``, the default: the current results.
        kinds: Kinds of result to compare; empty: all that both have.
        top: So many bonds that rose and so many that fell are explained event by event; None: all.

    Raises:
        NotFound: there are no such results.
        InputError: *start* is after *end*.
    """
    with store.snapshot() as view:
        return read_changes(view, start, end, kinds=kinds, top=top)


def read_changes(
    view: Snapshot,
    start: str | datetime | None = None,
    end: str | datetime | None = None,
    *,
    kinds: Sequence[str] = (),
    top: int | None = EXPLAINED,
    brief: bool = False,
) -> Changes:
    """Return what :func:`what_changed` returns, from *view*.

    With *brief* only the interactions of those whose bonds changed most are read: all totals hold, but causes are told
    for these bonds alone, and not what is usual.
    """
    states = ResultStates(view).between(start, end)
    compared = _Comparison(view, states, EXPLAINED if brief and top is None else top, brief=brief)
    wanted = [kind for kind in RESULTS if (not kinds or kind in kinds) and kind in states[1].runs]
    for kind in wanted:
        compared.take(kind)
    return compared.changes()


def recent_changes(view: Snapshot) -> Changes | None:
    """Return what changed since a day before the current results, else since the ones before; None without others."""
    for start in (Named.YESTERDAY, Named.PREVIOUS):
        with suppress(NotFound):
            return read_changes(view, start)
    return None


class _Comparison:
    """The comparison of two states, kind by kind."""

    def __init__(
        self, view: Snapshot, states: tuple[ResultState, ResultState], top: int | None, *, brief: bool
    ) -> None:
        self._view, self._states, self._top, self._brief = view, states, top, brief
        self._bonds: BondChanges | None = None
        self._results: list[ResultChanges] = []
        self._unchanged: list[str] = []
        self._notes: list[str] = []

    def take(self, kind: str) -> None:
        """Compare the results of *kind*."""
        before, after = (state.runs.get(kind) for state in self._states)
        title = RESULTS[kind].title
        if before is None or after is None:
            self._notes.append(f"{title}: no earlier result is kept to compare with.")
            return
        if before.id == after.id:
            self._unchanged.append(kind)
            return
        try:
            tables = [self._view.results_of(run.id)[1] for run in (before, after)]
        except NotFound as error:
            self._notes.append(f"{title}: what changed cannot be told: {error.args[0]}.")
            return
        if kind == SCORE.kind:
            self._scores((before, after), tables)
        else:
            self._other(kind, (before, after), tables)

    def changes(self) -> Changes:
        """Return what was found."""
        start, end = self._states
        runs = {kind: [state.runs[kind].id for state in self._states if kind in state.runs] for kind in end.runs}
        found = Changes(
            start.name,
            end.name,
            start.at,
            end.at,
            self._bonds,
            tuple(self._results),
            tuple(self._unchanged),
            tuple(self._notes),
            parameters={"start": start.name, "end": end.name, "runs": runs, "top": self._top},
            digest="" if self._bonds is None else self._bonds.digest,
        )
        return replace(found, names=names_of(self._view, *_named(found)))

    def _scores(self, runs: tuple[Run, Run], tables: list[pa.Table]) -> None:
        try:
            table = self._view.touchpoints()
            policies = _policy(runs[0], table), _policy(runs[1], table)
        except InputError as error:
            self._notes.append(f"{SCORE.title}: why they changed cannot be told: {error.args[0]}.")
            return
        times = [datetime.fromisoformat(run.parameters["as_of"]) for run in runs]
        if times[0] > times[1]:
            self._notes.append(
                f"{SCORE.title}: why they changed cannot be told: the later run is as of an earlier time."
            )
            return
        scores = [table.select([*_BOND, _VALUE]).to_pandas() for table in tables]
        read = InteractionFilter(history=True, upto=self._position(1))
        if self._brief:
            movers = _movers(scores[0], scores[1], self._top or EXPLAINED)
            read = replace(read, consumers=movers)
            scores = [each[each["consumer"].isin(movers)] for each in scores]
        found = bond_changes(
            self._view.interactions(read),
            times[0],
            times[1],
            policies,
            new=self._new_events(),
            scores=(scores[0], scores[1]),
            top=self._top,
            usual=not self._brief,
        )
        self._bonds = found
        if policies[0] != policies[1]:
            differs = [name for name, value in policies[0].to_dict().items() if policies[1].to_dict()[name] != value]
            self._notes.append(f"{SCORE.title}: the policy differs ({', '.join(differs)}), which changes scores, too.")
        if (found.bonds["unexplained"] != 0).any() and self._position(0) is None:
            self._notes.append(
                f"{SCORE.title}: how many interactions the earlier run had read is not on record, so that events added"
                " since with earlier times cannot be told apart."
            )

    def _position(self, state: int) -> int | None:
        """Return how many interactions the scores of a state had read; None where that is not on record now."""
        read = self._states[state].read.get(SCORE.kind)
        return read[1] if read is not None and read[0] == self._view.mark().ledger else None

    def _new_events(self) -> Collection[str]:
        """Return the ids of the interactions that the later scores had read and the earlier ones had not."""
        first, last = self._position(0), self._position(1)
        if first is None or (last is not None and first >= last):
            return ()
        new = self._view.interactions(InteractionFilter(after=first, upto=last, history=True))
        ids: Collection[str] = new["event_id"]
        return ids

    def _other(self, kind: str, runs: tuple[Run, Run], tables: list[pa.Table]) -> None:
        frames = [table.to_pandas() for table in tables]
        reason = self._reason(kind, runs)
        graphs = None
        if kind == RANK.kind and not reason:
            graphs = former_graphs(self._view, runs, frames[0])
            if graphs is None:
                reason = self._unknown_links(kind, runs)
        damping = float(runs[1].parameters.get("damping_factor", 0.85))
        found = result_changes(frames[0], frames[1], kind, graphs, damping, reason or self._told(kind))
        if found.rows.empty:
            self._unchanged.append(kind)
        else:
            self._results.append(found)

    def _reason(self, kind: str, runs: tuple[Run, Run]) -> str:
        """Return which parameters differ, "" where none does."""
        one, two = (_how(run) for run in runs)
        names = ", ".join(sorted(name for name in one.keys() | two.keys() if one.get(name) != two.get(name)))
        return (
            f"{RESULTS[kind].title}: other parameters than before ({names}); what else cannot be told." if names else ""
        )

    def _told(self, kind: str) -> str:
        """Return why the later result was calculated, as its recalculation recorded it."""
        why = self._states[1].why.get(kind, "")
        return f"{RESULTS[kind].title} was calculated anew because of: {why}." if why and kind != RANK.kind else ""

    def _unknown_links(self, kind: str, runs: tuple[Run, Run]) -> str:
        """Return what is known of the links behind a PageRank whose former graph is not on record."""
        if runs[1].parameters.get("graph") == "ties":
            return "Which ties are new cannot be told: those on record do not give the former graph back."
        first, last = (state.read.get(kind) for state in self._states)
        ledger = self._view.mark().ledger
        if first is None or last is None or first[0] != ledger or last[0] != ledger:
            return "Which interactions are new cannot be told: what the runs had read is not on record."
        return new_interactions(self._view, first[1], last[1])


def _how(run: Run) -> Mapping[str, object]:
    """Return how *run* was calculated, and the touchpoint table that it read."""
    asked = run.parameters.get(ASKED)
    how = {name: run.parameters.get(name) for name in _HOW} if asked is None else asked
    return {**how, "touchpoints": run.parameters.get("touchpoints")}


def _policy(run: Run, table: TouchpointTable) -> FusionPolicy:
    """Return the policy of *run*.

    Raises:
        InputError: it had another touchpoint table than *table*, which is no longer on record.
    """
    return FusionPolicy.from_dict(run.parameters["policy"], table)


def _movers(before: pd.DataFrame, after: pd.DataFrame, top: int) -> list[str]:
    """Return the consumers of the bonds that rose and fell most."""
    one, two = (each.set_index(_BOND)[_VALUE] for each in (before, after))
    change = two.sub(one, fill_value=0.0)
    chosen = change.iloc[np.argsort(-change.abs().to_numpy(), kind="stable")[: 2 * top]]
    return sorted(set(chosen.index.get_level_values("consumer")))


def _named(found: Changes) -> Iterator[pd.DataFrame]:
    """Yield the rows whose ids sentences name."""
    if found.bonds is not None:
        yield found.bonds.bonds.head(200)
        yield found.bonds.terms[["consumer", "brand", "via"]]
        yield found.bonds.brands.head(200)
        yield found.bonds.causes[["brand", "via"]].head(1000)
        yield found.bonds.causes[["largest_consumer"]].head(1000).rename(columns={"largest_consumer": "consumer"})
    for each in found.results:
        stayed = each.rows["before"].notna() & each.rows["after"].notna()
        yield pd.concat([each.rows[stayed].head(200), each.rows[~stayed].head(200)])
        yield each.links[["from_label", "from_id"]].rename(columns={"from_label": "label", "from_id": "id"})
