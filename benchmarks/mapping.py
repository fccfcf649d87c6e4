"""Ingest of columns with other names and notations beside plain ingest of the same records, as whole processes.

python -m benchmarks.mapping [--rows 1000000] [--repeats 3]

Both files hold the same interactions. The mapped one has other column names, no kind (a constant), local dates such as
``14/07/2025 10:30:00`` and decimal commas; its stored records must be those of the plain one. Ties are read twice to
find those that a file repeats: beside them stands the same file with each tie twice.
"""

from __future__ import annotations

import multiprocessing
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path

import click
import duckdb
import numpy as np
import pyarrow as pa
from pyarrow import csv

from benchmarks.measure import Figures, measure
from benchmarks.stores import COMMAND

MAPPING = """kind = "interactions"
timezone = "UTC"

[fields]
event_id = "Order No"
at = {column = "Created at", format = "%d/%m/%Y %H:%M:%S"}
consumer = "Customer"
brand = "Shop"
kind = {constant = "purchase"}
value = {column = "Total", decimal = ","}
"""
DIGEST = MAPPING.replace('"Order No"', "{digest = true}")


def write_orders(folder: Path, rows: int) -> None:
    """Write *rows* random purchases as ``plain.csv`` and, in another shape, as ``orders.csv``."""
    rng = np.random.default_rng(1)
    at = np.datetime64("2025-01-01T00:00:00") + rng.integers(0, 400 * 86400, rows).astype("timedelta64[s]")
    cents = rng.integers(100, 1_000_000, rows)
    stamp = np.datetime_as_string(at)
    day, time = pa.array(stamp), np.char.add(" ", np.array([text[11:] for text in stamp]))
    parts = [np.array([text[a:b] for text in day.to_pylist()]) for a, b in ((8, 10), (5, 7), (0, 4))]
    local = np.char.add(np.char.add(np.char.add(parts[0], "/"), np.char.add(parts[1], "/")), parts[2])
    whole, rest = (cents // 100).astype(str), np.char.zfill((cents % 100).astype(str), 2)
    shared = {
        "event_id": np.char.add("o", np.arange(rows).astype(str)),
        "consumer": np.char.add("c", rng.integers(0, max(1, rows // 10), rows).astype(str)),
        "brand": np.char.add("b", rng.integers(0, 500, rows).astype(str)),
    }
    plain = {
        **shared,
        "at": np.char.add(stamp, "Z"),
        "kind": np.full(rows, "purchase"),
        "value": np.char.add(np.char.add(whole, "."), rest),
    }
    names = {"event_id": "Order No", "consumer": "Customer", "brand": "Shop"}
    orders = {
        **{names[name]: column for name, column in shared.items()},
        "Created at": np.char.add(local, time),
        "Total": np.char.add(np.char.add(whole, ","), rest),
    }
    options = {"quoting_style": "none"}
    csv.write_csv(pa.table(plain), folder / "plain.csv", csv.WriteOptions(**options))
    csv.write_csv(pa.table(orders), folder / "orders.csv", csv.WriteOptions(delimiter=";", **options))


def write_ties(folder: Path, rows: int) -> None:
    """Write *rows* different ties as ``ties.csv``, and half of them, each twice, as ``twice.csv``."""
    ends = np.arange(rows)
    table = pa.table({"source": ends % 50_021, "target": 60_000 + ends * 7 % 999_983, "weight": 1 + ends % 9})
    csv.write_csv(table, folder / "ties.csv")
    half = table.slice(0, rows // 2)
    csv.write_csv(pa.concat_tables([half, half]), folder / "twice.csv")


def apart(work: Callable[[Path, int], None], folder: Path, rows: int) -> None:
    """Run *work* in a process of its own: a child's peak memory starts with that of the one that started it."""
    process = multiprocessing.get_context("spawn").Process(target=work, args=(folder, rows))
    process.start()
    process.join()


def stored(store: Path, table: str, columns: str) -> list[tuple[object, ...]]:
    """Return sums over *table* of the store, which equal records have in common."""
    (file,) = store.glob("*.duckdb")
    with duckdb.connect(str(file), read_only=True) as connection:
        return connection.execute(f"SELECT count(*), {columns} FROM {table}").fetchall()


def ingested(folder: Path, name: str, options: list[str], number: int) -> tuple[Figures, Path]:
    store = folder / f"{name}-{number}"
    return measure([*COMMAND, "ingest", *options, "--store", str(store)]), store


@click.command()
@click.option("--rows", default=1_000_000, show_default=True)
@click.option("--repeats", default=3, show_default=True, help="Of each, in turn; the median is shown.")
def main(rows: int, repeats: int) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        apart(write_orders, folder, rows)
        apart(write_ties, folder, rows)
        for name, text in (("mapping", MAPPING), ("digest", DIGEST)):
            (folder / f"{name}.toml").write_text(text)
        orders, ties = str(folder / "orders.csv"), [str(folder / "ties.csv"), str(folder / "twice.csv")]
        runs = {
            "plain": [str(folder / "plain.csv")],
            "mapped": [orders, "--mapping", str(folder / "mapping.toml")],
            "digest": [orders, "--mapping", str(folder / "digest.toml")],
            "ties": [ties[0]],
            "twice": [ties[1]],
        }
        done: dict[str, list[tuple[Figures, Path]]] = {name: [] for name in runs}
        for number in range(repeats):
            for name, options in runs.items():
                done[name].append(ingested(folder, name, options, number))
        print(f"{rows:,} rows, medians of {repeats} runs in turn")
        for name in runs:
            base = "ties" if name == "twice" else name if name == "ties" else "plain"
            show(name, [each for each, _ in done[name]], [each for each, _ in done[base]])
        sums = 'sum(epoch("at")), sum(round(100 * value)), count(DISTINCT consumer), count(DISTINCT brand), min(kind)'
        found = [stored(done[name][0][1], "interactions", sums) for name in ("plain", "mapped", "digest")]
        assert found[0] == found[1] == found[2], found
        weights = [stored(done[name][0][1], "ties", "sum(weight)") for name in ("ties", "twice")]
        print(f"stored alike: {found[0]}; ties {weights[0]}, twice {weights[1]}")


def show(name: str, figures: list[Figures], base: list[Figures]) -> None:
    """Print the medians of *figures*, and the ratio of their seconds to those of *base*."""
    seconds, others = (statistics.median(each.seconds for each in of) for of in (figures, base))
    cpu = statistics.median(each.cpu for each in figures)
    peak = max(each.megabytes for each in figures)
    print(
        f"  {name:8} {seconds:7.2f} s wall {cpu:7.2f} s cpu {peak:6.0f} MB peak  {seconds / others:5.2f} x", flush=True
    )


if __name__ == "__main__":
    main()
