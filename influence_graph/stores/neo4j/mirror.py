"""A local columnar copy of the ledger, from which everything is calculated.

Only records past the watermark are read from the server, as lists, and only where the server proves that its history
up to there is the mirror's: each transaction leaves a token of its own (``lock-ledger``), and that of the watermark
must be the mirror's. Else, and where the number of records differs (something was deleted by hand), where the ledger
says that it was edited, or where the mirror is damaged, all is read anew. Nodes written by hand, without a ``seq``,
are not part of the ledger.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from influence_graph.caches import cache_folder, make_private, usable
from influence_graph.errors import NotFound, StoreError
from influence_graph.model.records import KINDS, Batch, RecordKind
from influence_graph.stores.embedded.store import EmbeddedStore
from influence_graph.stores.neo4j.database import Database, single
from influence_graph.stores.neo4j.meaning import table_of
from influence_graph.stores.neo4j.mirror_folder import Gone, MirrorFolder, State, is_local
from influence_graph.stores.neo4j.rows import to_table

if TYPE_CHECKING:
    import neo4j

    from influence_graph.stores.embedded.sharing import SharedReading

_READ: dict[str, tuple[str, ...]] = {
    "people": ("read-people",),
    "brands": ("read-brands",),
    "ties": ("read-ties-follows", "read-ties-friend", "read-ties-exposed"),
    "interactions": ("read-interactions-to-brand", "read-interactions-to-consumer"),
    "campaigns": ("read-campaigns",),
    "sales": ("read-sales",),
}
_BATCH_ROWS = 100_000
_ROUNDS = 5
_PAGE = 64
"""How many transactions have their tokens on one page, as in ``lock-ledger``."""
_NO_RECORD = (pa.ArrowException, TypeError, ValueError, OverflowError, AttributeError)
"""What wrong types raise where a row becomes a record."""
_ID = re.compile(r"[0-9A-Za-z-]{1,64}")


@dataclass(frozen=True)
class _Ledger:
    """What the server knows of its ledger: identity, number of the last transaction, own table, records per kind.

    ``frozen`` is the number of the last transaction of records that may hold derived meaning, ``tokens`` are those of
    the last transactions, newest first, and ``edition`` is another after each change by hand that was made known.
    """

    id: str
    seq: int
    frozen: int
    touchpoints: str | None
    edition: str | None
    tokens: list[str]
    records: dict[str, int]

    @property
    def token(self) -> str | None:
        """The token of the last transaction."""
        return self.tokens[0] if self.seq and self.tokens else None


def read_ledger(database: Database) -> neo4j.Record | None:
    """Return the row of the ledger of *database*, None before the first write."""
    for _ in range(2):  # at the moment when books are moved it is not there (books.py)
        if rows := database.read("read-ledger"):
            return rows[0]
    return None


class _Outdated(Exception):
    """The mirror cannot be brought up to date by adding to it."""


class Mirror:
    """The mirror of *database* under *cache*, one folder per ledger."""

    def __init__(self, database: Database, cache: Path | None = None) -> None:
        self._database = database
        self._is_default = cache is None
        self._cache = cache_folder("mirrors") if cache is None else cache
        self._folders: dict[str, MirrorFolder] = {}
        self._whole_reads = 0

    def synced(self) -> EmbeddedStore:
        """Return the mirror as a store, holding what the server had committed when this was called.

        The server is queried once where nothing is new, and once more after something was read from it.

        Raises:
            InputError: the folder of the mirrors cannot be used.
            StoreError: records are deleted by hand faster than they are read.
        """
        found = self._synced()
        return self._nothing() if found is None else found[0].store(found[1].generation)

    @contextmanager
    def opened(self) -> Iterator[tuple[SharedReading, Path]]:
        """Give what reads the synced mirror, and the folder of its cache, for the ``with`` block."""
        with ExitStack() as stack:
            yield self._opened(stack)

    @contextmanager
    def trial(self) -> Iterator[EmbeddedStore]:
        """Give a copy of the synced mirror that may be written to, for the ``with`` block."""
        found = self._synced()
        if found is None:
            yield self._nothing()
            return
        with found[0].trial(found[1].generation) as store:
            yield store

    def read_anew(self) -> bool | None:
        """Read all records from the server, and tell all mirrors of it to do so where they differ from the former ones.

        Returns:
            Whether they differ; None where that cannot be told: nothing was read before, or others write meanwhile.
        """
        reads = self._whole_reads
        before = self._synced()
        if before is None or self._whole_reads != reads:
            return None
        digest = self._digest(before)  # once all is read anew the former generation is gone
        found = self._synced(anew=True)
        if found is None or (found[1].watermark, found[1].token) != (before[1].watermark, before[1].token):
            return None
        folder, now = found
        if digest == self._digest(found):
            return False
        edition = self._database.write(mark_edited)
        folder.publish(replace(now, edition=edition))
        return True

    def erase(self) -> None:
        """Delete what this machine has of the ledger: all is read anew."""
        ledger = self._ledger()
        if ledger is not None:
            folder = self._folder(ledger.id)
            with folder.alone():
                folder.erase()

    def _opened(self, stack: ExitStack) -> tuple[SharedReading, Path]:
        for left in reversed(range(_ROUNDS)):
            found = self._synced()
            if found is None:
                return stack.enter_context(self._nothing().reading(self._database.url)), self._cache / "empty"
            folder, state = found
            try:
                return stack.enter_context(folder.store(state.generation).reading(self._database.url)), folder.cache
            except (NotFound, StoreError) as error:
                if not (left and is_local(error)):
                    raise
                if not isinstance(error, NotFound):  # else two newer generations were made since
                    folder.forget()
        raise AssertionError

    def _synced(self, *, anew: bool = False) -> tuple[MirrorFolder, State] | None:
        """Return the folder and its state, None before the first write; *anew*: whatever is there."""
        failed = 0
        while failed < _ROUNDS:
            ledger = self._ledger()
            if ledger is None:
                return None
            folder = self._folder(ledger.id)
            kept = folder.kept()
            if kept is not None and not self._proves(ledger, kept):
                ledger = self._ledger() or ledger  # number and tokens may have been read while both changed
            if kept is not None and not anew and self._holds(kept, ledger):
                return folder, kept
            with folder.alone():
                if not anew and folder.kept() != kept:
                    continue  # another process has brought it up to date meanwhile
                try:
                    return folder, self._caught_up(folder, None if anew else kept, ledger)
                except _Outdated:
                    failed, anew = failed + 1, True
                except Gone:
                    failed += 1
        raise StoreError(
            f"{self._database.url}: records vanished {_ROUNDS} times while they were read",
            remedy="stop deleting by hand, then run the command again",
        )

    def _folder(self, id_: str) -> MirrorFolder:
        """Return the folder of the ledger *id_*, private to the user."""
        if not _ID.fullmatch(id_):
            raise StoreError(
                f"the ledger of {self._database.url} was changed by hand: its id is {id_!r}",
                remedy="restore it from a backup",
            )
        with usable(self._cache):
            if self._is_default:
                make_private(self._cache)
            else:
                self._cache.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = self._folders.setdefault(id_, MirrorFolder(self._cache / id_))
        folder.make()
        return folder

    def _nothing(self) -> EmbeddedStore:
        """Return an empty store, in a folder that nobody has."""
        return EmbeddedStore(self._cache / f"empty-{uuid.uuid4().hex}", missing_is_empty=True)

    def _digest(self, found: tuple[MirrorFolder, State]) -> str:
        return found[0].store(found[1].generation).digest()

    def _ledger(self) -> _Ledger | None:
        """Return the ledger, or None before the first write; the counts may be of a moment later than ``seq``."""
        row = read_ledger(self._database)
        if row is None:
            return None
        names = ("id", "seq", "frozen", "touchpoints", "edition", "tokens")
        return _Ledger(**{name: row[name] for name in names}, records={kind: row[kind] for kind in KINDS})

    def _holds(self, kept: State, ledger: _Ledger) -> bool:
        """Return whether the mirror has all that the server has."""
        return (
            ledger.seq == kept.watermark
            and ledger.touchpoints == kept.touchpoints
            and _foreign(ledger, kept.records) == kept.foreign
            and self._proves(ledger, kept)
        )

    def _proves(self, ledger: _Ledger, kept: State) -> bool:
        """Return whether the server's history up to the watermark of *kept* is that of the mirror."""
        if kept.watermark and kept.token is None:
            return False
        return self._continues(ledger, kept.watermark, kept.token, kept.edition)

    def _continues(self, ledger: _Ledger, seq: int, token: str | None, edition: str | None) -> bool:
        """Return whether *ledger* has the same *edition*, and left *token* in the transaction *seq*."""
        if ledger.edition != edition or ledger.seq < seq:
            return False
        return not seq or self._token_at(ledger, seq) == token

    def _token_at(self, ledger: _Ledger, seq: int) -> str | None:
        """Return the token of the transaction *seq*, None where the server does not know it any more."""
        if ledger.seq - seq < len(ledger.tokens):
            return ledger.tokens[ledger.seq - seq]
        page = -(-seq // _PAGE) * _PAGE
        rows = self._database.read("read-token", page=page, place=page - seq)
        return rows[0]["token"] if rows else None

    def _caught_up(self, folder: MirrorFolder, kept: State | None, ledger: _Ledger) -> State:
        """Make *kept* and what it lacks the mirror, all for None; compare the counts unless others are writing."""
        if kept is not None and not self._proves(ledger, kept):
            kept = None
        known = kept or State(0, None, None, dict.fromkeys(KINDS, 0), {}, None)
        self._whole_reads += kept is None
        with folder.building(kept) as (generation, store):
            if (own := ledger.touchpoints) != known.touchpoints:
                store.set_touchpoints(None if own is None else table_of(own, self._database.url))
            if ledger.frozen > known.watermark:
                self._pull(store, known.watermark, ledger.frozen)
                store.freeze()
            self._pull(store, max(known.watermark, ledger.frozen), ledger.seq)
            records = store.counts()
            foreign = self._foreign_at(ledger, records, known.foreign)
            if known.watermark and foreign != known.foreign:
                raise _Outdated
            held = State(ledger.seq, ledger.token, ledger.edition, foreign, records, own, generation)
            return folder.publish(held, alone=kept is None)

    def _foreign_at(self, read: _Ledger, records: dict[str, int], expected: dict[str, int]) -> dict[str, int]:
        """Return the number of records per kind without ``seq``; *expected* where others are writing meanwhile.

        Raises:
            _Outdated: the server's history is not that of *read* any more.
        """
        now = self._ledger()
        if now is None or now.id != read.id or not self._continues(now, read.seq, read.token, read.edition):
            raise _Outdated
        if now.seq != read.seq:
            return expected
        foreign = _foreign(now, records)
        if foreign == expected:
            return expected
        again = self._ledger()  # a count is trusted where the ledger's number stays the same before and after
        return foreign if again == now else expected

    def _pull(self, store: EmbeddedStore, after: int, upto: int) -> None:
        if upto <= after:
            return
        for kind in KINDS.values():
            batches = self._batches(kind, after, upto)
            first = next(batches, None)
            if first is not None and store.append(kind, chain([first], batches)).conflicts:
                raise _Outdated

    def _batches(self, kind: RecordKind, after: int, upto: int) -> Iterator[Batch]:
        rows: list[Any] = []
        for name in _READ[kind.name]:
            for record in self._database.stream(name, after=after, upto=upto):
                rows += record["rows"]
                if len(rows) >= _BATCH_ROWS:
                    yield self._batch(kind, rows)
                    rows = []
        if rows:
            yield self._batch(kind, rows)

    def _batch(self, kind: RecordKind, rows: list[Any]) -> Batch:
        """Return *rows* as a batch.

        Raises:
            StoreError: one of them is no record, which only a change by hand can have made of it.
        """
        lines = pa.array(range(len(rows)), pa.int64())
        with suppress(*_NO_RECORD):
            table = to_table(rows, kind.schema)
            if not any(table[name].null_count for name in kind.required):
                return Batch(kind, table, lines)
        fault = next(filter(None, (_fault(kind, row) for row in rows)), "")
        raise StoreError(
            f"{kind.name} of {self._database.url} were changed by hand, and one is no record any more: {fault}",
            remedy="put it right there",
        )


def mark_edited(tx: neo4j.ManagedTransaction) -> str:
    """Tell all mirrors that records were changed by hand, in the transaction *tx*; return the mark."""
    edition: str = single(tx, "mark-edited").get("edition", "")
    return edition


def _foreign(ledger: _Ledger, records: dict[str, int]) -> dict[str, int]:
    """Return how many records of each kind the server has beyond *records* of its mirror."""
    return {kind: count - records[kind] for kind, count in ledger.records.items()}


def _fault(kind: RecordKind, row: list[Any]) -> str:
    """Return what is wrong with a *row* of the server, "" where it is a record."""
    named = ", ".join(repr(row[kind.names.index(name)]) for name in kind.key)
    try:
        table = to_table([row], kind.schema)
    except _NO_RECORD as error:
        return f"{named}: {error}"
    return next((f"{named}: it has no {name}" for name in kind.required if table[name].null_count), "")
