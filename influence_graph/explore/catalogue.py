"""The catalogue of questions: one file ``cypher/<topic>/<name>.cypher`` each.

Its first line is ``// Title``. The ``//`` lines after it are TOML: ``about`` (one sentence), ``access`` (READ or
WRITE), ``needs`` (kinds of results that must be current), ``parameters.NAME`` and ``columns.NAME``. The rest is
Cypher. The embedded store answers by the function of the same name, with _ for -, in ``explore/answers/<topic>.py``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from influence_graph.errors import NotFound
from influence_graph.explore.parameters import Parameter, bound
from influence_graph.model.results import RESULTS, Shape, measures
from influence_graph.stores.neo4j.queries import OWN_FOLDERS, folder
from influence_graph.text import did_you_mean


@dataclass(frozen=True)
class Column:
    """One column of an answer.

    Attributes:
        name: Its name.
        type: "text", "number", "integer", "time", "day" or "texts" (a list).
        unit: Its unit; "" for a text, a count or a share.
        about: What it is, where name and unit do not say it.
    """

    name: str
    type: str
    unit: str = ""
    about: str = ""


@dataclass(frozen=True)
class Question:
    """One question of the catalogue, as its file has it.

    Attributes:
        name: What users call it.
        topic: Its folder.
        title: A few words.
        about: One sentence.
        parameters: What it takes.
        columns: What it gives, in this order.
        access: READ or WRITE.
        needs: Kinds of results that must have been written.
        text: The Cypher.
    """

    name: str
    topic: str
    title: str
    about: str
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    access: str
    needs: tuple[str, ...]
    text: str

    def bind(self, given: Mapping[str, object]) -> dict[str, Any]:
        """Return the value of each parameter, from *given* (texts or values) or its default.

        Raises:
            InputError: one is unknown, missing or has a wrong value.
        """
        return bound(self.name, self.parameters, given)

    def filled(self, values: Mapping[str, object] | None = None) -> str:
        """Return the Cypher with a value in place of each parameter.

        The Neo4j Browser shows the rows of one statement, and of several (``:param`` before it) only that they ran.

        Args:
            values: Values of parameters, before their defaults and examples.
        """
        given = values or {}
        literals = {each.name: each.literal(given.get(each.name)) for each in self.parameters}
        return re.sub(r"\$(\w+)", lambda found: literals[found[1]], self.text)

    def pasted(self) -> str:
        """Return the text to paste into the Neo4j Browser: what it asks and takes, and Cypher with values filled in."""
        takes = [f"// {each.name}: {each.described()}" for each in self.parameters]
        return "\n".join([f"// {self.title}", f"// {self.about}", *takes, self.filled()])


@cache
def catalogue() -> dict[str, Question]:
    """Return all questions by their names, ordered by topic and name."""
    paths = sorted(path for path in folder().glob("*/*.cypher") if path.parent.name not in OWN_FOLDERS)
    return {path.stem: read(path) for path in paths}


def topics() -> list[str]:
    """Return the topics in their order."""
    return list(dict.fromkeys(each.topic for each in catalogue().values()))


def question(name: str) -> Question:
    """Return the question *name*.

    Raises:
        NotFound: there is none of that name; the remedy has the nearest.
    """
    known = catalogue()
    if name not in known:
        remedy = did_you_mean(name, known, "`influence-graph queries` lists them")
        raise NotFound(f"there is no question {name!r}", remedy=remedy)
    return known[name]


def read(path: Path) -> Question:
    """Return the question in the file *path*."""
    lines = path.read_text(encoding="utf-8").splitlines()
    start = next(number for number, line in enumerate(lines) if not line.startswith("//"))
    header = tomllib.loads("\n".join(line.removeprefix("//") for line in lines[1:start]))
    return Question(
        name=path.stem,
        topic=path.parent.name,
        title=lines[0].removeprefix("//").strip(),
        about=header["about"],
        parameters=tuple(_parameter(name, row) for name, row in header.get("parameters", {}).items()),
        columns=tuple(Column(name, **row) for name, row in header["columns"].items()),
        access=header["access"],
        needs=tuple(header.get("needs", ())),
        text="\n".join(lines[start:]).strip(),
    )


def _parameter(name: str, row: Mapping[str, Any]) -> Parameter:
    choices = row.get("choices", ())
    return Parameter(name, **{**row, "choices": _measure_names() if choices == "measures" else tuple(choices)})


def _measure_names() -> tuple[str, ...]:
    """Return the names of measures of people, then the kinds of their runs."""
    of_nodes = [row for row in RESULTS.values() if row.shape is Shape.NODES]
    names = [measures(), (row.kind for row in of_nodes), (row.neo4j for row in of_nodes)]
    return tuple(dict.fromkeys(name for each in names for name in each))
