"""The folder of one mirror: generations that never change, and the state that names the one to read.

``state.json`` names a generation, says what it holds and proves itself by a digest; ``NUMBER/ledger.duckdb`` is its
file. What is new is appended to a copy, which becomes the next generation in one step: who reads one is neither
disturbed nor in the way. A file or a state that is not as it was written is no mirror at all, and all is read anew.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import stat
import tempfile
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import duckdb

from influence_graph.caches import make_private, remove, usable, write_private
from influence_graph.errors import NotFound, StoreDamaged, StoreError
from influence_graph.stores.embedded import schema
from influence_graph.stores.embedded.damage import log_of
from influence_graph.stores.embedded.store import CACHE_NAME, EmbeddedStore

LOCK_WAIT_SECONDS = 60.0
_POLL_SECONDS = 0.05
_PIECE_BYTES = 1 << 20
_KEPT_GENERATIONS = 2
_STATE, _LOCK, _TRIAL = "state.json", "lock", "trial-"
_TRIAL_SECONDS = 86_400.0
_FORMAT = f"2, DuckDB {duckdb.__version__}, {list(schema.MIGRATIONS)[-1]}"
"""What can read a mirror: one from another version of DuckDB or of the tables is made anew."""


@dataclass(frozen=True)
class State:
    """What a mirror holds: all records up to the transaction ``watermark``.

    Attributes:
        watermark: Number of the last transaction in it.
        token: Token of that transaction, by which the server proves that its history is the same; None for none.
        edition: The server's mark of changes by hand.
        foreign: Number of records of each kind that the server has beyond those here, without a ``seq``.
        records: Number of records of each kind here.
        touchpoints: The server's own touchpoint table, as JSON; None: it has none.
        generation: Number of the folder that holds it.
        size: Bytes of its file.
        checksum: CRC-32 of its file, which finds damage, not forgery.
        format: Versions of what wrote it.
    """

    watermark: int
    token: str | None
    edition: str | None
    foreign: dict[str, int]
    records: dict[str, int]
    touchpoints: str | None
    generation: int = 0
    size: int = 0
    checksum: int = 0
    format: str = _FORMAT


class Gone(Exception):
    """Another process has deleted what was to be read or written: it made newer generations."""


class MirrorFolder:
    """The mirror in the folder *path*.

    Raises:
        InputError: by every verb, where the folder cannot be used.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._known: tuple[int, ...] = ()

    @property
    def cache(self) -> Path:
        """The folder of what is calculated again from the mirror, and proves itself by its contents."""
        return self.path / CACHE_NAME

    def make(self) -> None:
        """Make the folder, private to the user; a file in its place goes."""
        with usable(self.path):
            if not self.path.is_dir() and self.path.parent.is_dir():
                remove(self.path)
            make_private(self.path)

    def kept(self) -> State | None:
        """Return the state, None where it or its file is not as it was written."""
        state = _read_state(self.path / _STATE)
        return state if state is not None and self._is_whole(state) else None

    def store(self, generation: int) -> EmbeddedStore:
        """Return *generation* as a store."""
        return EmbeddedStore(self.path / str(generation))

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep others from making a generation meanwhile, who would do the same work.

        Nothing depends on it: where the lock cannot be had within a minute, the block runs all the same.
        """
        lock = self.path / _LOCK
        with usable(self.path):
            if lock.exists() and not lock.is_file():
                remove(lock)
            descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            _wait_for(descriptor)
            yield
        finally:
            os.close(descriptor)

    @contextmanager
    def building(self, kept: State | None) -> Iterator[tuple[int, EmbeddedStore]]:
        """Give a new generation, a copy of *kept* or an empty one, to be written to; without :meth:`publish` it goes.

        Raises:
            Gone: another process has deleted one of the two meanwhile.
        """
        with self._translated():
            number = self._reserved(kept)
        store = self.store(number)
        try:
            with self._translated():
                if kept is None:
                    remove(self.cache)
                else:
                    shutil.copyfile(self.store(kept.generation).path, store.path)
                store.migrate()
                yield number, store
        except BaseException:
            remove(store.folder)
            raise

    def publish(self, state: State, *, alone: bool = False) -> State:
        """Make the generation of *state*, to which nothing is written any more, the one that is read; return its state.

        What is older than the one before it is deleted; with *alone* that one, too: it may hold what was erased.
        """
        path = self.store(state.generation).path
        path.chmod(0o600)
        whole = replace(state, size=path.stat().st_size, checksum=_checksum(path))
        known = asdict(whole)
        if (self.path / _STATE).is_dir():
            remove(self.path / _STATE)
        write_private(self.path / _STATE, json.dumps({"proof": _digest(known), "state": known}).encode())
        for path in self.path.iterdir():
            kept = 1 if alone else _KEPT_GENERATIONS
            is_old = path.name.isdecimal() and int(path.name) <= state.generation - kept
            if is_old or _is_left(path):
                remove(path)
        return whole

    def forget(self) -> None:
        """Forget the state: all is read anew."""
        with usable(self.path):
            remove(self.path / _STATE)

    def erase(self) -> None:
        """Delete all generations, the copies of trials and what was calculated; who reads one goes on reading it."""
        self.forget()
        for path in self.path.iterdir():
            if path.name != _LOCK:
                remove(path)

    @contextmanager
    def trial(self, generation: int) -> Iterator[EmbeddedStore]:
        """Give a copy of *generation* that may be written to, deleted after the ``with`` block."""
        with usable(self.path):
            folder = Path(tempfile.mkdtemp(prefix=_TRIAL, dir=self.path))
        try:
            store = EmbeddedStore(folder)
            with usable(self.path):
                shutil.copyfile(self.store(generation).path, store.path)
            yield store
        finally:
            remove(folder)

    def _reserved(self, kept: State | None) -> int:
        """Return the number of a new folder of its own."""
        numbers = [int(path.name) for path in self.path.iterdir() if path.name.isdecimal()]
        number = max([*numbers, -1 if kept is None else kept.generation]) + 1
        while True:
            with suppress(FileExistsError):
                (self.path / str(number)).mkdir(mode=0o700)
                return number
            number += 1

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Tell of what the disk refuses, to Python or to DuckDB, that the folder cannot be used."""
        with usable(self.path):
            try:
                yield
            except FileNotFoundError as error:
                raise Gone from error
            except StoreError as error:
                if not is_local(error):
                    raise
                raise OSError(str(error.__cause__)) from error

    def _is_whole(self, state: State) -> bool:
        """Return whether the file of *state* is as it was written; a file that this process has read is looked at."""
        path = self.store(state.generation).path
        try:
            now = path.stat()
            if not stat.S_ISREG(now.st_mode) or now.st_size != state.size or log_of(path).exists():
                return False
            known = (state.generation, state.checksum, now.st_ino, now.st_mtime_ns, now.st_ctime_ns)
            if known != self._known:
                if _checksum(path) != state.checksum:
                    return False
                self._known = known
        except OSError:
            return False
        return True


def is_local(error: Exception) -> bool:
    """Return whether a file of this machine, not the server, is the cause of *error*."""
    return isinstance(error, NotFound | StoreDamaged) or isinstance(error.__cause__, OSError | duckdb.Error)


def _read_state(path: Path) -> State | None:
    try:
        if not path.is_file():
            return None
        told = json.loads(path.read_bytes())
        state = State(**told["state"])
        return state if told["proof"] == _digest(told["state"]) and state.format == _FORMAT else None
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None


def _digest(known: dict[str, object]) -> str:
    return hashlib.blake2b(json.dumps(known, sort_keys=True).encode(), digest_size=16).hexdigest()


def _checksum(path: Path) -> int:
    checksum = 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE_BYTES):
            checksum = zlib.crc32(piece, checksum)
    return checksum


def _wait_for(descriptor: int) -> None:
    ends = time.monotonic() + LOCK_WAIT_SECONDS
    with suppress(OSError):  # a file system without locks
        while time.monotonic() < ends:
            with suppress(BlockingIOError):
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            time.sleep(_POLL_SECONDS)


def _is_left(path: Path) -> bool:
    """Return whether *path* is the copy of a trial that was killed a day ago or earlier."""
    with suppress(OSError):
        return path.name.startswith(_TRIAL) and time.time() - path.stat().st_mtime > _TRIAL_SECONDS
    return False
