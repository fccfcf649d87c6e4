"""What a check of the graph on a server looks at: constraints and indexes that are gone, and books that do not fit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from influence_graph.errors import StoreDamaged
from influence_graph.stores.neo4j import migrations

if TYPE_CHECKING:
    from influence_graph.stores.neo4j.database import Database

_MADE = re.compile(r"CREATE (?:CONSTRAINT|INDEX) (\w+)")
_DROPPED = re.compile(r"DROP (?:CONSTRAINT|INDEX) (\w+)")


def verify(database: Database) -> str:
    """Return how many constraints and indexes of this version are there.

    Raises:
        StoreDamaged: some are missing, so that an id may be there twice, or a run or its results are.
    """
    if migrations.missing(database):
        return "the schema is not complete yet: the next write brings it up to this version"
    expected: set[str] = set()
    for path in migrations.known().values():
        text = path.read_text(encoding="utf-8")
        expected = (expected - set(_DROPPED.findall(text))) | set(_MADE.findall(text))
    there = {row["name"] for row in database.read("schema-names")}
    if gone := sorted(expected - there):
        raise StoreDamaged(
            f"{database.url} lacks {len(gone)} of {len(expected)} constraints and indexes: {', '.join(gone)}",
            remedy="somebody has dropped them: make them again as cypher/migrations says, or restore a backup",
        )
    if strays := database.read("stray-books") and database.read("stray-books"):  # else a write was just under way
        told = ", ".join(f"{row['what']} ({row['number']:,})" for row in strays)
        raise StoreDamaged(
            f"{database.url} holds {told}", remedy="somebody has changed it by hand: recalculate, or restore a backup"
        )
    return f"{len(expected)} constraints and indexes are there"
