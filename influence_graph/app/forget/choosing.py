"""Whom and what a command asks to forget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from influence_graph.app.door import digest_of_file
from influence_graph.app.lookups import require
from influence_graph.errors import InputError, NotFound
from influence_graph.ingest.pseudonyms import STATE, PersonKey
from influence_graph.model.erasure import Selection
from influence_graph.model.records import CAMPAIGNS, KINDS, PEOPLE, SALES
from influence_graph.model.sources import Source, matching
from influence_graph.stores.base import InteractionFilter, Store

if TYPE_CHECKING:
    from influence_graph.model.parameters import ForgetParameters


@dataclass(frozen=True, eq=False)
class Choice:
    """What is to be forgotten.

    Attributes:
        selection: For the store.
        sources: The sources that are taken out.
        shared: Number of records that other sources gave, too, and that stay.
    """

    selection: Selection
    sources: tuple[Source, ...] = ()
    shared: int = 0


def choose(store: Store, parameters: ForgetParameters, key: PersonKey | None, now: datetime) -> Choice:
    """Return what *parameters* ask to forget.

    Args:
        store: Where it is.
        parameters: Whom and what.
        key: That of the store; None where nobody has been forgotten and people have no pseudonyms.
        now: When ages end.

    Raises:
        InputError: nothing was asked for.
        NotFound: there is no such person or source; the message has the nearest names.
    """
    if not (parameters.people or parameters.source or parameters.older_than or store.unfinished_erasures()):
        raise InputError("nobody to forget", remedy="give ids, --source FILE or --older-than AGE")
    people = _people(store, parameters.people, key)
    sources = _sources(store, parameters.source) if parameters.source else []
    records: dict[str, list[pa.Table]] = {}
    shared = 0
    for kind in KINDS if sources else ():
        brought = store.brought_by(kind, [source.number for source in sources])
        records.setdefault(kind, []).append(brought.only)
        shared += brought.shared
    if parameters.older_than is not None:
        for kind, keys in _older(store, _before(now, parameters.older_than)).items():
            records.setdefault(kind, []).append(keys)
    keys = {kind: pa.concat_tables(tables, promote_options="permissive") for kind, tables in records.items()}
    return Choice(Selection(people, records=keys), tuple(sources), shared)


def with_unfinished(store: Store, selection: Selection, key: PersonKey | None) -> Selection:
    """Return *selection* with its tombstones, and with those whose erasure was cut off.

    Raises:
        InputError: there are such, and no key by which to find them.
    """
    pending = store.unfinished_erasures()
    if not pending and (key is None or not selection.people):
        return selection
    if key is None:
        raise InputError(
            f"an erasure in the store {store.url} was cut off, and only the key tells of whom",
            remedy="name the key file with --key-file, and run `influence-graph forget` again",
        )
    people = set(selection.people)
    if pending:
        ids = pa.chunked_array([table["id"] for table in store.records(PEOPLE)] or [pa.array([], pa.string())])
        found = pc.is_in(key.tombstones(ids), value_set=pa.array(sorted(pending), pa.string()))
        people.update(ids.filter(found).to_pylist())
    hashes = {key.tombstone(person) for person in people} | pending
    return replace(selection, people=tuple(sorted(people)), tombstones=tuple(sorted(hashes)))


def _people(store: Store, ids: Sequence[str], key: PersonKey | None) -> tuple[str, ...]:
    """Return the *ids* as the store holds them.

    Raises:
        NotFound: nobody has one of them, and nothing names it.
    """
    if key is not None and (store.state(STATE) or {}).get("pseudonyms"):
        ids = [key.pseudonym(id_) for id_ in ids]
    forgotten = store.tombstones() if key is not None else frozenset()
    wanted = pa.array(ids, pa.string())
    found = (table["id"].filter(pc.is_in(table["id"], wanted)) for table in (store.records(PEOPLE) if ids else ()))
    present = {id_ for column in found for id_ in column.to_pylist()}
    for id_ in ids:
        if id_ in present or not store.erase(Selection((id_,)), dry_run=True).is_nothing:
            continue
        if key is not None and key.tombstone(id_) in forgotten:
            raise NotFound(f"{id_!r} was forgotten before", remedy="nothing is left to erase: leave this id out")
        require(store, PEOPLE, [id_])
    return tuple(dict.fromkeys(ids))


def _sources(store: Store, text: str) -> list[Source]:
    """Return the sources that *text* means.

    Raises:
        NotFound: there is none.
    """
    path, known = Path(text), store.sources()
    found = matching(known, text, digest_of_file(path) if path.is_file() else "")
    if not found:
        names = ", ".join(f"#{each.number} {each.name}" for each in known[-5:])
        raise NotFound(
            f"the store {store.url} knows of no source {text!r}",
            remedy=f"its last are {names}"
            if names
            else "what was stored before sources were kept cannot be told apart",
        )
    return found


def _before(now: datetime, age: timedelta) -> datetime:
    try:
        return now - age
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC)


def _older(store: Store, before: datetime) -> dict[str, pa.Table]:
    """Return the keys of what happened before that time: interactions, campaigns and sales.

    A correction, however old, stays as long as what it replaces: without it that would count again.
    """
    events = store.interactions(InteractionFilter(history=True)).select(["event_id", "at", "replaces"])
    old = pc.less(events["at"], pa.scalar(before, pa.timestamp("us", tz="UTC")))
    kept = set(events["event_id"].filter(pc.invert(old)).to_pylist())
    corrections = events.filter(pc.and_(old, pc.is_valid(events["replaces"]))).select(["event_id", "replaces"])
    pairs = list(zip(*(column.to_pylist() for column in corrections.columns), strict=True))
    held: set[str] = set()
    while more := {event for event, replaced in pairs if replaced in kept and event not in kept}:
        kept |= more
        held |= more
    gone = pc.and_(old, pc.invert(pc.is_in(events["event_id"], pa.array(sorted(held), events["event_id"].type))))
    keys = {"interactions": events.filter(gone).select(["event_id"])}
    for kind, time in ((CAMPAIGNS, "at"), (SALES, "date")):
        tables = list(store.records(kind))
        table = pa.concat_tables(tables) if tables else kind.schema.empty_table()
        limit = pa.scalar(before if time == "at" else before.date(), table[time].type)
        keys[kind.name] = table.filter(pc.less(table[time], limit)).select(list(kind.key))
    return keys
