"""An erasure that is cut off: all is as it was, or the next one completes it.

``FORGET_KILLS=20`` kills as many commands on a folder, and cuts off an erasure on a server after each transaction.
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

from influence_graph.app.doctor import examine
from influence_graph.app.door import known_key
from influence_graph.app.forget import forget as forgetting
from influence_graph.app.forget.forget import forget
from influence_graph.app.jobs.job import run
from influence_graph.app.jobs.scores import ScoreJob
from influence_graph.errors import InputError, StoreError
from influence_graph.model.parameters import ForgetParameters, ScoreParameters
from influence_graph.model.records import INTERACTIONS, PEOPLE, TIES
from influence_graph.stores.embedded import erasing
from influence_graph.stores.embedded.store import EmbeddedStore
from influence_graph.stores.neo4j.store import Neo4jStore
from tests.app.forget.test_trial import found
from tests.stores.given import batch, event, tie

KILLS = int(os.environ.get("FORGET_KILLS", "2"))
CUTS = range(1, 100) if "FORGET_KILLS" in os.environ else (2, 99)
"""After how many transactions."""
ANN, DORA = "ann-x17", "dora-y18"
_KILLED = f"""
import sys
from pathlib import Path
from influence_graph.app.forget.forget import forget
from influence_graph.model.parameters import ForgetParameters
from influence_graph.stores.embedded.store import EmbeddedStore
print("ready", flush=True)
forget(EmbeddedStore(Path(sys.argv[1])), ForgetParameters(({ANN!r},)), key_file=Path(sys.argv[2]))
print("done", flush=True)
"""


class _Cut(Exception):
    pass


def fill(store: Any) -> None:
    store.append(PEOPLE, [batch(PEOPLE, {"id": ANN, "name": "Annabel Q."}, {"id": DORA}, {"id": "bob"})])
    store.append(TIES, [batch(TIES, tie(ANN, "bob"), tie("bob", ANN), tie(ANN, "cyd-z19"), tie("bob", DORA))])
    events = [event("e1", ANN, "bolt"), event("e2", "bob", day=1), event("e3", DORA, day=2)]
    store.append(INTERACTIONS, [batch(INTERACTIONS, *events)])
    run(ScoreJob(), store, ScoreParameters(written=True), write=True)


def test_a_folder_is_as_it_was_where_the_new_file_does_not_come_to_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, key = EmbeddedStore(tmp_path / "store"), tmp_path / "key"
    fill(store)
    before = store.digest()

    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(erasing, "_put_in_place", fails)
        with pytest.raises(StoreError, match="nothing was erased; free some disk space"):
            forget(store, ForgetParameters((ANN,)), key_file=key)
    assert (store.digest(), store.tombstones()) == (before, frozenset())
    assert [path.name for path in store.folder.glob(".forget-*")] == []
    forget(store, ForgetParameters((ANN,)), key_file=key)
    assert found(store, {ANN, "Annabel"}) == set()


@pytest.mark.timeout(60 * (5 + KILLS))
def test_a_folder_whose_command_is_killed_is_as_it_was_or_without_the_person(tmp_path: Path) -> None:
    chosen = random.Random(KILLS)
    for number in range(KILLS):
        store, key = EmbeddedStore(tmp_path / f"store{number}"), tmp_path / "key"
        fill(store)
        before = store.digest()
        command = [sys.executable, "-c", _KILLED, str(store.folder), str(key)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
            assert running.stdout is not None
            assert running.stdout.readline() == "ready\n"
            time.sleep(chosen.random() * 0.5)
            running.kill()
        is_gone = found(store, {ANN}) == set()
        assert is_gone or (store.digest(), store.tombstones()) == (before, frozenset())
        again = ForgetParameters((DORA,) if is_gone else (ANN, DORA))
        time.sleep(0.01)
        _held_no_more(store)
        forget(store, again, key_file=key)
        assert found(store, {ANN, DORA, "Annabel"}) == set()
        assert len(store.tombstones()) == 2


def _held_no_more(store: EmbeddedStore) -> None:
    """Let the lease of a process that was killed run out at once."""
    import duckdb

    with duckdb.connect(str(store.path)) as connection:
        connection.execute("UPDATE leases SET expires_at = 0")


@pytest.mark.neo4j
def test_a_server_says_whose_erasure_was_cut_off_and_the_next_completes_it(
    emptied: Callable[[], Neo4jStore], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, store, is_over, writes = tmp_path / "key", emptied(), False, 0
    for cut in CUTS:
        fill(store)
        write = store.database.write
        writes = 0

        def cutting(work: Any, cut: int = cut, write: Any = write) -> Any:
            nonlocal writes
            writes += 1
            if writes > cut:
                raise _Cut
            return write(work)

        with monkeypatch.context() as patch:
            patch.setattr(forgetting, "_erase", _only_erase(store, cutting, patch))
            try:
                forget(store, ForgetParameters((ANN,)), key_file=key)
            except _Cut:
                is_over = False
            else:
                is_over = True
        pending = store.unfinished_erasures()
        assert pending == (frozenset() if is_over else {known_key(store, key).tombstone(ANN)})
        if not is_over:
            with pytest.raises(InputError, match="no key"):
                forget(store, ForgetParameters(source="#9"), key_file=tmp_path / "other")
            assert [(check.name, check.detail) for check in examine(store) if check.exit_code] == [
                ("erasures", "that of 1 person was cut off")
            ]
            forget(store, ForgetParameters(), key_file=key)
        assert found(store, {ANN, "Annabel", "cyd-z19"}) == set()
        assert store.unfinished_erasures() == frozenset()
        if is_over:
            break
        store = emptied()
    assert is_over
    assert writes > 5


def _only_erase(store: Neo4jStore, cutting: Any, patch: pytest.MonkeyPatch) -> Any:
    """Return what erases with the writes of the database that *cutting* lets through."""
    original = forgetting._erase

    def erase(*arguments: Any) -> Any:
        patch.setattr(store.database, "write", cutting)
        try:
            return original(*arguments)
        finally:
            patch.undo()

    return erase


def test_the_key_must_be_that_of_the_store_and_lie_outside(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "store")
    fill(store)
    with pytest.raises(InputError, match="lies in the store"):
        forget(store, ForgetParameters((ANN,)), key_file=store.folder / "key")
    forget(store, ForgetParameters((ANN,)), key_file=tmp_path / "key")
    with pytest.raises(InputError, match=r"no key of the store .*--key-file"):
        forget(store, ForgetParameters((DORA,)), key_file=tmp_path / "other")
    assert found(store, {ANN, DORA}) == {DORA}
