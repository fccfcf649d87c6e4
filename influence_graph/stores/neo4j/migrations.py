"""The schema, in files ``cypher/migrations/V0001__name.cypher``, and the record of it in the graph."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from influence_graph.errors import SchemaMismatch
from influence_graph.stores.frozen_meaning import DERIVED, OTHERS
from influence_graph.stores.neo4j.books import keep_behind
from influence_graph.stores.neo4j.database import Database, run
from influence_graph.stores.neo4j.queries import folder
from influence_graph.stores.neo4j.schema_lock import schema_lock

if TYPE_CHECKING:
    import neo4j

_AWAIT = "CALL db.awaitIndexes(300)"
_PARAMETERS = {
    "derived": {kind: list(meaning) for meaning, kinds in DERIVED.items() for kind in kinds.split()},
    "others": list(OTHERS),
}
"""Touchpoint and direction that former versions derived, by kind and for all other kinds."""


def known() -> dict[int, Path]:
    """Return this version's migration files by number."""
    files = sorted((folder() / "migrations").glob("V*__*.cypher"))
    return {_version(path.stem): path for path in files}


def missing(database: Database) -> list[Path]:
    """Return the migrations that *database* lacks.

    Raises:
        SchemaMismatch: it has one that this version does not know.
    """
    applied = {row["version"]: row["name"] for row in database.read("applied-migrations")}
    here = known()
    unknown = sorted(applied.keys() - here.keys())
    if unknown:
        raise SchemaMismatch(
            f"{database.url} was written by a newer version (migration {applied[unknown[-1]]}, "
            f"newest known here {here[max(here)].stem})",
            remedy="update influence-graph",
        )
    return [path for version, path in here.items() if version not in applied]


def migrate(database: Database) -> list[str]:
    """Apply the missing migrations, each once whoever else starts now; return the names of those applied here.

    Each can be repeated after a crash.

    Raises:
        LockHeld: another process is at it for longer than this one waits.
    """
    names: list[str] = []
    if missing(database):
        with schema_lock(database):
            names = [_apply(database, path) for path in missing(database)]
    database.write(_open_ledger)
    if names:
        keep_behind(database)
    return names


def _apply(database: Database, path: Path) -> str:
    for text in statements(path):
        database.execute(text, **_PARAMETERS)
    database.execute(_AWAIT)
    database.write(partial(_record, path.stem))
    return path.stem


def _record(name: str, tx: neo4j.ManagedTransaction) -> None:
    run(tx, "record-migration", version=_version(name), name=name)


def _open_ledger(tx: neo4j.ManagedTransaction) -> None:
    run(tx, "open-ledger")


def _version(name: str) -> int:
    return int(name[1:].partition("__")[0])


def statements(path: Path) -> list[str]:
    """Return the statements of a migration file, which end with semicolons."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("//")]
    return [text.strip() for text in "\n".join(lines).split(";") if text.strip()]
