"""Ingest, pipeline and push as whole processes, beside a bare DuckDB load of the same file.

python -m benchmarks.stores --sizes 10000,100000,1000000 [--neo4j bolt://localhost:7687]
"""

from __future__ import annotations

import multiprocessing
import shutil
import sys
import tempfile
from pathlib import Path

import click
import numpy as np
import pyarrow as pa
from pyarrow import csv

from benchmarks.measure import Figures, measure

COMMAND = [sys.executable, "-m", "influence_graph"]
BARE = (
    "import duckdb, sys; duckdb.connect(sys.argv[2])"
    ".execute('CREATE TABLE t AS SELECT * FROM read_csv(?)', [sys.argv[1]])"
)


def write_interactions(path: Path, rows: int, prefix: str = "e", consumers: int = 100_000, brands: int = 500) -> None:
    """Write *rows* random interactions among at most *consumers* and *brands*, brands by a Zipf law."""
    rng = np.random.default_rng(1)
    kinds = np.array(["purchase", "wear", "review", "mention", "complaint", "giveaway", "recovery"])
    popularity = 1 / np.arange(1, brands + 1)
    at = np.datetime64("2026-01-01T00:00:00") + rng.integers(0, 180 * 86400, rows).astype("timedelta64[s]")
    table = pa.table(
        {
            "event_id": np.char.add(f"{prefix}{rows}-", np.arange(rows).astype(str)),
            "at": np.char.add(np.datetime_as_string(at), "Z"),
            "consumer": np.char.add("c", rng.integers(0, min(consumers, rows // 10), rows).astype(str)),
            "brand": np.char.add("b", rng.choice(brands, rows, p=popularity / popularity.sum()).astype(str)),
            "kind": kinds[rng.integers(0, len(kinds), rows)],
            "weight": np.round(rng.gamma(2.0, 1.0, rows), 2),
            "channel": np.where(rng.random(rows) < 0.5, "online", "offline"),
            "reach": rng.integers(1, 10_000, rows),
        }
    )
    csv.write_csv(table, path, csv.WriteOptions(quoting_style="none"))


def one_size(rows: int, folder: Path, neo4j: str | None) -> None:
    """Print the figures for one size."""
    file, store = folder / "interactions.csv", folder / "store"
    generate(file, rows, "e")
    print(f"\n{rows:,} interactions, {file.stat().st_size / 1e6:.0f} MB of CSV")
    bare = measure([sys.executable, "-c", BARE, str(file), str(folder / "bare.duckdb")])
    show("bare DuckDB load", bare)
    at = ["--store", str(store)]
    show("ingest, embedded", measure([*COMMAND, "ingest", str(file), *at]), bare)
    show("ingest again", measure([*COMMAND, "ingest", str(file), *at]), bare)
    show("rank --write", measure([*COMMAND, "rank", "--write", "--top", "10", *at]))
    show("score --write", measure([*COMMAND, "score", "--write", "--top", "10", *at]))
    if neo4j:
        to = ["--store", neo4j]
        loaded = measure([*COMMAND, "ingest", str(file), *to])
        show("ingest, Neo4j", loaded)
        print(f"  {rows / loaded.seconds:,.0f} interactions a second")
        other, pushed = folder / "other.csv", folder / "pushed"
        generate(other, rows, "p")
        measure([*COMMAND, "ingest", str(other), "--store", str(pushed)])
        show("push", measure([*COMMAND, "push", neo4j, "--store", str(pushed)]))
        show("push again", measure([*COMMAND, "push", neo4j, "--store", str(pushed)]))
        show("rank --write, Neo4j", measure([*COMMAND, "rank", "--write", "--top", "10", *to]))
        show("score --write, Neo4j", measure([*COMMAND, "score", "--write", "--top", "10", *to]))


def generate(path: Path, rows: int, prefix: str) -> None:
    """Write a file in a process of its own: a child's peak memory starts with that of the one that started it."""
    writer = multiprocessing.get_context("spawn").Process(target=write_interactions, args=(path, rows, prefix))
    writer.start()
    writer.join()


def show(what: str, figures: Figures, bare: Figures | None = None) -> None:
    """Print one line, with the ratio to the bare load where there is one."""
    ratio = f"  {figures.seconds / bare.seconds:5.2f} x bare" if bare else ""
    print(f"  {what:26}{figures}{ratio}", flush=True)


@click.command()
@click.option("--sizes", default="10000,100000,1000000", show_default=True)
@click.option("--neo4j", help="Address of an empty Neo4j; its database is written to.")
def main(sizes: str, neo4j: str | None) -> None:
    """Print seconds and peak memory per size; the largest runs in one temporary folder each."""
    for size in sizes.split(","):
        folder = Path(tempfile.mkdtemp())
        try:
            one_size(int(size), folder, neo4j)
        finally:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
