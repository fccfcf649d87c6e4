"""A local columnar copy of the ledger, from which everything is calculated.

Only records past the watermark are read from the server, as lists. What was written by hand, without
a ``seq``, is not part of the ledger. If the number of records differs, something was deleted by
hand: then the copy is made anew.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa
from platformdirs import user_cache_path

from influence_graph.errors import StoreError
from influence_graph.model.records import KINDS, Batch, RecordKind
from influence_graph.stores.embedded.store import EmbeddedStore
from influence_graph.stores.neo4j.database import Database
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
class _State:
    """What a mirror holds: all records up to ``watermark``, and per kind how many have no ``seq``."""

    generation: int = 0
    watermark: int = 0
    foreign: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))


class _Outdated(Exception):
    """The mirror cannot be brought up to date by adding to it."""


class Mirror:
    """The mirror of *database* under *cache*, one folder per ledger."""

    def __init__(self, database: Database, cache: Path | None = None) -> None:
        self._database = database
        self._cache = cache or user_cache_path("influence-graph") / "mirrors"

    def synced(self) -> EmbeddedStore:
        """Return the mirror as a store, holding what the server had committed when this was called.

        Raises:
            StoreError: records are deleted by hand faster than they are read.
        """
        for _ in range(_ROUNDS):
            ledger = self._database.read("read-ledger")
            if not ledger:
                return EmbeddedStore(self._cache / "empty")
            folder = self._cache / ledger[0]["id"]
            state = _load(folder)
            try:
                self._catch_up(folder, state, ledger[0]["seq"])
                return _store(folder, state.generation)
            except _Outdated:
                _save(folder, _State(state.generation + 1))
                _drop_old(folder, state.generation + 1)
        raise StoreError(
            f"{self._database.url}: records vanished {_ROUNDS} times while they were read",
            remedy="stop deleting by hand, then run the command again",
        )

    def _catch_up(self, folder: Path, state: _State, upto: int) -> None:
        """Read what is new, and compare the counts unless others are writing."""
        if upto < state.watermark:
            raise _Outdated
        store = _store(folder, state.generation)
        if upto > state.watermark:
            self._pull(store, state.watermark, upto)
        totals = self._totals()
        foreign = state.foreign
        if totals is not None and totals[1] == upto:
            foreign = {kind: totals[0][kind] - records for kind, records in store.counts().items()}
            if state.watermark and foreign != state.foreign:
                raise _Outdated
        if upto != state.watermark:
            _save(folder, _State(state.generation, upto, foreign))

    def _pull(self, store: EmbeddedStore, after: int, upto: int) -> None:
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

    def _totals(self) -> tuple[dict[str, int], int] | None:
        """Return the records per kind and the ledger's number, or None if it moved while counting."""
        before = self._database.read("read-ledger")
        totals = dict.fromkeys(KINDS, 0)
        for row in self._database.read("count-records"):
            totals[row["kind"]] += row["records"]
        after = self._database.read("read-ledger")
        return (totals, after[0]["seq"]) if before == after and after else None


def _batch(kind: RecordKind, rows: list[Any]) -> Batch:
    return Batch(kind, to_table(rows, kind.schema), pa.array(range(len(rows)), pa.int64()))


def _store(folder: Path, generation: int) -> EmbeddedStore:
    return EmbeddedStore(folder / str(generation), lock_wait=_LOCK_WAIT_SECONDS)


def _load(folder: Path) -> _State:
    """Return the saved state; a missing or torn one means an empty mirror, which is read anew."""
    try:
        state = _State(**json.loads((folder / "state.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return _State()
    return state if (folder / str(state.generation)).exists() else _State(state.generation)


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
