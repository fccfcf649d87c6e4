"""Cypher in files: the store's own statements (``cypher/store``) and those of Graph Data Science (``cypher/gds``).

Each file has a header of ``//`` lines: what it answers, ``name:``, ``parameters:``, ``columns:``
("-" for none), and READ or WRITE. The questions of users are in ``explore/catalogue.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from influence_graph.errors import StoreError

OWN_FOLDERS = ("gds", "migrations", "store")
"""Folders of Cypher that hold no questions of users."""
_PACKAGE = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class OwnQuery:
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


@cache
def statement(name: str) -> str:
    """Return the text of the store's own statement *name*."""
    return parse(folder() / "store" / f"{name}.cypher").text


def parse(path: Path) -> OwnQuery:
    """Return the query in the file *path*."""
    lines = path.read_text(encoding="utf-8").splitlines()
    header = [line[2:].strip() for line in lines if line.startswith("//")]
    fields = dict(line.split(": ", 1) for line in header if line.startswith(("name: ", "parameters: ", "columns: ")))
    return OwnQuery(
        name=fields["name"],
        about=header[0],
        parameters=_names(fields["parameters"]),
        columns=_names(fields["columns"]),
        writes="WRITE" in header,
        text="\n".join(line for line in lines if not line.startswith("//")),
    )


def _names(text: str) -> tuple[str, ...]:
    return () if text == "-" else tuple(name.strip() for name in text.split(","))
