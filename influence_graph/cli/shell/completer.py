"""What a Tab offers in the shell, by what stands before the cursor."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from click.shell_completion import CompletionItem
from prompt_toolkit.completion import CompleteEvent, Completer, Completion, PathCompleter
from prompt_toolkit.document import Document

from influence_graph.cli.completion.values import (
    Items,
    Words,
    id_items,
    name_items,
    question_items,
    starting,
    store_items,
    value_items,
)
from influence_graph.cli.shell.meta import META, SHELL_FORMATS
from influence_graph.cli.shell.session import Session
from influence_graph.cli.shell.statements import CYPHER
from influence_graph.cli.shell.vocabulary import Vocabulary, keywords, vocabulary
from influence_graph.errors import InfluenceGraphError

_ENDED = re.compile(r"[\w-]*\Z")
_NAME = re.compile(r"\w*\Z")
_ASKING = ("ask", "explain", "profile")
_OPENED = re.compile(r"[(\[{)\]}]")
_TABLE_NEXT = re.compile(r"\b(?:FROM|JOIN|DESCRIBE|SUMMARIZE)\s+\w*\Z", re.IGNORECASE)
_OF_TABLE = re.compile(r"(\w+)\.\w*\Z")


class ShellCompleter(Completer):
    """Completes commands of the shell, questions with their parameters, and statements.

    Args:
        session: The running shell.
        words: Words of the values of parameters, see :func:`influence_graph.cli.completion.words.words`.
    """

    def __init__(self, session: Session, words: Words) -> None:
        self._session, self._words = session, words
        self._known: tuple[str, Vocabulary] | None = None

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """Yield what can stand at the cursor."""
        _, text = self._session.statements.split(document.text_before_cursor)
        if text.startswith(":"):
            yield from self._meta(text, complete_event)
            return
        name, *items = text.split(" ")
        if items and name in self._words["questions"]:
            yield from self._parameters(name, items)
            return
        if not items and "\n" not in text:
            yield from _shown(question_items(self._words, text), text)
        if items or "\n" in text or "-" not in text:
            yield from self._statement(text)

    def _meta(self, text: str, event: CompleteEvent) -> Iterator[Completion]:
        word, blank, argument = text[1:].partition(" ")
        if not blank:
            yield from _shown(starting([(f":{name}", meta.about) for name, meta in META.items()], text), text)
            return
        argument = argument.lstrip()
        if word == "export":
            yield from PathCompleter(expanduser=True).get_completions(Document(argument), event)
            return
        name, *items = argument.split(" ")
        if word in _ASKING and items and name in self._words["questions"]:
            yield from self._parameters(name, items)
            return
        yield from _shown(self._argument(word, argument), argument)
        if word in ("explain", "profile"):
            yield from self._statement(argument)

    def _argument(self, word: str, argument: str) -> Items:
        offered: dict[str, Callable[[], Items]] = {
            **dict.fromkeys((*_ASKING, "show"), lambda: question_items(self._words, argument)),
            "questions": lambda: starting(self._words["topics"], argument),
            "format": lambda: starting([(name, "") for name in SHELL_FORMATS], argument),
            "params": lambda: starting([("clear", "forget them")], argument),
            "param": lambda: starting([(f"{name} => ", "") for name in self._session.parameters], argument),
            "store": lambda: store_items(argument),
        }
        return offered.get(word, list)()

    def _parameters(self, question: str, items: Sequence[str]) -> Iterator[Completion]:
        *before, current = items
        name, separator, value = current.partition("=")
        if not separator:
            given = [item.partition("=")[0] for item in before]
            yield from _shown(name_items(self._words, question, given, current), current)
            return
        yield from _shown(value_items(self._words, question, name, value, self._ids), value)

    def _ids(self, labels: Sequence[str], beginning: str) -> Items:
        return id_items(self._session.store.url, labels, beginning, allow_remote_plaintext=True)

    def _statement(self, text: str) -> Iterator[Completion]:
        words = self._vocabulary()
        typed = (_NAME.search(text) or [""])[0]
        before = text[: len(text) - len(typed)]
        names = _cypher_names if self._session.store.language == CYPHER else _sql_names
        offered = [(f"${name}", "parameter") for name in self._session.parameters] if before.endswith("$") else None
        if offered is not None:
            yield from _shown(starting(offered, f"${typed}"), f"${typed}")
            return
        yield from _any_case(names(words, before), typed)

    def _vocabulary(self) -> Vocabulary:
        store = self._session.store
        if self._known is None or self._known[0] != store.url:
            try:
                self._known = (store.url, vocabulary(store))
            except InfluenceGraphError:  # tried again at the next Tab
                return keywords(store.language)
        return self._known[1]


def _cypher_names(words: Vocabulary, before: str) -> list[tuple[str, str]]:
    """Return what fits after *before*: labels and types after a colon, properties after a dot, else keywords."""
    opened = _innermost(before)
    if re.search(r"[\[(][^()\[\]{}]*[:|&!]\s*\Z", before):
        return (
            [(each, "relationship") for each in words.types]
            if opened == "["
            else [(each, "label") for each in words.labels]
        )
    if re.search(r"\w\.\Z", before) or (opened == "{" and re.search(r"[{,]\s*\Z", before)):
        return [(each, "property") for each in words.properties]
    return [(each, "") for each in words.keywords]


def _sql_names(words: Vocabulary, before: str) -> list[tuple[str, str]]:
    """Return what fits after *before*: tables after FROM, columns after the dot of a table, else all and keywords."""
    tables = [(table, "table") for table in words.tables]
    if _TABLE_NEXT.search(before):
        return tables
    of = _OF_TABLE.search(before)
    columns = words.tables.get(of[1]) if of else None
    if columns is not None:
        return [(column, "column") for column in columns]
    named = [table for table in words.tables if re.search(rf"\b{table}\b", before)]
    every = dict.fromkeys(column for table in named or words.tables for column in words.tables[table])
    if of:
        return [(column, "column") for column in every]
    return [*((each, "") for each in words.keywords), *((each, "column") for each in every), *tables]


def _innermost(text: str) -> str:
    """Return the bracket that is open at the end of *text*, "" for none."""
    opened: list[str] = []
    for bracket in _OPENED.findall(text):
        if bracket in "([{":
            opened.append(bracket)
        elif opened:
            opened.pop()
    return opened[-1] if opened else ""


def _any_case(pairs: Iterable[tuple[str, str]], typed: str) -> Iterator[Completion]:
    """Yield those of *pairs* that begin with *typed* in any case; without a letter typed, names but not keywords."""
    for name, about in pairs:
        if name.lower().startswith(typed.lower()) and (typed or about):
            yield Completion(name, -len(typed), display_meta=about)


def _shown(items: Iterable[CompletionItem[str]], typed: str) -> Iterator[Completion]:
    """Yield *items*, which replace what is *typed*; those with blanks in quotes."""
    for item in items:
        if item.type in ("file", "dir"):
            continue
        text = item.value if item.type == "open" or not re.search(r"[\s'\"]", item.value) else _quoted(item.value)
        yield Completion(text, -len(typed), display=item.value, display_meta=item.help or "")


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
