"""A local columnar copy of the ledger, from which everything is calculated.

Only records past the watermark are read from the server, as lists. Nodes written by hand, without
a ``seq``, are not part of the ledger. If the number of records differs, something was deleted by
hand: then the copy is made again.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa
from platformdirs import user_cache_path

from influence_graph.errors import StoreError
from influence_graph.model.records import KINDS, Batch, RecordKind
from influence_graph.stores.embedded.store import EmbeddedStore
from influence_graph.stores.neo4j.database import Database
from influence_graph.stores.neo4j.meaning import table_of
from influence_graph.stores.neo4j.rows import to_table

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
_LOCK_WAIT_SECONDS = 60.0
_KEPT_GENERATIONS = 2


@dataclass(frozen=True)
class _Ledger:
    """What the server knows of its ledger: identity, number of the last transaction, own table, records per kind.

    ``frozen`` is the number of the last transaction of records that may hold derived meaning.
    """

    id: str
    seq: int
    frozen: int
    touchpoints: str | None
    records: dict[str, int]


@dataclass(frozen=True)
class _State:
    """What a mirror holds: all records up to ``watermark``, and per kind how many have no ``seq``.

    ``records`` is how many the mirror itself holds per kind; None where a former version did not note it.
    ``touchpoints`` is the server's own table that it holds, as JSON.
    """

    generation: int = 0
    watermark: int = 0
    foreign: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    records: dict[str, int] | None = None
    touchpoints: str | None = None


class _Outdated(Exception):
    """The mirror cannot be brought up to date by adding to it."""


class Mirror:
    """The mirror of *database* under *cache*, one folder per ledger."""

    def __init__(self, database: Database, cache: Path | None = None) -> None:
        self._database = database
        self._cache = cache or user_cache_path("influence-graph") / "mirrors"

    def synced(self) -> EmbeddedStore:
        """Return the mirror as a store, holding what the server had committed when this was called.

        The server is queried once where nothing is new, and once more after something was read from it.

        Raises:
            StoreError: records are deleted by hand faster than they are read.
        """
        for _ in range(_ROUNDS):
            ledger = self._ledger()
            if ledger is None:
                return EmbeddedStore(self._cache / "empty", missing_is_empty=True)
            folder = self._cache / ledger.id
            state = _load(folder)
            try:
                self._catch_up(folder, state, ledger)
                return _store(folder, state.generation)
            except _Outdated:
                _save(folder, _State(state.generation + 1))
                _drop_old(folder, state.generation + 1)
        raise StoreError(
            f"{self._database.url}: records vanished {_ROUNDS} times while they were read",
            remedy="stop deleting by hand, then run the command again",
        )

    def _ledger(self) -> _Ledger | None:
        """Return the ledger, or None before the first write; the counts may be of a moment later than ``seq``."""
        rows = self._database.read("read-ledger")
        if not rows:
            return None
        row = rows[0]
        records = {kind: row[kind] for kind in KINDS}
        return _Ledger(row["id"], row["seq"], row["frozen"], row["touchpoints"], records)

    def _catch_up(self, folder: Path, state: _State, ledger: _Ledger) -> None:
        """Read what is new, and compare the counts unless others are writing."""
        if ledger.seq < state.watermark:
            raise _Outdated
        store = _store(folder, state.generation)
        if ledger.touchpoints != state.touchpoints:
            own = ledger.touchpoints
            store.set_touchpoints(None if own is None else table_of(own, self._database.url))
            state = replace(state, touchpoints=ledger.touchpoints)
        elif ledger.seq == state.watermark and state.records and _foreign(ledger, state.records) == state.foreign:
            return
        if ledger.frozen > state.watermark:
            self._pull(store, state.watermark, ledger.frozen)
            store.freeze()
        self._pull(store, max(state.watermark, ledger.frozen), ledger.seq)
        records = store.counts()
        foreign = self._foreign_at(ledger.seq, records, state.foreign)
        if state.watermark and foreign != state.foreign:
            raise _Outdated
        _save(folder, replace(state, watermark=ledger.seq, foreign=foreign, records=records))

    def _foreign_at(self, seq: int, records: dict[str, int], expected: dict[str, int]) -> dict[str, int]:
        """Return the number of records per kind without ``seq``; *expected* where others are writing meanwhile."""
        now = self._ledger()
        if now is None or now.seq != seq:
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
                    yield _batch(kind, rows)
                    rows = []
        if rows:
            yield _batch(kind, rows)


def _foreign(ledger: _Ledger, records: dict[str, int]) -> dict[str, int]:
    """Return how many records of each kind the server has beyond *records* of its mirror."""
    return {kind: count - records[kind] for kind, count in ledger.records.items()}


def _batch(kind: RecordKind, rows: list[Any]) -> Batch:
    return Batch(kind, to_table(rows, kind.schema), pa.array(range(len(rows)), pa.int64()))


def _store(folder: Path, generation: int) -> EmbeddedStore:
    return EmbeddedStore(folder / str(generation), lock_wait=_LOCK_WAIT_SECONDS, missing_is_empty=True)


def _load(folder: Path) -> _State:
    """Return the saved state; a missing or incomplete one means an empty mirror, which is read again."""
    try:
        state = _State(**json.loads((folder / "state.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return _State()
    return state if _store(folder, state.generation).path.exists() else _State(state.generation)


def _save(folder: Path, state: _State) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / f".state.{os.getpid()}"
    temporary.write_text(json.dumps(asdict(state)), encoding="utf-8")
    temporary.replace(folder / "state.json")


def _drop_old(folder: Path, generation: int) -> None:
    """Delete old generations; the former one stays for a process that is still reading it."""
    for path in folder.iterdir():
        if path.name.isdecimal() and int(path.name) <= generation - _KEPT_GENERATIONS:
            shutil.rmtree(path, ignore_errors=True)
