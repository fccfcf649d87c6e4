"""What the measuring tools share: their table, figures kept as JSON, and a Neo4j to measure on."""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Figures = Mapping[str, Mapping[str, Any]]
"""Value by row and column."""
Sections = Mapping[str, Figures]
"""Figures by the title of their table."""

CLI = (sys.executable, "-m", "influence_graph")
STORES = {"embedded": ("embedded",), "neo4j": ("neo4j",), "both": ("embedded", "neo4j")}
_COUNT_NODES = "MATCH (n) WHERE NOT n:Migration RETURN count(n)"
_WIPE = "MATCH (n) WHERE NOT n:Migration CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS"
_MISSING = "-"


def parser(about: str | None) -> argparse.ArgumentParser:
    """Return the parser with the options of all tools."""
    options = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("-o", "--output", type=Path, metavar="FILE.json", help="write the figures to this file")
    options.add_argument("--compare", type=Path, metavar="FILE.json", help="show changes since this file: before → now")
    return options


def report(sections: Sections, options: argparse.Namespace, *, partial: bool = False) -> Sections | None:
    """Print *sections*, and write them where requested.

    Returns the earlier figures, if they are to be compared: of a *partial* run only the rows measured now.
    """
    former = json.loads(options.compare.read_text(encoding="utf-8")) if options.compare else None
    if former is not None and partial:
        former = {title: {k: v for k, v in former.get(title, {}).items() if k in sections[title]} for title in sections}
    for title, figures in sections.items():
        print("\n".join(_table(title, figures, None if former is None else former.get(title, {}))), end="\n\n")
    if options.output:
        options.output.write_text(json.dumps(sections, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return former


def isolated(folder: Path) -> dict[str, str]:
    """Return an environment without the user's settings, and with *folder* for the mirror of a store."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("INFLUENCE_GRAPH_")}
    return {**kept, "XDG_CACHE_HOME": str(folder), "NO_COLOR": "1"}


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """Yield the address of NEO4J_URI, or of a server started in *folder* for the block; its database is emptied."""
    uri = os.environ.get("NEO4J_URI")
    if uri:
        _require_empty(uri)
        try:
            yield uri
        finally:
            empty(uri)
        return
    os.environ["XDG_STATE_HOME"] = str(folder / "state")
    os.environ.pop("NEO4J_PASSWORD", None)
    home = ["--home", str(folder / "neo4j")]
    bolt, http = _free_ports()
    up = [*CLI, "neo4j", "up", *home, "--bolt-port", str(bolt), "--http-port", str(http), "--format", "json"]
    try:
        started = json.loads(subprocess.run(up, check=True, stdout=subprocess.PIPE).stdout)[0]
        os.environ["NEO4J_USERNAME"] = started["username"]
        os.environ["NEO4J_PASSWORD"] = Path(started["password_file"]).read_text(encoding="utf-8").strip()
        yield started["uri"]
    finally:
        subprocess.run([*CLI, "neo4j", "down", *home], check=False, stderr=subprocess.DEVNULL)


def empty(url: str) -> None:
    """Delete all records and results of the database at *url*."""
    execute(url, _WIPE)


def _require_empty(url: str) -> None:
    nodes = execute(url, _COUNT_NODES)[0][0]
    if nodes and os.environ.get("INFLUENCE_GRAPH_TEST_WIPE") != "1":
        sys.exit(f"this empties the database, and {url} holds {nodes} nodes: INFLUENCE_GRAPH_TEST_WIPE=1 permits it")


def execute(url: str, statement: str) -> list[Any]:
    """Run *statement* on the database at *url* and return its rows."""
    import neo4j

    account = (os.environ.get("NEO4J_USERNAME", "neo4j"), os.environ.get("NEO4J_PASSWORD", ""))
    with (
        neo4j.GraphDatabase.driver(url, auth=account) as driver,
        driver.session(database=os.environ.get("NEO4J_DATABASE")) as session,
    ):
        return session.run(statement).values()


def _free_ports() -> list[int]:
    with socket.socket() as first, socket.socket() as second:
        for each in (first, second):
            each.bind(("127.0.0.1", 0))
        return [first.getsockname()[1], second.getsockname()[1]]


def _table(title: str, figures: Figures, former: Figures | None) -> list[str]:
    """Return the lines of one table; with *former*, changed cells read: before → now."""
    before: Figures = figures if former is None else former
    every = [*figures.values(), *before.values()]
    columns = list(dict.fromkeys(column for row in every for column in row))
    lines = [[title, *columns]]
    for name in dict.fromkeys([*figures, *before]):
        old, new = before.get(name, {}), figures.get(name, {})
        lines.append([name, *(_cell(old.get(column), new.get(column)) for column in columns)])
    numeric = [all(isinstance(row.get(column, 0), int | float) for row in every) for column in columns]
    pads = ["<", *(">" if right else "<" for right in numeric)]
    widths = [max(map(len, texts)) for texts in zip(*lines, strict=True)]
    return [
        "  ".join(f"{text:{pad}{width}}" for pad, text, width in zip(pads, line, widths, strict=True)).rstrip()
        for line in lines
    ]


def _cell(old: object, new: object) -> str:
    return _text(new) if old == new else f"{_text(old)} → {_text(new)}"


def _text(value: object) -> str:
    if value is None:
        return _MISSING
    return f"{value:,}" if isinstance(value, int) else str(value)
