"""Damage of a mirror, modes of its files, folders that cannot be used, and many processes with one mirror."""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from influence_graph.caches import VARIABLE
from influence_graph.errors import InputError
from influence_graph.model.records import INTERACTIONS
from influence_graph.stores.neo4j import mirror_folder
from influence_graph.stores.neo4j.mirror import Mirror
from influence_graph.stores.neo4j.store import Neo4jStore
from tests.stores.given import batch, event
from tests.stores.neo4j.test_restored import answers, fill

pytestmark = pytest.mark.neo4j

DAMAGES = int(os.environ.get("MIRROR_DAMAGES", "12"))
HUGE = 10**30

Damage = Callable[[Path, random.Random], None]


def flip(path: Path, chance: random.Random) -> None:
    content = bytearray(path.read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)


def zero(path: Path, chance: random.Random) -> None:
    content = bytearray(path.read_bytes())
    start = chance.randrange(len(content))
    end = min(start + chance.randint(1, 5000), len(content))
    content[start:end] = bytes(end - start)
    path.write_bytes(content)


def shorten(path: Path, chance: random.Random) -> None:
    os.truncate(path, chance.randrange(path.stat().st_size))


def lengthen(path: Path, chance: random.Random) -> None:
    with path.open("ab") as file:
        file.write(chance.randbytes(chance.randint(1, 5000)))


def empty(path: Path, _: random.Random) -> None:
    os.truncate(path, 0)


def scramble(path: Path, chance: random.Random) -> None:
    path.write_bytes(chance.randbytes(path.stat().st_size))


def into_folder(path: Path, _: random.Random) -> None:
    path.unlink()
    (path / "inside").mkdir(parents=True)


def into_pipe(path: Path, _: random.Random) -> None:
    path.unlink()
    os.mkfifo(path)


def into_link(path: Path, _: random.Random) -> None:
    path.unlink()
    path.symlink_to(path.with_name("nowhere"))


def unreadable(path: Path, _: random.Random) -> None:
    path.chmod(0)


def missing(path: Path, _: random.Random) -> None:
    path.unlink()


def other_database(path: Path, _: random.Random) -> None:
    path.unlink()
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE meta (name VARCHAR, value VARCHAR); CREATE TABLE interactions (x INTEGER)")


def other_values(path: Path, chance: random.Random) -> None:
    """Replace a number or a text of a JSON file by one of another type, sign or size; elsewhere a byte."""
    if path.suffix != ".json":
        return flip(path, chance)
    words = path.read_text().split('": ')
    place = chance.randrange(1, len(words))
    value, comma, rest = words[place].partition(",")
    new = chance.choice(["null", "-1", str(HUGE), '"text"', "[]", "{}", "1.5", "true", "NaN", "1e999"])
    words[place] = f"{new}{'}' * value.count('}') if value.endswith('}') else ''}{comma}{rest}"
    path.write_text('": '.join(words))
    return None


def with_log(path: Path, chance: random.Random) -> None:
    path.with_name(f"{path.name}.wal").write_bytes(chance.randbytes(200))


OF_FILES: list[Damage] = [flip, zero, shorten, lengthen, empty, scramble, into_folder, into_pipe, into_link]
OF_FILES += [unreadable, missing, other_database, other_values, with_log]


def folder_missing(path: Path, _: random.Random) -> None:
    shutil.rmtree(path)


def folder_into_file(path: Path, _: random.Random) -> None:
    shutil.rmtree(path)
    path.write_text("x")


def folder_unreadable(path: Path, _: random.Random) -> None:
    path.chmod(0)


def folder_emptied(path: Path, _: random.Random) -> None:
    shutil.rmtree(path)
    path.mkdir()


OF_FOLDERS: list[Damage] = [folder_missing, folder_into_file, folder_unreadable, folder_emptied]


@pytest.fixture
def filled(neo4j_store: Neo4jStore) -> Neo4jStore:
    fill(neo4j_store)
    many = [event(f"m{i}", f"p{i % 37}", f"b{i % 5}", day=i % 20, points=float(i % 7 - 3)) for i in range(2000)]
    neo4j_store.append(INTERACTIONS, [batch(INTERACTIONS, *many)])
    return neo4j_store


def reopened(store: Neo4jStore, cache: Path) -> dict[str, Any]:
    """Return the answers to another process."""
    with Neo4jStore(store.url, cache=cache) as other:
        return answers(other)


@pytest.fixture
def one_damage(filled: Neo4jStore, tmp_path: Path) -> Callable[[int], str]:
    """Return a function that damages the mirror by chance and compares the answers before and after."""
    cache = tmp_path / "damaged"
    expected = reopened(filled, cache)

    def one(seed: int) -> str:
        chance = random.Random(seed)
        (folder,) = (path for path in cache.iterdir() if path.is_dir())
        paths = sorted(path for path in [folder, *folder.rglob("*")] if path.is_file() or path.is_dir())
        of_folder = chance.random() < 0.2
        path = chance.choice([path for path in paths if path.is_dir() is of_folder])
        damage = chance.choice(OF_FOLDERS if path.is_dir() else OF_FILES)
        if path.is_file() and not path.stat().st_size:
            damage = into_folder
        damage(path, chance)
        told = f"{seed}: {damage.__name__} of {path.relative_to(cache)}"
        try:
            now = reopened(filled, cache)
        except Exception as error:  # noqa: BLE001 - every error is a mirror that blocks
            return f"{told}: {type(error).__name__}: {error}"
        wrong = [name for name in expected if now[name] != expected[name]]
        return f"{told}: {wrong}" if wrong else ""

    return one


def test_a_mirror_damaged_by_chance_neither_blocks_nor_tells_anything_else(one_damage: Callable[[int], str]) -> None:
    assert [fault for seed in range(DAMAGES) if (fault := one_damage(seed))] == []


def test_the_folder_of_a_mirror_itself_may_be_damaged(filled: Neo4jStore, tmp_path: Path) -> None:
    cache, chance = tmp_path / "damaged", random.Random(1)
    expected = reopened(filled, cache)
    for damage in OF_FOLDERS:
        (folder,) = cache.iterdir()
        damage(folder, chance)
        assert reopened(filled, cache) == expected, damage.__name__


def modes(folder: Path) -> dict[str, int]:
    paths = [folder, *folder.rglob("*")]
    return {str(path.relative_to(folder)): stat.S_IMODE(path.stat().st_mode) for path in paths}


def wrong_modes(folder: Path) -> dict[str, int]:
    return {
        name: mode for name, mode in modes(folder).items() if mode != (0o700 if (folder / name).is_dir() else 0o600)
    }


@pytest.fixture
def open_umask() -> Iterator[None]:
    former = os.umask(0)
    yield
    os.umask(former)


@pytest.mark.usefixtures("open_umask")
def test_only_the_user_can_read_a_mirror_whatever_the_umask_and_old_ones_are_tightened(
    filled: Neo4jStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "caches"))
    mirrors = tmp_path / "caches" / "mirrors"
    with Neo4jStore(filled.url) as store:
        answers(store)
        assert len(modes(mirrors)) >= 6
        assert wrong_modes(mirrors) == {}
        for path in [mirrors, *mirrors.rglob("*")]:
            path.chmod(0o777 if path.is_dir() else 0o666)
        store.append(INTERACTIONS, [batch(INTERACTIONS, event("new"))])
        answers(store)
    assert wrong_modes(mirrors) == {}


def in_the_way(folder: Path) -> None:
    folder.write_text("x")


def below_a_file(folder: Path) -> None:
    folder.parent.joinpath("file").write_text("x")
    folder.symlink_to(folder.parent / "file" / "below")


def link_to_nowhere_allowed(folder: Path) -> None:
    folder.symlink_to("/proc/none")


@pytest.mark.parametrize("make", [in_the_way, below_a_file, link_to_nowhere_allowed])
def test_a_cache_folder_that_cannot_be_used_is_named_by_its_variable(
    filled: Neo4jStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Callable[[Path], None]
) -> None:
    make(tmp_path / "caches")
    monkeypatch.setenv(VARIABLE, str(tmp_path / "caches"))
    with Neo4jStore(filled.url) as store, pytest.raises(InputError) as caught:
        store.counts()
    assert str(tmp_path / "caches") in str(caught.value)
    assert "cannot be used" in str(caught.value)
    assert VARIABLE in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_cache_folder_is_named_by_its_variable(filled: Neo4jStore, tmp_path: Path) -> None:
    (tmp_path / "own").mkdir(mode=0o500)
    with Neo4jStore(filled.url, cache=tmp_path / "own") as store, pytest.raises(InputError, match=VARIABLE):
        store.counts()


def limited(url: str, cache: Path, answer: Any) -> None:
    import resource
    import signal

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
    try:
        with Neo4jStore(url, cache=cache) as store:
            answer.put(str(store.counts()))
    except InputError as error:
        answer.put(str(error))


def test_a_full_disk_is_one_line_and_leaves_nothing_half_made(filled: Neo4jStore, tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    answer = context.Queue()
    process = context.Process(target=limited, args=(filled.url, tmp_path / "full", answer))
    process.start()
    told = answer.get(timeout=120)
    process.join()
    assert VARIABLE in told
    assert "\n" not in told
    (folder,) = (tmp_path / "full").iterdir()
    assert not [path for path in folder.iterdir() if path.name.isdecimal()]
    assert reopened(filled, tmp_path / "full")["counts"] == filled.counts()


def read_over_and_over(url: str, cache: Path, until: float, told: Any) -> None:
    answered, seen = 0, set()
    try:
        with Neo4jStore(url, cache=cache) as store:
            while time.time() < until or not answered:
                seen.add(store.digest())
                answered += 1
        told.put((answered, seen, ""))
    except Exception as error:  # noqa: BLE001 - told to the test
        told.put((answered, seen, f"{type(error).__name__}: {error}"))


def test_processes_share_a_mirror_that_others_make_anew(filled: Neo4jStore, tmp_path: Path) -> None:
    seconds, cache = float(os.environ.get("MIRROR_SECONDS", "4")), tmp_path / "shared"
    context = multiprocessing.get_context("spawn")
    told = context.Queue()
    with Neo4jStore(filled.url, cache=cache) as store:
        expected = {store.digest()}
        until = time.time() + 4 + seconds
        processes = [
            context.Process(target=read_over_and_over, args=(filled.url, cache, until, told)) for _ in range(3)
        ]
        for process in processes:
            process.start()
        made = 0
        (folder,) = cache.iterdir()
        while time.time() < until:
            made += 1
            if made % 3 == 0:
                store.append(INTERACTIONS, [batch(INTERACTIONS, event(f"n{made}"))])
                with Neo4jStore(filled.url, cache=tmp_path / f"own{made}") as own:
                    expected.add(own.digest())
            else:
                (folder / "state.json").write_text("{")
                expected.add(store.digest())
        answers_ = [told.get(timeout=120) for _ in processes]
        for process in processes:
            process.join()
        expected.add(store.digest())
    assert [error for *_, error in answers_] == [""] * 3
    assert all(answered for answered, *_ in answers_)
    assert set().union(*(seen for _, seen, _ in answers_)) <= expected


def test_a_snapshot_neither_hinders_what_is_new_nor_is_disturbed(filled: Neo4jStore) -> None:
    with filled.snapshot() as view:
        before = view.digest()
        filled.append(INTERACTIONS, [batch(INTERACTIONS, event("later"))])
        assert filled.counts()["interactions"] == view.counts()["interactions"] + 1
        for number in range(3):
            filled.append(INTERACTIONS, [batch(INTERACTIONS, event(f"later{number}"))])
            filled.counts()
        assert view.digest() == before
    assert filled.digest() != before


def test_a_rehearsal_leaves_the_mirror_as_it_is(filled: Neo4jStore, tmp_path: Path) -> None:
    before = filled.digest()
    with filled.rehearsal() as rehearsed:
        assert rehearsed.append(INTERACTIONS, [batch(INTERACTIONS, event("later"))]).inserted == 1
        assert filled.digest() == before
    assert not list(tmp_path.rglob("trial-*"))


def test_one_that_waits_in_vain_for_the_lock_makes_a_mirror_of_its_own(
    filled: Neo4jStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mirror_folder, "LOCK_WAIT_SECONDS", 0.2)
    mirror = Mirror(filled._database, tmp_path / "own")
    expected = mirror.synced().digest()
    (folder,) = (tmp_path / "own").iterdir()
    with mirror_folder.MirrorFolder(folder).alone():
        (folder / "state.json").unlink()
        assert Mirror(filled._database, tmp_path / "own").synced().digest() == expected
