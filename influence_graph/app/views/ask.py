"""Asking a question of the catalogue of a store: Cypher on Neo4j, the library on the embedded store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pkgutil import resolve_name
from typing import Any

import numpy as np
import pandas as pd

from influence_graph.analyses.result import Displayed
from influence_graph.app.lookups import require
from influence_graph.explore.catalogue import Column, Question, question
from influence_graph.explore.parameters import RECORDS
from influence_graph.stores.base import QUERY_ROWS, Store


@dataclass(frozen=True, eq=False, repr=False)
class Answer(Displayed):
    """The answer to a question.

    Attributes:
        question: What was asked.
        parameters: With which values.
        frame: One row each, with the question's columns; null where a record has none.
        missing: Kinds of results that the question needs and the store lacks.
    """

    question: Question
    parameters: Mapping[str, Any]
    frame: pd.DataFrame
    missing: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return the rows."""
        return self.frame

    def _figures(self) -> Mapping[str, object]:
        figures: dict[str, object] = {"question": self.question.name, "rows": len(self.frame)}
        return {**figures, "missing": self.missing} if self.missing else figures


def ask(
    store: Store,
    name: str,
    parameters: Mapping[str, object] | None = None,
    *,
    timeout: float | None = None,
    max_rows: int = QUERY_ROWS,
) -> Answer:
    """Return the answer of *store* to the question *name* of the catalogue.

    Args:
        store: Either kind of store; the rows are equal.
        name: A name that ``influence-graph queries`` lists.
        parameters: Values by name, as texts or as values of their types; the others have their defaults.
        timeout: Longest time that a server may take, in seconds; None: as for :meth:`Store.query`.
        max_rows: More rows are refused.

    Raises:
        NotFound: there is no such question, or no such brand, person or campaign; the remedy has the nearest names.
        InputError: a parameter is unknown, missing or wrong.
    """
    asked = question(name)
    values = asked.bind(parameters or {})
    if store.language == "Cypher":
        rows = store.query(asked.text, values, timeout=timeout, max_rows=max_rows)
        frame = pd.DataFrame(rows.rows, columns=rows.columns)
    else:
        answer = resolve_name(f"influence_graph.explore.answers.{asked.topic}:{asked.name.replace('-', '_')}")
        with store.snapshot() as view:
            frame = answer(view, **values)
    missing: tuple[str, ...] = ()
    if not len(frame):
        _require_ids(store, asked, values)
        written = {run.kind for run in store.runs() if run.status == "finished"}
        missing = tuple(kind for kind in asked.needs if kind not in written)
    return Answer(asked, values, _typed(frame, asked.columns), missing)


def _require_ids(store: Store, asked: Question, values: Mapping[str, Any]) -> None:
    """Raise NotFound where a question without an answer names a brand, person or campaign that is not in *store*."""
    with store.snapshot() as view:
        for parameter in asked.parameters:
            if parameter.type in RECORDS:
                require(view, RECORDS[parameter.type], [values[parameter.name]])


def _typed(frame: pd.DataFrame, columns: tuple[Column, ...]) -> pd.DataFrame:
    """Return *frame* with the columns of the question and their types."""
    return pd.DataFrame({each.name: _column(frame.get(each.name), each.type) for each in columns})


def _column(values: pd.Series | None, type_: str) -> Any:  # noqa: ANN401 - any array of pandas
    given = pd.Series(dtype=object) if values is None else values.reset_index(drop=True)
    if type_ == "number":
        return given.astype(np.float64)
    if type_ == "integer":
        return given.astype("Int64")
    if type_ == "time":
        return pd.to_datetime(given, utc=True).astype("datetime64[us, UTC]")
    plain = given.astype(object)
    shown = [value.date() if type_ == "day" and isinstance(value, datetime) else value for value in plain]
    return pd.Series([None if _is_null(value) else value for value in shown], dtype=object)


def _is_null(value: object) -> bool:
    return value is None or (not isinstance(value, list | tuple) and bool(pd.isna(value)))  # type: ignore[call-overload]
