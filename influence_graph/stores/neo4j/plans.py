"""What the server says about a query beside its rows: its plan, what it noticed, what was changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import neo4j

from influence_graph.stores.base import Rows
from influence_graph.stores.neo4j.guard import details_of, operator_of
from influence_graph.text import one_line

_COUNTED = [
    f"{what} {done}"
    for what, did in {
        "nodes": ("created", "deleted"),
        "relationships": ("created", "deleted"),
        "properties": ("set",),
        "labels": ("added", "removed"),
        "indexes": ("added", "removed"),
        "constraints": ("added", "removed"),
    }.items()
    for done in did
]


def plan_rows(summary: neo4j.ResultSummary) -> Rows:
    """Return the plan in *summary*, a step per row, each before those that it takes its rows from.

    ``depth`` is 0 for the step that gives the answer. With PROFILE there are ``rows`` and ``db_hits`` too: what the
    step gave, and how often it asked the store for something.
    """
    profile = summary.profile
    columns = ["depth", "operator", "details", "estimated_rows", *(["rows", "db_hits"] if profile else [])]
    rows = []
    pending: list[tuple[int, Mapping[str, Any]]] = [(0, profile or summary.plan or {})]
    while pending:
        depth, step = pending.pop()
        pending += [(depth + 1, child) for child in reversed(step.get("children", ()))]
        measured = (step.get("rows"), step.get("dbHits")) if profile else ()
        estimated = step.get("args", {}).get("EstimatedRows")
        rows.append((depth, operator_of(step), details_of(step), estimated, *measured))
    return Rows(columns, rows, notices(summary), is_plan=True)


def notices(summary: neo4j.ResultSummary) -> tuple[str, ...]:
    """Return what the server noticed about the query, a line each, with its place in the text."""
    lines = []
    for status in summary.gql_status_objects:
        if status.is_notification:
            place = status.position
            where = f" (line {place.line}, column {place.column})" if place else ""
            lines.append(f"{one_line(status.status_description)}{where}")
    return tuple(dict.fromkeys(lines))


def changes(summary: neo4j.ResultSummary) -> dict[str, int]:
    """Return how many of what the query changed; {} where nothing was."""
    counted = {name: int(getattr(summary.counters, name.replace(" ", "_"))) for name in _COUNTED}
    return {name: number for name, number in counted.items() if number}
