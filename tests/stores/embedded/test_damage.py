"""A damaged file opens right, or is named in one line with what to do: never an internal error or a wrong answer.

DAMAGES sets the number of flipped bytes (default 8); other kinds of damage get a quarter of it each.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pytest

from influence_graph.app.doctor import examine as doctor
from influence_graph.app.jobs import kept_scores
from influence_graph.errors import InfluenceGraphError, StoreDamaged, StoreError
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.model.records import INTERACTIONS, KINDS, PEOPLE
from influence_graph.stores.embedded.append import append_batch
from influence_graph.stores.embedded.connection import connect
from influence_graph.stores.embedded.damage import examine
from influence_graph.stores.embedded.store import EmbeddedStore
from tests.stores.given import batch, event, ranks, run

DAMAGES = int(os.environ.get("DAMAGES", "8"))
HEADER = 3 * 4096
BLOCK = 262_144
Verb = Callable[[EmbeddedStore], Any]


def leased(store: EmbeddedStore) -> int:
    with store.lease("tick", 60) as lease:
        return lease.token


def rehearsed(store: EmbeddedStore) -> int:
    with store.rehearsal() as rehearsal:
        return rehearsal.append(INTERACTIONS, [batch(INTERACTIONS, event("new"))]).inserted


def answers(store: EmbeddedStore) -> list[Any]:
    with store.snapshot() as view:
        records = [table.to_pylist() for kind in KINDS for table in view.records(kind)]
        return [view.graph("all").digest, view.interactions().to_pylist(), view.results("rank"), view.runs(), records]


READS: dict[str, Verb] = {
    "digest": lambda store: store.digest(),
    "counts": lambda store: store.counts(),
    "results": lambda store: store.results("rank"),
    "former": lambda store: (store.results_of("r0"), store.state("alerts")),
    "answers": answers,
}
WRITES: dict[str, Verb] = {
    "rehearse": rehearsed,
    "append": lambda store: store.append(INTERACTIONS, [batch(INTERACTIONS, event("new", "zoe"))]).inserted,
    "write": lambda store: store.write(run("rank", "r2"), ranks(("Consumer", "c1", 0.25))),
    "lease": leased,
    "all": lambda store: store.digest(),
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a store of some blocks, with a log of three batches that its file does not have yet."""
    folder = tmp_path_factory.mktemp("whole") / "closed"
    store = EmbeddedStore(folder)
    rng = random.Random(1)
    people = [{"id": f"c{i}", "name": rng.randbytes(60).hex()} for i in range(8000)]
    store.append(PEOPLE, [batch(PEOPLE, *people)])
    for start in range(0, 12_000, 4000):
        events = [event(f"e{i}", f"c{i % 8000}", f"b{i % 40}", i % 28) for i in range(start, start + 4000)]
        store.append(INTERACTIONS, [batch(INTERACTIONS, *events)])
    store.write(run("rank", "r0"), ranks(*[("Consumer", f"c{i}", rng.random()) for i in range(8000)]))
    store.set_state("alerts", {"crossed": list(range(1000))})
    store.write(run("rank", "r1"), ranks(*[("Consumer", f"c{i}", rng.random()) for i in range(8000)]))
    logged = folder.parent / "logged"
    shutil.copytree(folder, logged)
    with connect(logged / "ledger.duckdb", read_only=False) as connection:
        for number in range(3):
            connection.begin()
            append_batch(connection, batch(INTERACTIONS, *[event(f"w{number}-{i}", f"c{i}") for i in range(200)]))
            connection.commit()
        shutil.copytree(logged, folder.parent / "open")
    return folder


def outcomes(folder: Path, verbs: dict[str, Verb]) -> dict[str, Any]:
    """Return what each verb gives, or the line that it refuses with."""
    found: dict[str, Any] = {}
    for name, verb in verbs.items():
        try:
            found[name] = verb(EmbeddedStore(folder))
        except InfluenceGraphError as error:
            found[name] = error
    for name, told in found.items():
        if isinstance(told, InfluenceGraphError):
            assert isinstance(told, StoreError), (name, told)
            assert "restore" in told.remedy or "move" in told.remedy, (name, told)
            assert str(told).isprintable()
    return found


def compared(folder: Path, right: dict[str, Any], verbs: dict[str, Verb]) -> Counter[str]:
    """Return how many *verbs* gave in *folder* what is *right*, and how many refused; a wrong answer fails."""
    counts: Counter[str] = Counter()
    for name, outcome in outcomes(folder, verbs).items():
        if isinstance(outcome, Exception):
            counts["refused"] += 1
        else:
            # What an append that was refused did not store is not there.
            assert outcome == right[name] or (name == "all" and counts["refused"]), name
            counts["right"] += 1
    return counts


def copied(source: Path, target: Path) -> Path:
    shutil.rmtree(target, ignore_errors=True)
    return Path(shutil.copytree(source, target))


def flip(rng: random.Random, name: str, folder: Path) -> None:
    path = folder / name
    content = bytearray(path.read_bytes())
    content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    path.write_bytes(content)


def flip_header(rng: random.Random, folder: Path) -> None:
    content = bytearray((folder / "ledger.duckdb").read_bytes())
    content[rng.randrange(HEADER)] ^= 1 << rng.randrange(8)
    (folder / "ledger.duckdb").write_bytes(content)


def cut(rng: random.Random, folder: Path) -> None:
    os.truncate(folder / "ledger.duckdb", rng.randrange(1, (folder / "ledger.duckdb").stat().st_size))


def blank(rng: random.Random, folder: Path) -> None:
    content = bytearray((folder / "ledger.duckdb").read_bytes())
    start = rng.randrange(len(content)) // 4096 * 4096
    content[start : start + 4096] = bytes(4096)
    (folder / "ledger.duckdb").write_bytes(content)


def damages() -> Iterator[tuple[str, Callable[[Path], None]]]:
    for seed in range(DAMAGES):
        yield "flip", partial(flip, random.Random(seed), "ledger.duckdb")
    for seed in range(DAMAGES // 4):
        for kind, damage in (("header", flip_header), ("cut", cut), ("blank", blank)):
            yield kind, partial(damage, random.Random(seed))


@pytest.mark.parametrize("verbs", [READS, WRITES], ids=["reading", "writing"])
def test_a_damaged_file_answers_right_or_says_so(whole: Path, tmp_path: Path, verbs: dict[str, Verb]) -> None:
    tally: dict[str, Counter[str]] = {}
    right = outcomes(copied(whole, tmp_path / "right"), verbs)
    assert not any(isinstance(each, Exception) for each in right.values()), right
    for kind, damage in damages():
        folder = copied(whole, tmp_path / "x")
        damage(folder)
        tally.setdefault(kind, Counter()).update(compared(folder, right, verbs))
    print({kind: dict(counts) for kind, counts in tally.items()})  # noqa: T201 - shown with -s
    assert sum(counts["refused"] for counts in tally.values()) > 0
    assert sum(counts["right"] for counts in tally.values()) > 0


def test_a_query_names_the_damage(whole: Path, tmp_path: Path) -> None:
    folder = copied(whole, tmp_path / "x")
    os.truncate(folder / "ledger.duckdb", HEADER + 6 * BLOCK)
    seen = outcomes(
        folder, {kind: lambda store, kind=kind: store.query(f"FROM {kind}", max_rows=10**6) for kind in KINDS}
    )
    refused = [each for each in seen.values() if isinstance(each, Exception)]
    assert refused
    assert all(isinstance(each, StoreDamaged) for each in refused)


def test_a_damaged_log_is_named_with_what_to_do(whole: Path, tmp_path: Path) -> None:
    for seed in range(max(DAMAGES // 4, 2)):
        folder = copied(whole.parent / "open", tmp_path / "x")
        flip(random.Random(seed), "ledger.duckdb.wal", folder)
        with pytest.raises(StoreDamaged, match=r"move ledger\.duckdb\.wal away") as error:
            EmbeddedStore(folder).digest()
        assert error.value.exit_code == 1
        (folder / "ledger.duckdb.wal").unlink()
        assert EmbeddedStore(folder).digest() == EmbeddedStore(whole).digest()


def test_a_torn_log_opens_at_one_of_its_batches(whole: Path, tmp_path: Path) -> None:
    log = whole.parent / "open" / "ledger.duckdb.wal"
    sizes = {12_000 + 200 * batches for batches in range(4)}
    seen = set()
    for part in (0.01, 0.3, 0.5, 0.7, 0.99, 1.0):
        folder = copied(whole.parent / "open", tmp_path / "x")
        os.truncate(folder / "ledger.duckdb.wal", int(log.stat().st_size * part))
        seen.add(EmbeddedStore(folder).counts()["interactions"])
    assert seen <= sizes
    assert max(seen) == max(sizes)
    assert len(seen) > 2


def replaced(folder: Path, make: Callable[[Path], object]) -> None:
    path = folder / "ledger.duckdb"
    path.unlink()
    make(path)


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (Path.touch, "is empty"),
        (lambda path: path.write_text("hello\n"), "is no DuckDB database"),
        (lambda path: path.write_text("hello\n" * 9000), "is no DuckDB database"),
        (Path.mkdir, "is a folder"),
        (os.mkfifo, "is a pipe"),
        (lambda path: path.symlink_to("/dev/zero"), "is a pipe, device"),
        (lambda path: duckdb.connect(str(path)).execute("CREATE TABLE x (i INT)").close(), "is no store"),
    ],
    ids=["empty", "short", "text", "folder", "pipe", "device", "other"],
)
def test_what_is_in_place_of_the_file_is_named(
    whole: Path, tmp_path: Path, make: Callable[[Path], object], reason: str
) -> None:
    folder = copied(whole, tmp_path / "x")
    replaced(folder, make)
    verbs: list[Verb] = [READS["digest"], WRITES["append"]]
    for verb in verbs:
        with pytest.raises(StoreError, match=reason) as error:
            verb(EmbeddedStore(folder))
        assert error.value.remedy


def test_a_log_that_is_a_pipe_is_not_waited_for(whole: Path, tmp_path: Path) -> None:
    folder = copied(whole, tmp_path / "x")
    os.mkfifo(folder / "ledger.duckdb.wal")
    with pytest.raises(StoreError, match="is a pipe"):
        EmbeddedStore(folder).digest()


def test_the_file_of_another_store_is_that_store(whole: Path, tmp_path: Path) -> None:
    folder = copied(whole, tmp_path / "x")
    other = EmbeddedStore(tmp_path / "other")
    other.append(INTERACTIONS, [batch(INTERACTIONS, event("e"))])
    shutil.copy(other.path, folder / "ledger.duckdb")
    assert EmbeddedStore(folder).digest() == other.digest()


def test_a_damaged_migration_table_is_not_migrated_again(whole: Path, tmp_path: Path) -> None:
    folder = copied(whole, tmp_path / "x")
    with connect(folder / "ledger.duckdb", read_only=False) as connection:
        connection.execute("DELETE FROM meta WHERE name = 'migration'")
    for verb in (READS["digest"], WRITES["append"]):
        with pytest.raises(StoreDamaged, match="names no migration"):
            verb(EmbeddedStore(folder))


def broken_results(whole: Path, folder: Path) -> Path:
    """Return a copy of *whole* with one broken block, which belongs to some tables and not to others."""
    for number in range(((whole / "ledger.duckdb").stat().st_size - HEADER) // BLOCK):
        copied(whole, folder)
        content = bytearray((folder / "ledger.duckdb").read_bytes())
        content[HEADER + number * BLOCK + 1000] ^= 1
        (folder / "ledger.duckdb").write_bytes(content)
        examined = examine(folder / "ledger.duckdb")
        if examined.unread and examined.rows:
            return folder
    pytest.fail("no block belongs to some tables only")


def test_doctor_says_what_can_still_be_read(whole: Path, tmp_path: Path) -> None:
    (check,) = [each for each in doctor(EmbeddedStore(whole)) if each.name == "store is whole"]
    assert check.ok
    assert "no damage" in check.detail
    folder = broken_results(whole, tmp_path / "x")
    failed = [each for each in doctor(EmbeddedStore(folder)) if not each.ok]
    assert failed[-1].name == "store is whole"
    assert "cannot be read" in failed[-1].detail
    assert "can be read" in failed[-1].detail
    assert "export" in failed[-1].remedy
    assert failed[-1].exit_code == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("DELETE FROM people WHERE id = 'c1'", "an interaction of somebody who is not there"),
        ("DELETE FROM runs WHERE id = 'r0'", "results of a run that is not there"),
        ("INSERT INTO archives SELECT * FROM archives", "results of a run that occur twice"),
        ("INSERT INTO ticks VALUES ('hourly@1', 'nowhere')", "a tick of a recalculation that is not there"),
        (
            "INSERT INTO recalculations VALUES (1, 'a', 'hourly@1', [], '{}');"
            "INSERT INTO ticks VALUES ('hourly@1', 'a'), ('hourly@1', 'a')",
            "a tick that took effect twice",
        ),
    ],
)
def test_rows_that_no_batch_can_have_written_are_found(whole: Path, tmp_path: Path, change: str, said: str) -> None:
    folder = copied(whole, tmp_path / "x")
    EmbeddedStore(folder).verify()
    with connect(folder / "ledger.duckdb", read_only=False) as connection:
        connection.execute(change)
    with pytest.raises(StoreDamaged, match=said):
        EmbeddedStore(folder).verify()


def test_an_error_of_the_statement_in_a_whole_file_stays_what_it_is(whole: Path) -> None:
    with pytest.raises(duckdb.CatalogException), connect(whole / "ledger.duckdb", read_only=True) as connection:
        connection.execute("SELECT * FROM nowhere")


def test_the_command_says_it_in_one_line(whole: Path, tmp_path: Path) -> None:
    folder = copied(whole, tmp_path / "x")
    flip_header(random.Random(1), folder)
    command = [sys.executable, "-m", "influence_graph", "rank", "--store", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "is damaged" in done.stderr
    assert "internal error" not in done.stderr


def test_damaged_kept_sums_are_calculated_anew(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "x")
    store.append(INTERACTIONS, [batch(INTERACTIONS, *[event(f"e{i}", f"c{i % 9}", day=i % 28) for i in range(200)])])
    policy = FusionPolicy()

    def scores() -> kept_scores.LatestScores:
        with store.snapshot() as view:
            return kept_scores.calculate(kept_scores.read(view, policy, keep=True))

    right = scores().frame
    path = tmp_path / "x" / "cache" / kept_scores.FILE_NAME
    for seed in range(DAMAGES):
        content = bytearray(path.read_bytes())
        content[random.Random(seed).randrange(len(content))] ^= 1 << (seed % 8)
        path.write_bytes(content)
        found = scores()
        assert not found.from_kept
        assert found.frame.equals(right)
    path.write_bytes(path.read_bytes()[:100])
    assert scores().frame.equals(right)
