"""Tables of the embedded store and their migrations.

People and brands have integer surrogate keys; ``ties`` and ``interactions`` refer to them. There is
no primary key or unique index: every write runs in one transaction of the only writer and dedupes
its own input (see ``append.py``). Times are UTC without a zone. ``at`` is a keyword: it is quoted
everywhere.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from influence_graph.errors import SchemaMismatch, StoreDamaged
from influence_graph.stores.frozen_meaning import DERIVED, OTHERS

if TYPE_CHECKING:
    import duckdb

V0001 = """
CREATE TABLE meta (name VARCHAR, value VARCHAR);
CREATE TABLE people (
  key INTEGER, id VARCHAR, name VARCHAR, kind VARCHAR, style VARCHAR, followers BIGINT,
  platform VARCHAR, city VARCHAR, joined TIMESTAMP);
CREATE TABLE brands (key INTEGER, id VARCHAR, name VARCHAR, category VARCHAR);
CREATE TABLE ties (source INTEGER, target INTEGER, kind VARCHAR, weight DOUBLE, since TIMESTAMP);
CREATE TABLE interactions (
  event_id VARCHAR, "at" TIMESTAMP, consumer INTEGER, brand INTEGER, direction VARCHAR, kind VARCHAR,
  touchpoint VARCHAR, points DOUBLE, valence DOUBLE, weight DOUBLE, channel VARCHAR, platform VARCHAR,
  reach DOUBLE, confidence DOUBLE, blame DOUBLE, with_brands VARCHAR, recorded_at TIMESTAMP);
CREATE TABLE campaigns (event_id VARCHAR, "at" TIMESTAMP, brand INTEGER, kind VARCHAR, segment VARCHAR, note VARCHAR);
CREATE TABLE sales (brand INTEGER, date DATE, value DOUBLE, segment VARCHAR);
CREATE TABLE runs (
  id VARCHAR, kind VARCHAR, status VARCHAR, started_at TIMESTAMP, finished_at TIMESTAMP,
  input_digest VARCHAR, version VARCHAR, parameters VARCHAR);
CREATE TABLE current_runs (kind VARCHAR, run_id VARCHAR);
CREATE TABLE leases (name VARCHAR, owner VARCHAR, token BIGINT, expires_at DOUBLE);
"""

V0002 = "ALTER TABLE interactions ADD COLUMN replaces VARCHAR;"

V0003 = ""  # the tables stay; versions that do not know the runs of influence must not open the file

V0004 = 'ALTER TABLE IF EXISTS seeds_results RENAME COLUMN "position" TO "rank";'

_KIND_KEY = "replace(replace(lower(trim(coalesce(kind, ''))), '-', '_'), ' ', '_')"
_DERIVED = " ".join(
    f"WHEN {_KIND_KEY} IN ({', '.join(repr(kind) for kind in kinds.split())})"
    f" THEN touchpoint = '{touchpoint}' AND direction = '{direction}'"
    for (touchpoint, direction), kinds in DERIVED.items()
)
LEDGER = "ledger"
"""Name in ``meta`` of the ledger's token."""
FROZEN = "frozen_meaning"
"""Name in ``meta`` of the number of interactions from before V0005, which come first."""
_FREEZE = f"INSERT INTO meta SELECT '{FROZEN}', (max(rowid) + 1)::VARCHAR FROM interactions HAVING count(*) > 0;"
V0005 = f"""
ALTER TABLE interactions ADD COLUMN value DOUBLE;
ALTER TABLE interactions ADD COLUMN currency VARCHAR;
ALTER TABLE interactions ADD COLUMN paid BOOLEAN;
ALTER TABLE interactions ADD COLUMN recognized BOOLEAN;
{_FREEZE}
UPDATE interactions SET touchpoint = NULL, direction = NULL
WHERE CASE {_DERIVED} ELSE touchpoint = '{OTHERS[0]}' AND direction = '{OTHERS[1]}' END;
"""

V0006 = """
ALTER TABLE leases ADD COLUMN since DOUBLE;
CREATE TABLE archives (run_id VARCHAR, data BLOB);
CREATE TABLE recalculations (number BIGINT, id VARCHAR, tick VARCHAR, runs VARCHAR[], document VARCHAR);
CREATE TABLE ticks (tick VARCHAR, recalculation VARCHAR);
CREATE TABLE states (name VARCHAR, value VARCHAR);
"""

V0007 = """
CREATE TABLE sources (number INTEGER, name VARCHAR, digest VARCHAR, added_at TIMESTAMP, rows BIGINT);
""" + "".join(
    f"ALTER TABLE {table} ADD COLUMN {column} INTEGER;"
    for table in ("people", "brands", "ties", "interactions", "campaigns", "sales")
    for column in ("origin", "also")
)

V0008 = "CREATE TABLE tombstones (hash VARCHAR, erased_at TIMESTAMP);"

V0009 = "ALTER TABLE interactions ADD COLUMN item VARCHAR;"

V0010 = "ALTER TABLE campaigns ADD COLUMN day DATE;"

MIGRATIONS = {
    "V0001__ledger": V0001,
    "V0002__corrections": V0002,
    "V0003__influence": V0003,
    "V0004__rank_of_seeds": V0004,
    "V0005__meaning": V0005,
    "V0006__recalculations": V0006,
    "V0007__sources": V0007,
    "V0008__tombstones": V0008,
    "V0009__items": V0009,
    "V0010__days": V0010,
}


def applied(connection: duckdb.DuckDBPyConnection, where: str) -> list[str]:
    """Return the names of the migrations that the open file has.

    Raises:
        SchemaMismatch: the file holds the tables of something else.
        StoreDamaged: it has the table of migrations, and none in it.
    """
    tables = connection.execute("SELECT 1 FROM information_schema.tables WHERE table_name = 'meta'").fetchall()
    if not tables:
        foreign = connection.execute("SELECT table_name FROM information_schema.tables ORDER BY 1").fetchall()
        if foreign:
            raise SchemaMismatch(
                f"the database in {where} is no store: it holds a table {foreign[0][0]!r} and no migrations",
                remedy="give another --store",
            )
        return []
    rows = connection.execute("SELECT value FROM meta WHERE name = 'migration' ORDER BY value").fetchall()
    if not rows:
        raise StoreDamaged(
            f"the database in {where} is damaged: its table 'meta' names no migration",
            remedy="restore it from a backup, or pull or ingest its records into another --store",
        )
    return [name for (name,) in rows]


def migrate(connection: duckdb.DuckDBPyConnection, where: str) -> list[str]:
    """Apply the missing migrations in one transaction; return their names.

    Raises:
        SchemaMismatch: the file was written by a newer version.
    """
    done = applied(connection, where)
    check_known(done, where)
    missing = [name for name in MIGRATIONS if name not in done]
    if not missing:
        return []
    connection.begin()
    for name in missing:
        connection.execute(MIGRATIONS[name])
        connection.execute("INSERT INTO meta VALUES ('migration', ?)", [name])
    if not connection.execute("SELECT 1 FROM meta WHERE name = ?", [LEDGER]).fetchall():
        connection.execute("INSERT INTO meta VALUES (?, ?)", [LEDGER, uuid.uuid4().hex])
    connection.commit()
    return missing


def freeze(connection: duckdb.DuckDBPyConnection) -> None:
    """Note that all interactions so far are from before V0005; the caller owns the transaction."""
    connection.execute("DELETE FROM meta WHERE name = ?", [FROZEN])
    connection.execute(_FREEZE)


def check_known(done: list[str], where: str) -> None:
    """Raise SchemaMismatch if *done* names a migration that this version does not have."""
    unknown = [name for name in done if name not in MIGRATIONS]
    if unknown:
        raise SchemaMismatch(
            f"{where} was written by a newer version: it has {unknown[-1]}, the newest known is {list(MIGRATIONS)[-1]}",
            remedy="update influence-graph",
        )
