"""What interactions mean, on the relationships that hold what they state.

Touchpoint, direction (the type of the relationship) and valence are set when a record is stored, by the table of that
time; a written run of scores sets them again where they differ, with the points that it counted.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from influence_graph.model.records import DIRECTIONS, INTERACTIONS
from influence_graph.model.touchpoints import TouchpointTable
from influence_graph.stores.neo4j.database import run, single
from influence_graph.stores.neo4j.rows import Row, to_rows

if TYPE_CHECKING:
    import neo4j
    import pyarrow as pa

_KIND, _TOUCHPOINT, _DIRECTION, _VALENCE, _POINTS = (
    INTERACTIONS.names.index(name) for name in ("kind", "touchpoint", "direction", "valence", "points")
)
_SHOWN = ("event_id", "touchpoint", "valence", "applied_points", "returned_points")
_RESOLVE = dict(zip(DIRECTIONS, ("resolve-to-brand", "resolve-to-consumer"), strict=True))
_TURN = dict(zip(DIRECTIONS, ("turn-to-brand", "turn-to-consumer"), strict=True))


def table_of(text: str | None, url: str) -> TouchpointTable:
    """Return the touchpoint table that the ledger at *url* holds as *text*, the built-in one for None.

    Raises:
        InputError: a newer version wrote it.
    """
    if text is None:
        return TouchpointTable.load()
    return TouchpointTable.from_dict(json.loads(text), f"the touchpoint table of {url}")


def set_table(table: TouchpointTable | None, token: str, tx: neo4j.ManagedTransaction) -> None:
    """Keep *table* as the ledger's own, None: the built-in one."""
    run(tx, "lock-ledger", token=token)
    run(tx, "set-touchpoints", table=None if table is None else json.dumps(table.to_dict()))


def by_direction(rows: Sequence[Row], table: TouchpointTable) -> dict[str, list[Row]]:
    """Return *rows* of interactions by their direction, each followed by its touchpoint and valence.

    Both are None where neither the record nor its kind tells.
    """
    found: dict[str, list[Row]] = {direction: [] for direction in DIRECTIONS}
    rules = {kind: table.rule(kind) for kind in {row[_KIND] for row in rows}}
    for row in rows:
        rule = rules[row[_KIND]]
        own = _own_valence(row[_VALENCE], row[_POINTS])
        listed = row[_KIND] is None or table.knows(row[_KIND])
        touchpoint = rule.touchpoint if listed or own is not None else None
        meaning = row[_TOUCHPOINT] or touchpoint, rule.valence if own is None and listed else own
        found[row[_DIRECTION] or rule.direction].append((*row, *meaning))
    return found


def batches(events: pa.Table, size: int) -> Iterator[tuple[str, list[Row]]]:
    """Yield a direction and rows of :attr:`~influence_graph.stores.base.Shown.events` in it, at most *size* at once."""
    for direction in DIRECTIONS:
        rows = to_rows(events.filter(pc.equal(events["direction"], direction)).select(list(_SHOWN)))
        for start in range(0, len(rows), size):
            yield direction, rows[start : start + size]


def resolve(tx: neo4j.ManagedTransaction, direction: str, rows: list[Row]) -> bool:
    """Write what differs of *rows*; return whether all of them are relationships of their direction."""
    found: int = single(tx, _RESOLVE[direction], rows=rows)["found"]
    return found == len(rows)


def turn(direction: str, rows: list[Row], token: str, tx: neo4j.ManagedTransaction) -> None:
    """Give those of *rows* their direction that have the other one, then write what differs.

    The ledger is locked and counts on, so that no mirror misses a relationship while it is turned.
    """
    run(tx, "lock-ledger", token=token)
    run(tx, _TURN[direction], rows=rows)
    resolve(tx, direction, rows)


def _own_valence(stated: float | None, points: float | None) -> float | None:
    """Return the valence that a record has whatever its kind."""
    if stated is not None or points is None:
        return stated
    return float((points > 0) - (points < 0))
