"""Forgetting, from what was asked to what has changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from influence_graph.app.door import Privacy, key_of, known_key
from influence_graph.app.forget.changes import changes, current
from influence_graph.app.forget.choosing import Choice, choose, with_unfinished
from influence_graph.app.recompute.held import held
from influence_graph.app.recompute.recompute import recompute
from influence_graph.ending import in_doubt
from influence_graph.errors import InputError
from influence_graph.ingest.pseudonyms import STATE, PersonKey
from influence_graph.ingest.rejects import rejects_in, without
from influence_graph.model.erasure import Erased, Redaction, Selection
from influence_graph.model.parameters import ForgetParameters, RecomputeParameters, recorded
from influence_graph.model.recalculations import Outcome, Recalculation
from influence_graph.model.records import CAMPAIGNS, PEOPLE, TIES
from influence_graph.stores.base import InteractionFilter, Lease, Store
from influence_graph.text import count_text

UNFINISHED = "erasing"
"""Name of the state in which a store notes which source or age is being erased, until it is gone."""
Notify = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class Forgotten:
    """What was forgotten, or with a dry run would be.

    Attributes:
        erased: What went from the store.
        shared: Number of records of the source that others gave, too: they stay.
        remaining: Number of records that remain, by kind.
        silent: Number of people who remain without a tie or an interaction.
        rejects: Number of lines that went, by the file of rejects that was looked at.
        mentions: Number of other texts (ids of events, notes of campaigns) in which an id or a name stands as a word:
            they are of others, and stay.
        changes: What has changed in current results: result, label, id, other, before, after; None: nothing was
            calculated.
        recalculation: What made the results current again; None: there were none, or it was a dry run.
        redaction: Of the people's ids and names, for texts elsewhere.
    """

    erased: Erased
    shared: int = 0
    remaining: Mapping[str, int] = field(default_factory=dict)
    silent: int = 0
    rejects: Mapping[Path, int] = field(default_factory=dict)
    mentions: int = 0
    changes: pd.DataFrame | None = None
    recalculation: Recalculation | None = None
    redaction: Redaction = field(default_factory=lambda: Redaction(()))


def forget(
    store: Store,
    parameters: ForgetParameters,
    *,
    key_file: Path | None = None,
    dry_run: bool = False,
    notify: Notify = lambda _: None,
    lease: Lease | None = None,
) -> Forgotten:
    """Erase people, a source or what is too old, and calculate current results again, all becoming current at once.

    People leave a tombstone, a keyed hash (HMAC-SHA256) by which the door keeps them out when a file brings them again;
    what goes with a source or by its age may come again. An erasure that was cut off before is completed.

    Args:
        store: Where they are.
        parameters: Whom and what.
        key_file: File of the key; None: that of ``INFLUENCE_GRAPH_KEY_FILE``, else in the user's configuration. It is
            made where people are forgotten for the first time.
        dry_run: Only say what would go.
        notify: Called with a line for the user.
        lease: The lease ``RECALCULATION``, which the caller renews; None: it is held and renewed here.

    Raises:
        InputError: nothing was asked for, or the key is needed and is not the one of the store.
        NotFound: there is no such person or source; nothing has changed.
        LockHeld: another process recalculates, or uses the store's file.
    """
    with ExitStack() as inside:
        if lease is None and not dry_run:
            lease = inside.enter_context(held(store))
        key = _key(store, parameters, key_file, notify, dry_run=dry_run)
        choice = choose(store, parameters, key, datetime.now(UTC))
        selection = with_unfinished(store, choice.selection, key)
        _tell_unfinished(store, parameters, notify)
        names = list(store.names(PEOPLE, selection.people).values())
        redaction = Redaction({*selection.people, *parameters.people}, names)
        rejects = _clear_rejects(parameters.rejects, redaction, dry_run=dry_run)
        if dry_run:
            erased = store.erase(selection, dry_run=True)
            return Forgotten(erased, choice.shared, _left(store, erased), rejects=rejects, redaction=redaction)
        before = current(store)
        erased = _erase(store, parameters, choice, selection, lease)
        done = after = None
        if before:
            notify("calculating again what depended on it")
            asked = RecomputeParameters(only=tuple(before))
            done = recompute(store, asked, lease=lease, notify=notify, reason=_reason(parameters))
            _drop_skipped(store, done, notify)
            after = changes(before, current(store), selection.people)
        _require_gone(store, selection)
        left, silent, mentions = store.counts(), _silent(store), _mentions(store, redaction)
        return Forgotten(erased, choice.shared, left, silent, rejects, mentions, after, done, redaction)


def _key(
    store: Store, parameters: ForgetParameters, key_file: Path | None, notify: Notify, *, dry_run: bool
) -> PersonKey | None:
    """Return the key, None where none is needed: nobody goes, or nothing is to be written and there is none."""
    if parameters.people and not dry_run:
        return key_of(store, Privacy(key_file=key_file, note=notify))
    state = store.state(STATE) or {}
    if state.get("key") and (parameters.people or store.unfinished_erasures()):
        return known_key(store, key_file)
    return None


def _reason(parameters: ForgetParameters) -> dict[str, Any]:
    """Return which source or age is erased; people are named nowhere."""
    return {name: value for name, value in recorded(parameters).items() if name in ("source", "older_than") and value}


def _erase(
    store: Store, parameters: ForgetParameters, choice: Choice, selection: Selection, lease: Lease | None
) -> Erased:
    """Erase *selection* while *lease* is held; until it is gone the store notes which source or age that is."""
    asked = _reason(parameters)
    in_doubt()  # from here on nobody can tell but the store
    if asked:
        store.set_state(UNFINISHED, asked, lease)
    erased = store.erase(selection)
    if choice.sources:
        store.drop_sources([source.number for source in choice.sources])
    if asked:
        store.set_state(UNFINISHED, None)
    return erased


def _drop_skipped(store: Store, done: Recalculation | None, notify: Notify) -> None:
    """Let the results go that were calculated from what is gone, and cannot be calculated again."""
    skipped = [step for step in (done.steps if done else ()) if step.outcome is Outcome.SKIPPED]
    current_runs = done.current if done else {}
    runs = tuple(current_runs[step.kind] for step in skipped if step.kind in current_runs)
    if runs:
        store.erase(Selection(runs=runs))
        for step in skipped:
            notify(f"{step.kind}: {step.why}; its results of before are gone")


def _tell_unfinished(store: Store, parameters: ForgetParameters, notify: Notify) -> None:
    """Say where another erasure was cut off that this one does not complete."""
    asked = store.state(UNFINISHED) or {}
    left = {name: value for name, value in asked.items() if recorded(parameters).get(name) != value}
    if left:
        told = ", ".join(f"{name.replace('_', '-')} {value}" for name, value in left.items())
        notify(f"an erasure was cut off, and part of it may still be there: run forget again with --{told}")


def _clear_rejects(paths: Sequence[Path], redaction: Redaction, *, dry_run: bool) -> dict[Path, int]:
    files = dict.fromkeys(file for path in paths for file in rejects_in(path))
    return {file: without(file, redaction, dry_run=dry_run) for file in files}


def _left(store: Store, erased: Erased) -> dict[str, int]:
    return {kind: number - erased.records.get(kind, 0) for kind, number in store.counts().items()}


def _silent(store: Store) -> int:
    """Return how many people have neither a tie nor an interaction."""
    people = _column(store, PEOPLE.name, "id")
    ends = [_column(store, TIES.name, name) for name in ("source", "target")]
    events = store.interactions(InteractionFilter(history=True))["consumer"].unique().cast(pa.string())
    named = pa.concat_arrays([*(end.unique() for end in ends), events])
    return int(pc.sum(pc.invert(pc.is_in(people, value_set=named))).as_py() or 0)


def _column(store: Store, kind: str, name: str) -> pa.Array:
    parts = [table[name].combine_chunks() for table in store.records(kind)]
    return pa.concat_arrays(parts) if parts else pa.array([], pa.string())


def _mentions(store: Store, redaction: Redaction) -> int:
    """Return how many texts that belong to others name one of the people."""
    events = store.interactions(InteractionFilter(history=True))
    columns = [events["event_id"], events["replaces"]]
    columns += [table[name] for table in store.records(CAMPAIGNS) for name in ("event_id", "note", "segment")]
    texts = (text for column in columns for text in column.drop_null().to_pylist())
    return sum(map(redaction.is_named_in, texts))


def _require_gone(store: Store, selection: Selection) -> None:
    """Make sure that nobody of *selection* came back meanwhile.

    Raises:
        InputError: somebody did, by an import that began before.
    """
    gone = pa.array(selection.people, pa.string())
    back = (table["id"].filter(pc.is_in(table["id"], gone)) for table in (store.records(PEOPLE) if len(gone) else ()))
    if number := sum(map(len, back)):
        raise InputError(
            f"{count_text(number, 'person', 'people')} came back by an import that began before",
            remedy="let it end, then run the same command again",
        )
