"""Cypher in files: named queries for users (``cypher/*.cypher``) and the store's own (``cypher/store``).

Each file has a header of ``//`` lines: what it answers, ``name:``, ``parameters:``, ``columns:``
("-" for none), and READ or WRITE.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from influence_graph.errors import NotFound, StoreError

_PACKAGE = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class NamedQuery:
    """One file: its header and its statement."""

    name: str
    about: str
    parameters: tuple[str, ...]
    columns: tuple[str, ...]
    writes: bool
    text: str


def folder() -> Path:
    """Return the folder of the Cypher files: in the installed package, else beside it in a checkout.

    Raises:
        StoreError: the installation lacks them.
    """
    for candidate in (_PACKAGE / "_data" / "cypher", _PACKAGE.parent / "cypher"):
        if candidate.is_dir():
            return candidate
    raise StoreError(f"the Cypher files are missing beside {_PACKAGE}", remedy="install influence-graph again")


def named_queries() -> list[NamedQuery]:
    """Return the queries for users, by name."""
    return [parse(path) for path in sorted(folder().glob("*.cypher"))]


def load(name: str) -> NamedQuery:
    """Return the query *name*.

    Raises:
        NotFound: there is none of that name.
    """
    known = {path.stem: path for path in folder().glob("*.cypher")}
    if name not in known:
        raise NotFound(f"there is no query {name!r}", remedy=f"known are {', '.join(sorted(known))}")
    return parse(known[name])


@cache
def statement(name: str) -> str:
    """Return the text of the store's own statement *name*."""
    return parse(folder() / "store" / f"{name}.cypher").text


def parse(path: Path) -> NamedQuery:
    """Return the query in the file *path*."""
    lines = path.read_text(encoding="utf-8").splitlines()
    header = [line[2:].strip() for line in lines if line.startswith("//")]
    fields = dict(line.split(": ", 1) for line in header if line.startswith(("name: ", "parameters: ", "columns: ")))
    return NamedQuery(
        name=fields["name"],
        about=header[0],
        parameters=_names(fields["parameters"]),
        columns=_names(fields["columns"]),
        writes="WRITE" in header,
        text="\n".join(line for line in lines if not line.startswith("//")),
    )


def _names(text: str) -> tuple[str, ...]:
    return () if text == "-" else tuple(name.strip() for name in text.split(","))
