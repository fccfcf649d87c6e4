"""What a shell remembers, and running one statement in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from influence_graph.app.formats import write_file
from influence_graph.app.views.ask import ask
from influence_graph.cli.answers import show_answer, show_rows
from influence_graph.cli.output import TABLE_ROWS, chosen_format, note
from influence_graph.cli.shell.statements import Asked, Statements
from influence_graph.cli.zones import local
from influence_graph.errors import InputError
from influence_graph.explore.catalogue import catalogue, question
from influence_graph.stores.base import QUERY_ROWS, Store
from influence_graph.text import count_text


class Session:
    """One run of the shell.

    Args:
        store: The store that answers.
        reopen: Gives the store at another address.
        format_: How answers are printed; None: as tables on a terminal, else as JSON lines.
        timeout: Longest time to answer, in seconds; None: as for :meth:`Store.query`.
    """

    def __init__(
        self,
        store: Store,
        reopen: Callable[[str], Store],
        format_: str | None = None,
        timeout: float | None = None,
    ) -> None:
        self.store = store
        self.format_ = format_
        self.limit: int | None = None
        """Rows that are printed: 0 for all, None for 20 of a table and all in other formats."""
        self.parameters: dict[str, Any] = {}
        self.statement = ""
        """What was run last, for `:explain` and `:profile`."""
        self.result: pd.DataFrame | None = None
        """All rows of the last answer, for `:export`."""
        self._reopen, self._timeout = reopen, timeout

    @property
    def statements(self) -> Statements:
        """How statements of the store's language are told apart."""
        return Statements(self.store.language, catalogue())

    def ask(self, asked: Asked) -> None:
        """Ask a question of the catalogue and print the answer."""
        answer = ask(self.store, asked.name, asked.given, timeout=self._timeout)
        self.statement = " ".join([asked.name, *(f"{name}={value}" for name, value in asked.given.items())])
        self.result = show_answer(answer, self.store, self.format_, self._shown(len(answer.frame)))
        self._tell_rest()

    def query(self, text: str) -> None:
        """Run a statement in the store's language and print the answer."""
        self._query(text, self.parameters)
        self.statement = text

    def plan(self, word: str, text: str) -> None:
        """Print the plan of *text*, a statement or a question, "" for the last one; *word* is EXPLAIN or PROFILE.

        Raises:
            InputError: nothing was run before, or the question has no plan in this store.
        """
        text = text.strip().rstrip(";") or self.statement
        if not text:
            raise InputError("no statement was run yet", remedy=f"write it behind :{word.lower()}")
        asked = self.statements.asked(text)
        if asked is None:
            self._query(f"{word} {text}", self.parameters)
            return
        if self.store.language != "Cypher":
            raise InputError(f"{asked.name} is calculated here, it has no plan", remedy="use a store on Neo4j")
        named = question(asked.name)
        self._query(f"{word} {named.text}", named.bind(asked.given))

    def export(self, path: Path) -> None:
        """Write all rows of the last answer to *path*, in the format of its ending.

        Raises:
            InputError: there is no answer yet, the ending is unknown, or the file cannot be written.
        """
        if self.result is None:
            raise InputError("there is no answer to export yet", remedy="ask something first")
        rows = write_file([local(self.result).reset_index(drop=True)], path)
        note(f"{count_text(rows, 'row')} written to {path}")

    def use(self, url: str) -> None:
        """Go on with the store at *url*."""
        fresh = self._reopen(url)
        self.store.close()
        self.store = fresh

    def _query(self, text: str, parameters: dict[str, Any]) -> None:
        rows = self.store.query(text, parameters, timeout=self._timeout, max_rows=QUERY_ROWS)
        self.result = show_rows(rows, self.format_, 0 if rows.is_plan else self._shown(len(rows.rows)))
        if not rows.is_plan:
            self._tell_rest()

    def _shown(self, rows: int) -> int:
        """Return how many of *rows* are printed."""
        if self.limit is not None:
            return self.limit
        return min(TABLE_ROWS, rows) if chosen_format(self.format_) == "table" else 0

    def _tell_rest(self) -> None:
        """Note how many rows there are, and of how many the first are shown."""
        if self.result is None or chosen_format(self.format_) != "table":
            return
        rows = len(self.result)
        shown = self._shown(rows) or rows
        note(count_text(rows, "row") if shown >= rows else f"{shown:,} of {rows:,} rows; `:limit 0` shows all")
