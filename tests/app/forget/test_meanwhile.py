"""Who is forgotten while an import runs stays out: 0 records once both have ended.

FORGET_SEEDS sets the number of moments (default 3; on a server, which takes a minute for each, one less).
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from influence_graph.app.door import Privacy
from influence_graph.app.forget.forget import forget
from influence_graph.app.ingest import IngestOptions, import_dataset, ingest
from influence_graph.app.transfer import copy
from influence_graph.errors import InputError
from influence_graph.ingest.importers import IMPORTERS, ImportOptions
from influence_graph.model.parameters import ForgetParameters
from influence_graph.model.records import INTERACTIONS, PEOPLE, TIES
from influence_graph.stores.base import Store
from influence_graph.stores.embedded.store import EmbeddedStore
from influence_graph.stores.neo4j.store import Neo4jStore
from tests.app.forget.test_trial import found
from tests.stores.given import batch, event, tie

SEEDS = int(os.environ.get("FORGET_SEEDS", "3"))
ANN, DORA = "ann-x17", "dora-y18"
ON_FOLDER, ON_SERVER, EACH = 3_000, 20_000, 10
"""Events of a file, of which each tenth is of Ann; in batches of 100. A server takes in more before it has answered."""
_SECONDS = 0.5


def write_events(path: Path, events: int) -> None:
    lines = ["event_id,at,consumer,brand,kind"]
    for number in range(events):
        consumer = ANN if number % EACH == 0 else f"c{number % 997}"
        lines.append(f"e{number},2026-02-{1 + number % 28:02}T12:00:00Z,{consumer},b{number % 50},wear")
    path.write_text("\n".join(lines) + "\n")


def importer(file: Path, url: str, key: Path) -> subprocess.Popen[str]:
    """Return a process that ingests *file* batch by batch."""
    command = [sys.executable, "-m", "influence_graph", "ingest", str(file), "--store", url, "--batch-rows", "100"]
    environment = {**os.environ, "INFLUENCE_GRAPH_KEY_FILE": str(key)}
    return subprocess.Popen(command, cwd=file.parent, stderr=subprocess.PIPE, text=True, env=environment)


def forgotten_meanwhile(store: Store, folder: Path, seed: int, events: int) -> bool:
    """Forget Ann at a moment of an import; return whether it still ran then. She must be nowhere afterwards."""
    file, key, chosen = folder / "events.csv", folder / "key", random.Random(seed)
    write_events(file, events)
    store.append(PEOPLE, [batch(PEOPLE, {"id": ANN, "name": "Annabel Q."}, {"id": DORA})])
    if seed % 2:  # else the import begins without a tombstone, and without the key
        forget(store, ForgetParameters((DORA,)), key_file=key)
    store.counts()  # the first answer of a server takes longer
    running = importer(file, store.url, key)
    while running.poll() is None and not store.counts()["interactions"]:
        time.sleep(0.2)  # who looks keeps the importer out
    time.sleep(chosen.uniform(0, _SECONDS))
    was_running = running.poll() is None
    forget(store, ForgetParameters((ANN,)), key_file=key)
    was_running &= running.poll() is None
    _, told = running.communicate(timeout=240)
    assert running.returncode == 0, told
    assert found(store, {ANN, "Annabel"}) == set()
    assert store.counts()["interactions"] == events - events // EACH
    assert not was_running or "left out: name" in told
    return was_running


@pytest.mark.timeout(60 * (5 + SEEDS))
def test_an_import_into_a_folder_brings_nobody_back(tmp_path: Path) -> None:
    hits = 0
    for seed in range(SEEDS):
        folder = tmp_path / f"{seed}"
        folder.mkdir()
        hits += forgotten_meanwhile(EmbeddedStore(folder / "store"), folder, seed, ON_FOLDER)
    assert hits > 0


@pytest.mark.neo4j
@pytest.mark.timeout(60 * (5 + SEEDS))
def test_an_import_into_a_server_brings_nobody_back(emptied: Callable[[], Neo4jStore], tmp_path: Path) -> None:
    hits = 0
    for seed in range(max(SEEDS - 1, 1)):
        folder = tmp_path / f"{seed}"
        folder.mkdir()
        hits += forgotten_meanwhile(emptied(), folder, seed, ON_SERVER)
    assert hits > 0


def _between(store: Store, act: Callable[[], object]) -> None:
    """Let *act* happen in *store* after an import has opened the door, and before its first record is stored."""
    original, acts = store.append, [act]

    def append(*arguments: Any, **more: Any) -> Any:
        if acts:
            store.append = original  # type: ignore[method-assign]
            acts.pop()()
        return original(*arguments, **more)

    store.append = append  # type: ignore[method-assign]


def _file(folder: Path) -> Path:
    path = folder / "ties.csv"
    path.write_text(f"source,target\n{ANN},bob\nbob,cyd\ncyd,{ANN}\n")
    return path


def _ways(folder: Path) -> dict[str, Callable[[Store, Privacy], object]]:
    """Return the ways into a store, each of which would bring Ann."""
    file, other = _file(folder), EmbeddedStore(folder / "other")
    other.append(TIES, [batch(TIES, tie(ANN, "bob"), tie("bob", "cyd"), tie("cyd", ANN))])
    other.append(INTERACTIONS, [batch(INTERACTIONS, event("e1", ANN), event("e2", "bob", day=1))])
    options = ImportOptions()

    def edges(store: Store, privacy: Privacy) -> object:
        return import_dataset(store, IMPORTERS["edges"], file, options, privacy=privacy)

    return {
        "ingest": lambda store, privacy: ingest(
            store, [file], IngestOptions(privacy=privacy, rejects=folder / "rejects.jsonl")
        ),
        "import": edges,
        "push": lambda store, privacy: copy(other, store, privacy=privacy),
    }


@pytest.mark.parametrize(("way", "has_key"), [("ingest", False), ("import", True), ("push", False)])
def test_every_way_in_looks_again(store: Store, tmp_path: Path, way: str, has_key: bool) -> None:
    key, enter = tmp_path / "key", _ways(tmp_path)[way]
    store.append(PEOPLE, [batch(PEOPLE, {"id": ANN}, {"id": DORA})])
    if has_key:
        forget(store, ForgetParameters((DORA,)), key_file=key)
    notes: list[str] = []
    _between(store, lambda: forget(store, ForgetParameters((ANN,)), key_file=key))
    enter(store, Privacy(key_file=key, note=notes.append))
    assert found(store, {ANN}) == set()
    assert store.counts()["ties"] == 1
    assert store.counts()["people"] == (2 if has_key else 3)


def test_who_has_no_key_brings_nobody(store: Store, tmp_path: Path) -> None:
    store.append(PEOPLE, [batch(PEOPLE, {"id": ANN})])
    _between(store, lambda: forget(store, ForgetParameters((ANN,)), key_file=tmp_path / "key"))
    with pytest.raises(InputError, match="there is no key"):
        _ways(tmp_path)["ingest"](store, Privacy(key_file=tmp_path / "another"))
    assert found(store, {ANN}) == set()


def test_pseudonyms_are_kept_out_and_made_once(store: Store, tmp_path: Path) -> None:
    privacy = Privacy(pseudonymize=True, key_file=tmp_path / "key")
    file = tmp_path / "ties.csv"
    options = IngestOptions(privacy=privacy, rejects=tmp_path / "rejects.jsonl")
    file.write_text(f"source,target\n{ANN},bob\n")
    ingest(store, [file], options)
    _between(store, lambda: forget(store, ForgetParameters((ANN,)), key_file=privacy.key_file))
    (report,) = ingest(store, [_file(tmp_path)], options)
    assert (report.rows, report.inserted, report.forgotten) == (3, 1, 2)
    assert store.counts()["people"] == 2
