"""What a recalculation takes after 1 %, then 0.01 % of the interactions are new, against a full one, and after none.

Run ``python -m benchmarks.recompute [--people 100000] [--neo4j bolt://…] [--rounds 200]``. The records are a generated
town's: 100,000 people make 10^6 interactions. Results of each incremental recalculation are compared with those of a
full one on the same store: the sum (L1) and the largest of the absolute differences.
"""

from __future__ import annotations

import gc
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import click
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from influence_graph.app.ingest import import_dataset
from influence_graph.app.recompute.comparing import distance
from influence_graph.app.recompute.recompute import recompute
from influence_graph.ingest.importers import IMPORTERS, ImportOptions
from influence_graph.model.parameters import RecomputeParameters
from influence_graph.model.recalculations import Outcome, Recalculation
from influence_graph.model.records import BATCH_ROWS, INTERACTIONS, KINDS, Batch, RecordKind
from influence_graph.model.results import RESULTS
from influence_graph.stores.base import Store
from influence_graph.stores.embedded.store import EmbeddedStore

SHARES = (0.01, 0.0001)
"""New interactions, as shares of all."""
ROUND_SHARE = 0.0001
AS_IT_COMES = RecomputeParameters()


def interactions_of(town: Store) -> pa.Table:
    """Return all interactions of *town* as records, in the order of their times."""
    return pa.concat_tables(town.records(INTERACTIONS)).sort_by([("at", "ascending"), ("event_id", "ascending")])


def fill(store: Store, town: Store, first: pa.Table) -> None:
    """Append to *store* all records of *town*, but of the interactions those of *first*."""
    store.migrate()
    for kind in KINDS.values():
        tables = [first] if kind is INTERACTIONS else town.records(kind)
        store.append(kind, (batch for table in tables for batch in batches(kind, table)))


def batches(kind: RecordKind, table: pa.Table) -> Iterator[Batch]:
    """Yield *table* as batches."""
    for start in range(0, table.num_rows, BATCH_ROWS):
        rows = table.slice(start, BATCH_ROWS)
        yield Batch(kind, rows, pa.array(range(start, start + rows.num_rows), pa.int64()))


def timed(store: Store, parameters: RecomputeParameters = AS_IT_COMES) -> tuple[Recalculation, float]:
    """Return a recalculation of *store* and the seconds that it took, with reading and writing."""
    begun = time.perf_counter()
    done = recompute(store, parameters)
    assert done is not None
    return done, time.perf_counter() - begun


def show(what: str, done: Recalculation, seconds: float) -> None:
    """Print the seconds of *done* in all and of its steps, and which of them were incremental or unchanged."""
    marks = {"incremental": "+", "full": "", "": "="}
    steps = (
        f"{step.kind}{marks[step.method]} {step.seconds:.1f}" for step in done.steps if step.outcome != Outcome.SKIPPED
    )
    writing = seconds - sum(step.seconds for step in done.steps)
    print(f"  {what:<28}{seconds:8.1f} s: {', '.join(steps)}, opening and writing {writing:.1f}", flush=True)


def apart(store: Store, before: dict[str, pa.Table]) -> str:
    """Return how far the results of *before* are from the current ones of *store*."""
    found = {kind: distance(RESULTS[kind], table, store.results(kind)[1]) for kind, table in before.items()}
    return ", ".join(f"{kind} L1 {each.total:.2g} max {each.largest:.2g}" for kind, each in found.items())


def compared(store: Store, new: list[pa.Table]) -> None:
    """Print the figures of *store*, to which the tables *new* are appended one after the other."""
    show("first, all anew", *timed(store))
    for table in new:
        store.append(INTERACTIONS, batches(INTERACTIONS, table))
        show(f"{table.num_rows:,} new, incremental", *timed(store))
        results = {kind: store.results(kind)[1] for kind in RESULTS if store.results(kind) is not None}
        show("the same, in full", *timed(store, RecomputeParameters(full=True)))
        print(f"    apart: {apart(store, results)}", flush=True)
    show("nothing changed", *timed(store))


def resident() -> float:
    """Return the memory that this process has now, in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def grown(store: Store, rest: pa.Table, rounds: int) -> list[float]:
    """Return the memory in MB after each of *rounds* recalculations, before each of which some of *rest* is new."""
    size, sizes = max(rest.num_rows // rounds, 1), []
    for number in range(rounds):
        store.append(INTERACTIONS, batches(INTERACTIONS, rest.slice(number * size, size)))
        recompute(store)
        gc.collect()
        sizes.append(resident())
    return sizes


def parts(table: pa.Table, shares: tuple[float, ...]) -> list[pa.Table]:
    """Return the first rows of *table*, then its last ones in parts of these shares."""
    sizes = [round(table.num_rows * share) for share in shares]
    start = table.num_rows - sum(sizes)
    found = [table.slice(0, start)]
    for size in sizes:
        found.append(table.slice(start, size))
        start += size
    return found


@click.command()
@click.option("--people", default=100_000, show_default=True, help="Size of the town; 10 interactions each.")
@click.option("--town", type=click.Path(path_type=Path), help="A store with the town, made if it is not there.")
@click.option("--neo4j", help="Address of an empty Neo4j; its database is written to.")
@click.option("--rounds", default=200, show_default=True, help="Recalculations whose memory is compared; 0: none.")
def main(people: int, town: Path | None, neo4j: str | None, rounds: int) -> None:
    """Print seconds, differences and memory."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        source = EmbeddedStore(town or folder / "town")
        if not source.path.exists():
            import_dataset(source, IMPORTERS["town"], None, ImportOptions(people=people))
        table = interactions_of(source)
        first, *new = parts(table, SHARES)
        stores: list[Store] = [EmbeddedStore(folder / "store")]
        if neo4j:
            from influence_graph.stores.neo4j.store import Neo4jStore

            stores.append(Neo4jStore(neo4j, cache=folder / "mirror", timeout=3_600))
        for store in stores:
            print(f"{type(store).__name__}: {table.num_rows:,} interactions, {source.counts()['ties']:,} ties")
            fill(store, source, first)
            compared(store, new)
            store.close()
        if rounds:
            _memory(folder, source, table, rounds)


def _memory(folder: Path, source: Store, table: pa.Table, rounds: int) -> None:
    """Print the memory of *rounds* recalculations of a tenth of the town's interactions."""
    some = table.filter(pc.equal(pa.array(np.arange(table.num_rows) % 10), 0))
    first, rest = parts(some, (rounds * ROUND_SHARE,))
    store = EmbeddedStore(folder / "rounds")
    fill(store, source, first)
    sizes = grown(store, rest, rounds)
    marks = sorted({0, 1, rounds // 10, rounds // 2, rounds - 1})
    print(f"memory of {rounds} recalculations: " + ", ".join(f"{sizes[n]:.0f} MB after {n + 1}" for n in marks))


if __name__ == "__main__":
    main()
