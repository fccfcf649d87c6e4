"""What SQL sees of an embedded store: one view per kind of record and of result, with the ids that people gave.

The records have the names and columns of their files, so that what was ingested is asked in the same words; results
are those of the current runs. Surrogate keys, leases and the schema's own tables stay out of sight. Times are UTC.
"""

from __future__ import annotations

from collections.abc import Iterable

from influence_graph.model.records import KINDS, RecordKind
from influence_graph.model.results import INFLUENCERS, LEARN, LIFT, RESULTS, SCORE, SEEDS, ResultKind, Shape
from influence_graph.stores.embedded.append import quoted
from influence_graph.stores.embedded.results import results_table

LEDGER = "ledger"
"""Name by which the store's file is attached."""
RANKS = "ranks"
_RESULTS = {"bonds": SCORE, "influences": LEARN, "seeds": SEEDS, "influencers": INFLUENCERS, "lifts": LIFT}
_RUNS = "id, kind, status, started_at, finished_at, input_digest, version, parameters"
_TYPES = {"text": "VARCHAR", "number": "DOUBLE", "integer": "BIGINT", "time": "TIMESTAMP"}
NAMES = (*KINDS, *_RESULTS, RANKS, "runs")
"""All views: the kinds of record, ``bonds`` (scores), ``influences`` (learned probabilities), ``seeds``,
``influencers`` (those found), ``lifts`` (of campaigns), ``ranks`` (one row per ``kind`` of measure and node) and
``runs``."""


def views(tables: Iterable[str]) -> dict[str, str]:
    """Return the statement behind each view of a file that holds *tables*; a result never written has no rows."""
    known = set(tables)
    shown = {name: _records(kind) for name, kind in KINDS.items()}
    shown |= {name: _result(kind, known) for name, kind in _RESULTS.items()}
    ranked = [kind for kind in RESULTS.values() if kind.shape is Shape.NODES]
    shown[RANKS] = " UNION ALL ".join(
        f"SELECT '{kind.kind}' AS kind, label, id, score FROM ({_result(kind, known)})" for kind in ranked
    )
    shown["runs"] = f"SELECT {_RUNS} FROM {LEDGER}.runs"
    return shown


def columns() -> dict[str, tuple[str, ...]]:
    """Return the columns of each view, which are the same in every store."""
    ranked = next(kind for kind in RESULTS.values() if kind.shape is Shape.NODES)
    named = {name: kind.names for name, kind in KINDS.items()}
    named |= {name: [column.name for column in kind.columns] for name, kind in _RESULTS.items()}
    named |= {RANKS: ["kind", *(column.name for column in ranked.columns)], "runs": _RUNS.split(", ")}
    return {name: tuple(of) for name, of in named.items()}


def _records(kind: RecordKind) -> str:
    endpoints = kind.endpoints
    columns = ", ".join(f"{n}_node.id AS {n}" if n in endpoints else f'record."{n}"' for n in kind.names)
    joins = " ".join(f"JOIN {LEDGER}.{table} {n}_node ON {n}_node.key = record.{n}" for n, table in endpoints.items())
    return f"SELECT {columns} FROM {LEDGER}.{kind.name} record {joins}"


def _result(kind: ResultKind, tables: set[str]) -> str:
    if results_table(kind) in tables:
        return f"SELECT {quoted([column.name for column in kind.columns])} FROM {LEDGER}.{results_table(kind)}"
    empty = ", ".join(f'NULL::{_TYPES[column.type]} AS "{column.name}"' for column in kind.columns)
    return f"SELECT {empty} WHERE false"
