"""The commands of the shell itself: lines that begin with a colon."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click
import pandas as pd

from influence_graph.cli.answers import value_of
from influence_graph.cli.options import FORMATS
from influence_graph.cli.output import emit, note
from influence_graph.cli.shell.session import Session
from influence_graph.cli.shell.statements import Asked, given_in, words_of
from influence_graph.errors import InputError, NotFound
from influence_graph.explore.catalogue import catalogue, question, topics
from influence_graph.model.json_values import json_text
from influence_graph.text import did_you_mean, one_line

SHELL_FORMATS = tuple(name for name in FORMATS if name != "parquet")
_ASSIGNMENT = re.compile(r"(\w+)\s*(?:=>|=)\s*(.+)", re.DOTALL)


class Quit(Exception):
    """The user has had enough."""


@dataclass(frozen=True)
class Meta:
    """A command of the shell.

    Attributes:
        usage: What is typed.
        about: What it does.
        run: Does it, given what stands behind the command.
    """

    usage: str
    about: str
    run: Callable[[Session, str], None]


def run(session: Session, text: str) -> None:
    """Run one statement: a command of the shell, a question, or one in the store's language.

    Raises:
        Quit: the user wants to leave.
        InputError: there is no such command, or its argument is wrong.
    """
    asked = session.statements.asked(text)
    if asked is not None:
        session.ask(asked)
    elif text.startswith(":"):
        word, _, argument = text[1:].partition(" ")
        if word not in META:
            raise InputError(f"there is no command :{one_line(word, 40)}", remedy=did_you_mean(word, META, "see :help"))
        META[word].run(session, argument.strip())
    else:
        session.query(text)


def _help(session: Session, _: str) -> None:
    rows = [(meta.usage, meta.about) for meta in META.values()]
    emit(pd.DataFrame(rows, columns=["type", "to"]), session.format_, top=0)
    note(f"{session.store.language} ends with ; or an empty line; NAME PARAMETER=VALUE asks a question.")
    note("Tab completes, arrow up brings back, Ctrl-C stops what runs or was typed.")


def _questions(session: Session, topic: str) -> None:
    if topic and topic not in topics():
        otherwise = f"use {', '.join(topics())}"
        raise NotFound(f"there is no topic {topic!r}", remedy=did_you_mean(topic, topics(), otherwise))
    rows = [(q.topic, q.name, q.title) for q in catalogue().values() if topic in ("", q.topic)]
    emit(pd.DataFrame(rows, columns=["topic", "name", "title"]), session.format_, top=0)


def _show(_: Session, name: str) -> None:
    click.echo(question(name).pasted())


def _ask(session: Session, text: str) -> None:
    name, *items = words_of(text) or [""]
    session.ask(Asked(question(name).name, given_in(items)))


def _param(session: Session, text: str) -> None:
    match = _ASSIGNMENT.fullmatch(text.rstrip(";").strip())
    if match is None:
        raise InputError(f"{one_line(text, 60)!r} is not NAME => VALUE", remedy="such as :param brand => 'sweater'")
    name, value = match[1], match[2].strip()
    quoted = len(value) > 1 and value[0] == value[-1] == "'"
    session.parameters[name] = value[1:-1].replace("\\'", "'") if quoted else value_of(value)


def _params(session: Session, text: str) -> None:
    if text == "clear":
        session.parameters.clear()
        return
    if text:
        raise InputError(f":params takes nothing or clear, not {one_line(text, 40)!r}", remedy="set one with :param")
    rows = [(name, json_text(value)) for name, value in session.parameters.items()]
    emit(pd.DataFrame(rows, columns=["parameter", "value"]), session.format_, top=0)


def _export(session: Session, text: str) -> None:
    if not text:
        raise InputError(
            ":export needs a file", remedy="such as :export answer.csv; .json, .jsonl and .parquet work too"
        )
    session.export(Path(text.strip("'\"")).expanduser())


def _format(session: Session, name: str) -> None:
    if name and name not in SHELL_FORMATS:
        otherwise = f"use {', '.join(SHELL_FORMATS)}"
        raise InputError(f"there is no format {name!r} here", remedy=did_you_mean(name, SHELL_FORMATS, otherwise))
    if name:
        session.format_ = name
    note(f"format: {session.format_ or 'table on a terminal, else jsonl'}")


def _limit(session: Session, text: str) -> None:
    if text and not text.isdecimal():
        raise InputError(
            f":limit is {one_line(text, 40)!r}, must be 0 or more", remedy="such as :limit 50; 0 shows all"
        )
    if text:
        session.limit = int(text)
    note(f"limit: {'20 rows of a table' if session.limit is None else session.limit or 'all rows'}")


def _store(session: Session, url: str) -> None:
    if url:
        session.use(url)
    note(f"store: {session.store.url} ({session.store.language})")


def _quit(_: Session, __: str) -> None:
    raise Quit


META: dict[str, Meta] = {
    "help": Meta(":help", "show this list", _help),
    "questions": Meta(":questions [TOPIC]", "list the questions of the catalogue", _questions),
    "show": Meta(":show NAME", "show a question: parameters and Cypher", _show),
    "ask": Meta(":ask NAME PARAMETER=VALUE …", "ask it, as NAME PARAMETER=VALUE … alone does", _ask),
    "param": Meta(":param NAME => VALUE", "set the parameter $NAME: JSON, 'text' or text", _param),
    "params": Meta(":params [clear]", "list the parameters, or forget them", _params),
    "explain": Meta(":explain [STATEMENT]", "show the plan, of the last statement without one",
                    lambda session, text: session.plan("EXPLAIN", text)),
    "profile": Meta(":profile [STATEMENT]", "run it, and show the plan with what each step cost",
                    lambda session, text: session.plan("PROFILE", text)),
    "export": Meta(":export FILE", "write the last answer: .csv, .json, .jsonl, .parquet", _export),
    "format": Meta(":format [FORMAT]", f"print answers as {', '.join(SHELL_FORMATS)}", _format),
    "limit": Meta(":limit [ROWS]", "print at most so many rows, 0 for all", _limit),
    "store": Meta(":store [ADDRESS]", "show which store answers, or go on with another", _store),
    "quit": Meta(":quit", "leave, as Ctrl-D does", _quit),
}  # fmt: skip
"""The commands by their names, in the order of the help."""
