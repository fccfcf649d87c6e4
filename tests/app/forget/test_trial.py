"""Random people are forgotten: nothing of them is found anywhere, and all else is as if they had never been known.

``FORGET_PEOPLE=100`` forgets a hundred of a whole town and of all airline tweets; ``FORGET_SEED`` chooses others.
"""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Collection, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from influence_graph.app.door import Privacy
from influence_graph.app.forget.changes import current
from influence_graph.app.forget.forget import Forgotten, forget
from influence_graph.app.ingest import import_dataset
from influence_graph.app.jobs.job import run
from influence_graph.app.jobs.ranking import RankJob
from influence_graph.app.recompute.recompute import recompute
from influence_graph.ingest.importers import IMPORTERS, ImportOptions
from influence_graph.model.parameters import ForgetParameters, RankParameters, RecomputeParameters
from influence_graph.model.records import KINDS, PEOPLE, Batch
from influence_graph.stores.base import Store
from influence_graph.stores.embedded.store import EmbeddedStore
from influence_graph.stores.neo4j.store import Neo4jStore
from tests.public_data import public_data

FORGOTTEN = int(os.environ.get("FORGET_PEOPLE", "4"))
IS_SHORT = "FORGET_PEOPLE" not in os.environ
STEPS = ("score", "rank", "learn") if IS_SHORT else ("score", "rank", "learn", "reach", "seeds")
SEED = int(os.environ.get("FORGET_SEED", "1"))


def town(folder: Path) -> tuple[str, Path | None, ImportOptions]:
    del folder
    return "town", None, ImportOptions(people=60 if IS_SHORT else 1000, seed=SEED)


def airline(folder: Path) -> tuple[str, Path | None, ImportOptions]:
    file = public_data("airline_tweets/tweets.csv")
    if IS_SHORT:
        part = folder / "tweets.csv"
        with file.open(encoding="utf-8") as lines:
            part.write_text("".join(islice(lines, 150)), encoding="utf-8")
        file = part
    return "airline", file, ImportOptions()


@pytest.mark.parametrize("data", [town, airline])
def test_random_people_are_found_nowhere_and_all_else_is_as_if_never_known(
    store: Store, data: Any, tmp_path: Path
) -> None:
    name, path, options = data(tmp_path)
    privacy = Privacy(key_file=tmp_path / "keys" / "key")
    import_dataset(store, IMPORTERS[name], path, options, privacy=privacy)
    names = store.names(PEOPLE)
    everybody = sorted(row for table in store.records(PEOPLE) for row in table["id"].to_pylist())
    chosen = random.Random(SEED).sample([id_ for id_ in everybody if any(map(str.isdigit, id_))], FORGOTTEN)
    stays = next(id_ for id_ in everybody if id_ not in chosen)
    steps = tuple(step for step in STEPS if step in ("score", "rank") or store.counts()["ties"])
    run(RankJob(), store, RankParameters(personalization={chosen[0]: 1.0, stays: 2.0}), write=True)
    for _ in range(2):
        recompute(store, RecomputeParameters(only=steps, full=True))
    told = {each for id_ in chosen for each in (id_, names.get(id_)) if each}
    told -= {each for id_, each in names.items() if id_ not in chosen}  # a name that others have, too
    rejects = tmp_path / "rejects.jsonl"
    line = {
        "file": "x.csv",
        "line": 3,
        "column": "weight",
        "value": "-1",
        "reason": f"is less than 0 for {chosen[1]!r}",
    }
    rejects.write_text(json.dumps(line) + "\n" + json.dumps({**line, "reason": "is less than 0"}) + "\n")
    assert told - found(store, told) == set()
    begun = time.monotonic()
    forgotten = forget(
        store, ForgetParameters(tuple(chosen), rejects=(rejects,)), key_file=privacy.key_file, notify=lambda _: None
    )
    seconds = time.monotonic() - begun
    assert found(store, told) == set()
    assert in_files(tmp_path, told, but=path) == set()
    print(f"\n{type(store).__name__}, {name}: {_line(forgotten)}, {seconds:.1f} s")  # noqa: T201 - with -s
    _equal_to_never_known(store, EmbeddedStore(tmp_path / "never"), (name, path, options), (chosen, stays, steps))
    before = store.digest()
    reports = import_dataset(store, IMPORTERS[name], path, options, privacy=privacy)
    assert sum(report.inserted + report.updated for report in reports) == 0
    assert (store.digest(), found(store, told)) == (before, set())


def _equal_to_never_known(store: Store, never: Store, source: Any, chosen: tuple[Collection[str], str, Any]) -> None:
    """Compare records and results of *store* with those of one into which nothing of the chosen people ever came."""
    name, path, options = source
    people, stays, steps = chosen
    for batch in IMPORTERS[name].read(path, options):
        never.append(batch.kind, [_without(batch, people)])
    assert store.digest() == never.digest()
    run(RankJob(), never, RankParameters(personalization={stays: 2.0}), write=True)
    recompute(never, RecomputeParameters(only=steps, full=True))
    ours, theirs = current(store), current(never)
    assert ours.keys() == theirs.keys()
    for kind, frame in ours.items():
        order = ["label", "id", "other"]
        one, other = frame.sort_values(order), theirs[kind].sort_values(order)
        assert one[order].to_numpy().tolist() == other[order].to_numpy().tolist(), kind
        np.testing.assert_allclose(one["value"], other["value"], rtol=0, atol=1e-9, err_msg=kind)


def _without(batch: Batch, people: Collection[str]) -> Batch:
    kept = np.ones(batch.table.num_rows, bool)
    for name in batch.kind.people:
        kept &= ~pc.is_in(batch.table[name], pa.array(list(people))).to_numpy()
    return Batch(batch.kind, batch.table.filter(pa.array(kept)), batch.lines.filter(pa.array(kept)))


def found(store: Store, told: Collection[str]) -> set[str]:
    """Return which of the texts *told* stand in the database, as a word of any value."""
    texts = list(_texts(store))
    return {each for each in told if any(each in text for text in texts)}


def _texts(store: Store) -> Iterator[str]:
    for each in store.runs():
        yield json.dumps([each.parameters, store.results_of(each.id)[1].to_pydict()], default=str)
    if isinstance(store, Neo4jStore):
        values = "[key IN keys(n) WHERE key <> 'data' | n[key]]"
        for of in ("MATCH (n) WHERE NOT n:Measure", "MATCH ()-[n]->()"):
            answer = store.query(f"{of} UNWIND {values} AS value RETURN DISTINCT value", max_rows=10**6)
            yield json.dumps(answer.rows, ensure_ascii=False, default=str)
        yield json.dumps(store.query("MATCH (n:Measure) RETURN n.ids", max_rows=10**6).rows)
        return
    assert isinstance(store, EmbeddedStore)
    with duckdb.connect(str(store.path), read_only=True) as connection:
        columns = connection.execute(
            "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal AND data_type LIKE 'VARCHAR%'"
        ).fetchall()
        for table, column in columns:
            rows = connection.execute(f'SELECT DISTINCT "{column}"::VARCHAR FROM "{table}"').fetchall()
            yield json.dumps(rows, ensure_ascii=False, default=str)


def in_files(folder: Path, told: Collection[str], *, but: Path | None) -> set[str]:
    """Return which of the texts *told* stand in the bytes of a file under *folder*; *but* is what was imported."""
    files = [path for path in folder.rglob("*") if path.is_file() and path != but]
    assert any(path.name == "ledger.duckdb" for path in files)
    return {f"{each} in {path.name}" for path in files for each in told if each.encode() in path.read_bytes()}


def _line(forgotten: Forgotten) -> str:
    erased = forgotten.erased
    assert forgotten.changes is not None
    assert forgotten.mentions == 0
    assert list(forgotten.rejects.values()) == [1]
    records = ", ".join(f"{number:,} {kind}" for kind, number in erased.records.items() if number)
    return f"{records}, {sum(erased.results.values()):,} rows of results; {len(forgotten.changes):,} values changed"


def test_kinds_are_all_looked_at() -> None:
    assert {name for name, kind in KINDS.items() if kind.people} == {"people", "ties", "interactions"}
