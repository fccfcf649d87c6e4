"""The door of a store: who comes in under a pseudonym, who was forgotten and stays out, and where records come from.

All that names people passes it: files, data sets, and copies of other stores.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa

from influence_graph.errors import InputError, NotFound
from influence_graph.ingest.discreet import kept_texts, naming, pseudonymized, telling_events
from influence_graph.ingest.pseudonyms import STATE, VARIABLE, PersonKey, key_path, make_key, read_key, require_same
from influence_graph.ingest.readers.stream import open_file
from influence_graph.model.records import Batch, RecordKind, record_kind
from influence_graph.stores.base import AppendReport, ForgottenMeanwhile, Progress, Reader, Store
from influence_graph.text import count_text

_DIGEST_BYTES = 16
_MIX = "allow both in one store with --mix-ids"


def _ignore(_note: str) -> None:
    """Ignore a note."""


@dataclass(frozen=True, kw_only=True)
class Privacy:
    """How people come into a store.

    Attributes:
        pseudonymize: Keep keyed hashes of their ids, and no names.
        key_file: File of the key; None: that of ``INFLUENCE_GRAPH_KEY_FILE``, else in the user's configuration.
        mix_ids: Let ids stand beside pseudonyms in one store: a person with both is two.
        note: Called with a line for each thing that the caller should know at once.
    """

    pseudonymize: bool = False
    key_file: Path | None = None
    mix_ids: bool = False
    note: Callable[[str], None] = _ignore


class Door:
    """What records pass on their way into a store.

    Args:
        key: What makes pseudonyms and tombstones; None where neither is needed.
        tombstones: Those of the store.
        pseudonymize: Whether people get pseudonyms.
        key_file: File of the key, which is read where somebody is forgotten later; None: as in :class:`Privacy`.
    """

    def __init__(
        self,
        key: PersonKey | None = None,
        tombstones: frozenset[str] = frozenset(),
        *,
        pseudonymize: bool = False,
        key_file: Path | None = None,
    ) -> None:
        self._key = key
        self._tombstones = pa.array(sorted(tombstones), pa.string())
        self._pseudonymize = pseudonymize
        self._key_file = key_file
        self._is_renewed = False  # what was admitted before may wait to be appended
        self.begin()

    def begin(self) -> None:
        """Count anew, for another file."""
        self._forgotten = [0, 0]
        self._telling = 0
        self._texts: set[str] = set()

    def admitted(self, batches: Iterable[Batch], *, made_ids: bool = False) -> Iterator[Batch]:
        """Yield :meth:`admit` of each of *batches*, where a record is left."""
        for batch in batches:
            admitted = self.admit(batch, made_ids=made_ids)
            if len(admitted.lines):
                yield admitted

    def admit(self, batch: Batch, *, made_ids: bool = False) -> Batch:
        """Return *batch* as it is to be stored.

        Args:
            batch: Validated records.
            made_ids: The ids of events are digests of the rows of the file.
        """
        if self._key is None:
            return batch
        if self._pseudonymize:
            self._telling += 0 if made_ids else telling_events(batch)
            self._texts |= kept_texts(batch) - ({"event_id"} if made_ids else set())
            batch = pseudonymized(batch, self._key, made_ids=made_ids)
        return self._sifted(batch, 0)

    def append(
        self, store: Store, kind: RecordKind | str, batches: Iterable[Batch], progress: Progress | None = None
    ) -> AppendReport:
        """Append the admitted *batches* to *store*, but what names people who are forgotten meanwhile.

        The store looks in the transaction of each batch whether there are more tombstones than were known here. Then
        that batch and all after it are looked at again. Rows of it that a server has stored by then are unchanged ones.

        Raises:
            InputError: somebody was forgotten, and the key by which they are known is not there.
        """
        report = AppendReport(record_kind(kind).name)
        rest = self._again(batches) if self._is_renewed else iter(batches)
        while True:
            taken: list[Batch] = []
            try:
                stored = store.append(kind, _noted(rest, taken), progress=progress, tombstones=len(self._tombstones))
            except ForgottenMeanwhile as error:
                report.add(error.report)
                self._renew(store)
                rest = self._again(chain(taken, rest))
            else:
                report.add(stored)
                return report

    def _renew(self, store: Store) -> None:
        """Learn who was forgotten since."""
        if self._key is None:
            self._key = known_key(store, self._key_file)
        self._tombstones = pa.array(sorted(store.tombstones()), pa.string())
        self._is_renewed = True

    def _again(self, batches: Iterable[Batch]) -> Iterator[Batch]:
        for batch in batches:
            sifted = self._sifted(batch, 1)
            if len(sifted.lines):
                yield sifted

    def _sifted(self, batch: Batch, place: int) -> Batch:
        """Return *batch* without what names somebody who was forgotten; *place*: where that is counted, by thread."""
        if self._key is None or not len(self._tombstones):
            return batch
        out = naming(batch, self._key, self._tombstones)
        if not out.any():
            return batch
        self._forgotten[place] += int(out.sum())
        kept = pa.array(~out)
        return replace(batch, table=batch.table.filter(kept), lines=batch.lines.filter(kept))

    @property
    def forgotten(self) -> int:
        """Number of records left out since :meth:`begin`, because they name somebody who was forgotten."""
        return sum(self._forgotten)

    @property
    def said(self) -> list[str]:
        """What there is to say since :meth:`begin`, a line each."""
        lines = []
        if self.forgotten:
            verb = "names" if self.forgotten == 1 else "name"
            lines.append(f"{count_text(self.forgotten, 'row')} left out: {verb} somebody who was forgotten")
        if self._texts:
            lines.append(f"people have pseudonyms, and no names; stored as they are: {', '.join(sorted(self._texts))}")
        if self._telling:
            holds = "event_id holds" if self._telling == 1 else "event_ids hold"
            lines.append(f"{self._telling:,} {holds} the id of a person: --map event_id=digest makes others")
        return lines


def open_door(store: Store, privacy: Privacy, *, dry_run: bool = False) -> Door:
    """Return the door of *store*, which knows from now on that its people have pseudonyms, if they are to.

    Raises:
        InputError: ids and pseudonyms would be mixed, or the key is needed and is not there, or not the right one.
    """
    state, tombstones = _privacy_of(store), _tombstones_of(store)
    if not privacy.mix_ids:
        _refuse_mixing(store, state, privacy)
    if not (privacy.pseudonymize or tombstones):
        return Door(key_file=privacy.key_file)
    path = key_path(privacy.key_file)
    if dry_run and not (tombstones or state.get("key") or read_key(path)):  # no key is made, and any does as well
        return Door(PersonKey(secrets.token_bytes(32), path), pseudonymize=True)
    key = _key(store.url, state, privacy, make=not tombstones)
    if privacy.pseudonymize and not dry_run:
        _keep(store, state, {"key": key.check, "pseudonyms": True})
    return Door(key, tombstones, pseudonymize=privacy.pseudonymize, key_file=privacy.key_file)


def key_of(store: Store, privacy: Privacy) -> PersonKey:
    """Return the key of *store*; where it has none yet, that of the key file, made where there is none, is its own.

    Raises:
        InputError: the key is not there, or is not the one of the store.
    """
    state = _privacy_of(store)
    key = _key(store.url, state, privacy, make=True)
    _keep(store, state, {"key": key.check})
    return key


def known_key(store: Store, key_file: Path | None) -> PersonKey:
    """Return the key in *key_file*, which is that of *store* where that has one; nothing is made.

    Raises:
        InputError: there is no such file, or it holds the key of another store.
    """
    path = key_path(key_file)
    key = read_key(path)
    if key is None:
        raise _no_key(path)
    require_same(key, _privacy_of(store), store.url)
    return key


def door_between(source: Reader, target: Store, privacy: Privacy) -> Door:
    """Return the door of *target* for the records of *source*, whose people come as they are.

    Raises:
        InputError: ids and pseudonyms, or pseudonyms of two keys, would be mixed; the key is needed and not there.
    """
    theirs, ours = _privacy_of(source), _privacy_of(target)
    come, are = bool(theirs.get("pseudonyms")), bool(ours.get("pseudonyms"))
    if come != are and not privacy.mix_ids and _people_in(source) and _people_in(target):
        one, other = (source.url, target.url) if come else (target.url, source.url)
        raise InputError(f"people have pseudonyms in {one} and ids in {other}", remedy=f"name another store, or {_MIX}")
    if come and ours.get("key", theirs["key"]) != theirs["key"]:
        raise InputError(
            f"the pseudonyms in {source.url} and {target.url} were made with different keys",
            remedy="ingest the files of one of them into the other",
        )
    tombstones = _tombstones_of(target)
    key = _key(target.url, ours, privacy, make=False) if tombstones else None
    if come:
        _keep(target, ours, {"key": theirs["key"], "pseudonyms": True})
    return Door(key, tombstones, key_file=privacy.key_file)


class Guarded:
    """Appends to *store* through its *door*."""

    def __init__(self, store: Store, door: Door) -> None:
        self._store, self._door = store, door

    def append(self, kind: RecordKind, batches: Iterable[Batch], *, progress: Progress | None = None) -> AppendReport:
        """Append *batches*, which the door has admitted; see :meth:`Door.append`."""
        return self._door.append(self._store, kind, batches, progress)


class Given:
    """The *batches* of one source of *store*, which is added once there is a record: what is refused leaves none.

    Args:
        store: Where; None: the source is not kept.
        name: What it is called.
        digest: Of its contents, calculated where it is needed.
        batches: Its records.
    """

    def __init__(self, store: Store | None, name: str, digest: Callable[[], str], batches: Iterator[Batch]) -> None:
        self._store = store
        self._first = next(batches, None)
        self._rest = batches
        self._number = None if store is None or self._first is None else store.add_source(name, digest())

    def __iter__(self) -> Iterator[Batch]:
        """Yield the batches, each with the number of the source."""
        for batch in () if self._first is None else chain([self._first], self._rest):
            yield replace(batch, source=self._number)

    def count(self, reports: Iterable[AppendReport]) -> None:
        """Note that all were stored, as the *reports* say."""
        if self._store is not None and self._number is not None:
            rows = sum(report.inserted + report.updated + report.unchanged for report in reports)
            self._store.count_source(self._number, rows)


def digest_of_file(path: Path) -> str:
    """Return the digest (BLAKE2b, 128 bits, hexadecimal) of the bytes of *path*, ``-`` for standard input.

    Raises:
        UnreadableFile: it cannot be read.
    """
    with open_file(path) as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=_DIGEST_BYTES)).hexdigest()


def digest_of_texts(*texts: str) -> str:
    """Return the digest of *texts*, as of a file that holds them."""
    return hashlib.blake2b("\0".join(texts).encode(), digest_size=_DIGEST_BYTES).hexdigest()


def _noted(batches: Iterator[Batch], taken: list[Batch]) -> Iterator[Batch]:
    """Yield *batches*; the last one is in *taken*."""
    for batch in batches:
        taken[:] = [batch]
        yield batch


def _refuse_mixing(store: Store, state: Mapping[str, Any], privacy: Privacy) -> None:
    if state.get("pseudonyms") and not privacy.pseudonymize:
        raise InputError(f"people have pseudonyms in the store {store.url}", remedy=f"add --pseudonymize, or {_MIX}")
    if privacy.pseudonymize and not state.get("pseudonyms") and _people_in(store):
        raise InputError(
            f"people have ids, not pseudonyms, in the store {store.url}", remedy=f"name another --store, or {_MIX}"
        )


def _key(url: str, state: Mapping[str, Any], privacy: Privacy, *, make: bool) -> PersonKey:
    """Return the key for the store at *url*; *make* it where the store has none and the file is not there."""
    path = key_path(privacy.key_file)
    if read_key(path) is None and (state.get("key") or not make):
        raise _no_key(path, f" of the store {url}")
    key = make_key(path, url)
    require_same(key, state, url)
    if key.is_new:
        privacy.note(f"made the key {path}: keep a copy, apart from the store; without it nobody is found by their id")
    return key


def _no_key(path: Path, of: str = "") -> InputError:
    return InputError(f"there is no key{of} in {path}", remedy=f"name its file with --key-file or {VARIABLE}")


def _keep(store: Store, state: Mapping[str, Any], changes: Mapping[str, Any]) -> None:
    if {**state, **changes} != state:
        store.migrate()
        store.set_state(STATE, {**state, **changes})


def _privacy_of(store: Reader) -> Mapping[str, Any]:
    """Return the state of that name; an empty one also where there is no store yet."""
    try:
        return store.state(STATE) or {}
    except NotFound:
        return {}


def _tombstones_of(store: Reader) -> frozenset[str]:
    try:
        return store.tombstones()
    except NotFound:
        return frozenset()


def _people_in(store: Reader) -> int:
    try:
        return store.counts()["people"]
    except NotFound:
        return 0
