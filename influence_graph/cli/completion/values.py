"""What is offered for the value of a parameter; nothing slow is imported for it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from influence_graph.app.address import SERVER
from influence_graph.app.ids import ids_starting, is_store
from influence_graph.errors import InfluenceGraphError, StoreUnreachable
from influence_graph.stores.neo4j.home import launched_addresses
from influence_graph.text import one_line

Words = Mapping[str, Any]
Items = list[CompletionItem[str]]
Completer = Callable[[Words, Sequence[str], click.Context, click.Parameter, str], Items]
OPEN = "open"
"""Type of an item after which the word goes on: no space is put behind it."""
_CONSUMER, _BRAND = "Consumer", "Brand"
_SCHEMES = ("bolt://", "neo4j://", "bolt+s://", "neo4j+s://")


def starting(pairs: Iterable[Sequence[str]], incomplete: str, kind: str = "plain") -> Items:
    """Return the items of *pairs* of value and help whose value begins with *incomplete*."""
    return [CompletionItem(value, kind, help_ or None) for value, help_ in pairs if value.startswith(incomplete)]


def id_items(url: str, labels: Sequence[str], incomplete: str, *, allow_remote_plaintext: bool = False) -> Items:
    """Return the ids in the store at *url* that begin with *incomplete*; none where it cannot be read now."""
    found: dict[str, str] = {}
    for label in labels:
        try:
            pairs = ids_starting(url, label, incomplete, allow_remote_plaintext=allow_remote_plaintext)
        except StoreUnreachable:
            break
        except InfluenceGraphError:
            continue
        found |= {id_: name for id_, name in pairs if id_.isprintable()}
    return [CompletionItem(id_, help=one_line(name, 60) or None) for id_, name in sorted(found.items())]


def store_items(incomplete: str) -> Items:
    """Return addresses of stores that begin with *incomplete*, and where folders are one, folders."""
    known = [(SERVER, f"NEO4J_URI: {os.environ['NEO4J_URI']}")] if os.environ.get("NEO4J_URI") else []
    known += [(address, "started by `neo4j up`") for address in launched_addresses()]
    schemes = [(scheme, "address of a Neo4j") for scheme in _SCHEMES]
    folders = [] if "://" in incomplete else _folders(incomplete)
    return [*starting(known, incomplete), *folders, *starting(schemes, incomplete, OPEN)]


def value_items(
    words: Words, question: str, name: str, incomplete: str, ids: Callable[[Sequence[str], str], Items]
) -> Items:
    """Return values of the parameter *name* of *question* that begin with *incomplete*; *ids* gives those of nodes."""
    parameter = words["questions"].get(question, {}).get("parameters", {}).get(name)
    if parameter is None:
        return []
    if parameter["labels"]:
        return ids(parameter["labels"], incomplete)
    return starting(((choice, "") for choice in parameter["choices"]), incomplete)


def name_items(words: Words, question: str, given: Iterable[str], incomplete: str) -> Items:
    """Return ``NAME=`` for the parameters of *question* that are not *given* and begin with *incomplete*."""
    parameters = words["questions"].get(question, {}).get("parameters", {})
    left = [(f"{name}=", each["about"]) for name, each in parameters.items() if name not in set(given)]
    return starting(left, incomplete, OPEN)


def question_items(words: Words, incomplete: str) -> Items:
    """Return the names of questions that begin with *incomplete*, with their titles."""
    return starting(((name, each["title"]) for name, each in words["questions"].items()), incomplete)


def _folders(incomplete: str) -> Items:
    """Return the folders that begin with *incomplete*: stores as they are, others with a / behind which one goes on."""
    above, _, beginning = incomplete.rpartition("/")
    place = Path(f"{above}/" if "/" in incomplete else ".").expanduser()
    try:
        names = sorted(each.name for each in place.iterdir() if each.is_dir() and each.name.startswith(beginning))
    except OSError:
        return []
    shown = [name for name in names if name.isprintable() and (beginning or not name.startswith("."))]
    written = [(incomplete[: len(incomplete) - len(beginning)] + name, place / name) for name in shown]
    return [
        CompletionItem(text, help="a store") if is_store(folder) else CompletionItem(f"{text}/", OPEN)
        for text, folder in written
    ]


def _store_of(ctx: click.Context) -> str:
    of = [each for each in ctx.command.params if each.name == "store"]
    default = of[0].default if of else None
    return str(ctx.params.get("store") or os.environ.get("INFLUENCE_GRAPH_STORE") or default or "")


def _ids(ctx: click.Context, labels: Sequence[str], incomplete: str) -> Items:
    allowed = bool(ctx.find_root().params.get("allow_remote_plaintext"))
    return id_items(_store_of(ctx), labels, incomplete, allow_remote_plaintext=allowed)


def _nothing(_: Words, __: Sequence[str], ___: click.Context, ____: click.Parameter, _____: str) -> Items:
    return []


def _choices(_: Words, choices: Sequence[str], __: click.Context, ___: click.Parameter, incomplete: str) -> Items:
    return starting(((choice, "") for choice in choices), incomplete)


def _of_type(kind: str) -> Completer:
    return lambda _, __, ___, ____, incomplete: [CompletionItem(incomplete, kind)]


def _of_words(name: str) -> Completer:
    return lambda words, _, __, ___, incomplete: starting(words[name], incomplete)


def _of_labels(*labels: str) -> Completer:
    return lambda _, __, ctx, ___, incomplete: _ids(ctx, labels, incomplete)


def _stores(_: Words, __: Sequence[str], ___: click.Context, ____: click.Parameter, incomplete: str) -> Items:
    return store_items(incomplete)


def _question(words: Words, _: Sequence[str], __: click.Context, ___: click.Parameter, incomplete: str) -> Items:
    return [*question_items(words, incomplete), CompletionItem(incomplete, "file")]


def _assignment(words: Words, _: Sequence[str], ctx: click.Context, param: click.Parameter, incomplete: str) -> Items:
    # Where the line ends with --param, click has not told the arguments from the options yet.
    question = str(ctx.params.get("text") or next(iter(ctx.args), ""))
    name, separator, value = incomplete.partition("=")
    if not separator:
        given = (str(each).partition("=")[0] for each in ctx.params.get(param.name or "") or ())
        return name_items(words, question, given, incomplete)
    found = value_items(words, question, name, value, lambda labels, text: _ids(ctx, labels, text))
    return [CompletionItem(f"{name}={item.value}", item.type, item.help) for item in found]


COMPLETERS: dict[str, Completer] = {
    "": _nothing,
    "choices": _choices,
    "file": _of_type("file"),
    "dir": _of_type("dir"),
    "store": _stores,
    "brand": _of_labels(_BRAND),
    "consumer": _of_labels(_CONSUMER),
    "node": _of_labels(_CONSUMER, _BRAND),
    "preset": _of_words("presets"),
    "dataset": _of_words("datasets"),
    "zone": _of_words("zones"),
    "probabilities": _of_words("probabilities"),
    "question": _question,
    "question_name": lambda words, _, __, ___, incomplete: question_items(words, incomplete),
    "topic": _of_words("topics"),
    "shell": _of_words("shells"),
    "assignment": _assignment,
}
"""How values are completed, by the name that :func:`influence_graph.cli.completion.words.completer_of` gives."""
