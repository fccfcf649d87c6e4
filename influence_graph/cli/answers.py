"""Answers of a store, printed in the one way in which `query` and the shell print them."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from typing import Any

import click
import pandas as pd

from influence_graph.app.views.ask import Answer
from influence_graph.cli import tables
from influence_graph.cli.output import chosen_format, emit, note
from influence_graph.errors import InputError
from influence_graph.model.results import RESULTS
from influence_graph.stores.base import Rows, Store
from influence_graph.text import one_line

_TIMES = re.compile(r"""(datetime|date)\(\s*(["'])(.*)\2\s*\)""")


def show_rows(rows: Rows, format_: str | None, top: int = 0) -> pd.DataFrame:
    """Print the first *top* rows (0: all) of the answer to a query, then what was noticed and what was changed.

    Returned are all rows.
    """
    frame = pd.DataFrame(rows.rows, columns=rows.columns)
    if rows.is_plan and rows.columns == ["plan"] and chosen_format(format_) == "table":
        for (line,) in rows.rows:  # DuckDB draws it
            click.echo(line)
    elif rows.columns or not rows.changes:
        table = tables.plan(frame) if rows.is_plan else None
        emit(frame, format_, top=0 if rows.is_plan else top, table=table)
    for line in rows.notices:
        note(line)
    if rows.changes:
        note(", ".join(f"{name}: {number:,}" for name, number in rows.changes.items()))
    return frame


def show_answer(answer: Answer, store: Store, format_: str | None, top: int = 0) -> pd.DataFrame:
    """Print the first *top* rows (0: all) of the answer to a question of the catalogue; return all of them.

    Which results it needs and *store* lacks is noted.
    """
    emit(answer.frame, format_, top=top)
    for kind in answer.missing:
        command = RESULTS[kind].written_by or kind
        note(f"no {kind} has been written: run `{command} --write` with --store {store.url}")
    return answer.frame


def value_of(text: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return the JSON value of *text*, the time that ``datetime("…")`` or ``date("…")`` states, or else *text*.

    A time without a zone is UTC.

    Raises:
        InputError: what stands in such a call is no time.
    """
    stated = _TIMES.fullmatch(text.strip())
    try:
        if stated is None:
            return json.loads(text)
        if stated[1] == "date":
            return date.fromisoformat(stated[3])
        time = datetime.fromisoformat(stated[3])
    except (ValueError, RecursionError) as error:
        if stated is None:
            return text
        raise InputError(
            f"{one_line(text, 60)} is no {stated[1]}",
            remedy='write for example datetime("2026-06-01T12:00Z") or date("2026-06-01")',
        ) from error
    return time if time.tzinfo else time.replace(tzinfo=UTC)
