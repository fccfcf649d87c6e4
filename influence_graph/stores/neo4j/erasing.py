"""Erasing people and records from a server.

A server deletes in many transactions. First it keeps the hashes of those who go, as pending: from then on the door
knows them, and whoever comes after a crash sees what is to be completed. Their nodes go last, so that until then their
ids can be found from the hashes. What goes is chosen in the mirror, by the same statements as in the embedded store.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from influence_graph.model.erasure import Chosen, Erased, Redaction, Selection, without_people
from influence_graph.stores.archive import packed, parts, unpacked
from influence_graph.stores.neo4j.database import Database, run, single
from influence_graph.stores.neo4j.rows import to_rows
from influence_graph.stores.neo4j.sweeping import drop
from influence_graph.stores.neo4j.writing import TRANSACTION_ROWS

if TYPE_CHECKING:
    import neo4j

_ERASE: dict[str, tuple[str, ...]] = {
    "interactions": ("erase-interactions-to-brand", "erase-interactions-to-consumer"),
    "ties": ("erase-ties",),
    "campaigns": ("erase-campaigns",),
    "sales": ("erase-sales",),
    "brands": ("erase-brands",),
}
"""The statements that delete records by their keys; people go last."""
_BARE = {"people": "bare-people", "brands": "bare-brands"}
_PARTS = 50  # of measures in a transaction
_ALL_PARTS = 1_000_000
_REWRITE = {"runs": "rewrite-run", "recalculations": "rewrite-recalculation"}


def tombstones(database: Database, *, pending: bool = False) -> frozenset[str]:
    """Return the keyed hashes of those who were forgotten; with *pending* of those whose erasure was cut off."""
    rows = database.read("read-tombstones")
    return frozenset(hash_ for row in rows if row["pending"] or not pending for hash_ in row["hashes"])


def counted(database: Database, selection: Selection, chosen: Chosen) -> Erased:
    """Return what erasing *selection* would erase, where *chosen* are its records."""
    return _Books(database, selection, chosen).erased()


def erase(database: Database, selection: Selection, chosen: Chosen) -> Erased:
    """Erase *selection*, where *chosen* are its records; return what went."""
    books = _Books(database, selection, chosen)
    erased = books.erased()
    database.write(partial(_begin, selection))
    books.write()
    _erase_records(database, chosen)
    ids = list(selection.people)
    while database.write(partial(_locked, "erase-relationships", {"ids": ids, "limit": TRANSACTION_ROWS})):
        pass
    gone = sorted({*ids, *chosen.gone["people"]["id"].to_pylist()})
    for keys in _slices([(id_,) for id_ in gone]):
        database.write(partial(_locked, "erase-people", {"keys": keys}))
    database.write(partial(_finish, selection))
    return erased


class _Books:
    """What runs, their results, recalculations and states say of those who go."""

    def __init__(self, database: Database, selection: Selection, chosen: Chosen) -> None:
        self._database, self._chosen = database, chosen
        self._ids = list(selection.people)
        self._redaction = Redaction(selection.people, chosen.names)
        self._kinds = {record["id"]: record["kind"] for record in database.read("runs")}
        self._notes = self._cleared() if selection.people else {}
        self._notes |= {("runs", id_): None for id_ in self._kinds if id_ in selection.runs}
        self._gone_runs = [id_ for (kind, id_), new in self._notes.items() if kind == "runs" and new is None]
        self._archives = self._cleared_archives() if self._gone_runs or selection.people else {}

    def erased(self) -> Erased:
        """Return how much goes."""
        records = {name: table.num_rows for name, table in self._chosen.gone.items()}
        rows = Counter({id_: number for id_, (_, number) in self._archives.items()})
        for record in self._database.read("results-of-people", ids=self._ids) if self._ids else []:
            rows[record["runId"]] = max(rows[record["runId"]], record["rows"])
        results: Counter[str] = Counter()
        for id_, number in rows.items():
            results[self._kinds.get(id_, "")] += number
        return Erased(records, dict(results), len(self._gone_runs), len(self._notes) - len(self._gone_runs))

    def write(self) -> None:
        """Write what stays of them."""
        write = self._database.write
        is_left = bool(self._ids)
        while is_left:
            is_left = write(partial(_erase_measures, self._ids))
        for id_, (data, _) in self._archives.items():
            write(partial(_archive, id_, data))
        for (kind, id_), new in self._notes.items():
            if new is None and kind == "runs":
                drop(self._database, id_, self._kinds.get(id_, ""))
            elif kind in _REWRITE:
                write(partial(_note, _REWRITE[kind], {"id": id_, "text": new or "{}"}))
            elif new is None:
                write(partial(_note, "delete-state", {"name": id_}))
            else:
                write(partial(_note, "set-state", {"name": id_, "value": new}))

    def _cleared(self) -> dict[tuple[str, str], str | None]:
        """Return the JSON texts that change, by kind and id of what holds them; None: it goes."""
        cleared: dict[tuple[str, str], str | None] = {}
        for kind, id_, text in self._database.read("read-notes"):
            new = self._redaction.note(kind, text)
            if new != text:
                cleared[kind, id_] = new
        return cleared

    def _cleared_archives(self) -> dict[str, tuple[bytes | None, int]]:
        """Return the archived results that change, by run: new bytes, and the number of rows that go."""
        cleared: dict[str, tuple[bytes | None, int]] = {}
        for id_, kind in self._database.read("archived-runs"):
            data = [bytes(record["data"]) for record in self._database.read("read-archive", runId=id_)]
            table = unpacked(data, kind)
            left = without_people(table, self._ids)
            if id_ in self._gone_runs:
                cleared[id_] = None, table.num_rows
            elif left.num_rows < table.num_rows:
                cleared[id_] = packed(left), table.num_rows - left.num_rows
        return cleared


def _erase_records(database: Database, chosen: Chosen) -> None:
    """Delete the *chosen* records but people, and take from *bare* ones what was said of them."""
    for name, statements in _ERASE.items():
        for keys in _slices(to_rows(chosen.gone[name])):
            for statement in statements:
                database.write(partial(_locked, statement, {"keys": keys}))
    for name, statement in _BARE.items():
        for keys in _slices(to_rows(chosen.bare[name])):
            database.write(partial(_locked, statement, {"keys": keys}))


def _slices(keys: Sequence[tuple[Any, ...]]) -> Iterator[Sequence[tuple[Any, ...]]]:
    for start in range(0, len(keys), TRANSACTION_ROWS):
        yield keys[start : start + TRANSACTION_ROWS]


def _begin(selection: Selection, tx: neo4j.ManagedTransaction) -> None:
    """Keep the hashes of those who go, and let all mirrors read anew."""
    run(tx, "mark-edited")
    if selection.tombstones:
        hashes = sorted(selection.tombstones)
        id_ = hashlib.blake2b("".join(hashes).encode(), digest_size=16).hexdigest()
        run(tx, "begin-erasure", id=id_, hashes=hashes)


def _finish(selection: Selection, tx: neo4j.ManagedTransaction) -> None:
    run(tx, "mark-edited")
    run(tx, "finish-erasure", hashes=list(selection.tombstones))


def _locked(statement: str, parameters: Mapping[str, Any], tx: neo4j.ManagedTransaction) -> bool:
    """Delete records while nobody appends any; return whether some were deleted."""
    run(tx, "lock-books")
    return bool(single(tx, statement, **parameters).get("deleted"))


def _erase_measures(ids: list[str], tx: neo4j.ManagedTransaction) -> bool:
    """Take people out of some parts of measures; return whether there were some."""
    return bool(single(tx, "erase-measures", ids=ids, limit=_PARTS)["changed"])


def _note(statement: str, parameters: Mapping[str, Any], tx: neo4j.ManagedTransaction) -> None:
    run(tx, statement, **parameters)


def _archive(id_: str, data: bytes | None, tx: neo4j.ManagedTransaction) -> None:
    """Let *data* be what is kept of the results of the run *id_*, None: nothing."""
    run(tx, "sweep-archives", runId=id_, limit=_ALL_PARTS)
    for part, content in enumerate(parts(data or b"")):
        run(tx, "keep-archive", runId=id_, part=part, data=content)
