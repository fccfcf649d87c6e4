"""Reading and writing of long duration in a file that others use too: it is left to whoever waits for it.

An import leaves the file between two batches. A snapshot, whose state must stay as it is, moves to a copy between two
reads; what is calculated meanwhile keeps nobody out.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from influence_graph.errors import StoreError
from influence_graph.stores.embedded.connection import connect
from influence_graph.stores.embedded.copies import copied
from influence_graph.stores.embedded.turns import is_wanted
from influence_graph.stores.snapshot import ended

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

_LOOK_SECONDS = 0.1
_LOOKS_BEFORE_COPYING = 10
"""How often in a row somebody must have waited: who only comes to read has the turn for a moment."""
Opening = Callable[[], "AbstractContextManager[duckdb.DuckDBPyConnection]"]
T = TypeVar("T")


class _Shared:
    """A file opened by *opening* for the ``with`` block, where a thread looks after those who wait for its *folder*."""

    def __init__(self, folder: Path, opening: Opening) -> None:
        self._folder = folder
        self._opening = opening
        self._inside = ExitStack()
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._using = threading.RLock()
        self._is_over = threading.Event()
        self._looking = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        with self._using:
            self._connection = self._inside.enter_context(self._opening())
        self._looking.start()
        return self

    def __exit__(self, *raised: Any) -> bool | None:
        self._is_over.set()
        self._looking.join()
        self._connection = None
        return self._inside.__exit__(*raised)  # which says what an error of the file means

    def _look_once(self) -> None:
        """Leave the file if somebody waits for it."""
        if self._connection is not None and is_wanted(self._folder):
            self._connection = None
            self._inside.close()

    def _look(self) -> None:
        while not self._is_over.wait(_LOOK_SECONDS):
            if self._using.acquire(blocking=False):
                try:
                    self._look_once()
                finally:
                    self._using.release()


class SharedWriting(_Shared):
    """The file opened for steps of writing.

    Opening and closing cost as much as writing 10,000 records, so the file stays open from step to step while nobody
    waits. Steps may be far apart, because the records come slowly.
    """

    @contextmanager
    def step(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Give the open file for the ``with`` block, waiting for it where it was left to others."""
        with self._using:
            if self._connection is None:
                self._connection = self._inside.enter_context(self._opening())
            try:
                yield self._connection
            except BaseException:
                self._connection = None
                with self._inside:
                    raise
            self._look_once()


class SharedReading(_Shared):
    """One state of the file *path*, opened for reads, between which it may move to a copy.

    Args:
        path: The file; None where nobody else can want it.
        url: The store that an error names.
        opening: Opens the file.
    """

    def __init__(self, path: Path | None, url: str, opening: Opening) -> None:
        super().__init__(Path() if path is None else path.parent, opening)
        self._path = path
        self._url = url
        self._looks = 0
        self._reads = 0  # under way, in any thread
        self._open: list[Any] = []  # readers and cursors, each reader after its cursor

    def require_open(self) -> None:
        """Refuse to read on.

        Raises:
            StoreError: nothing can be read any more.
        """
        if self._connection is None:
            raise ended(self._url)

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Give a cursor for one read, the ``with`` block; threads may read at once."""
        with self._read() as connection, self._closing(connection.cursor()) as cursor:
            yield cursor

    def batches(
        self, reader_of: Callable[[duckdb.DuckDBPyConnection], pa.RecordBatchReader]
    ) -> Iterator[pa.RecordBatch]:
        """Yield the batches that *reader_of* reads with a cursor, the same ones each time; between two is no read."""
        given, source = 0, None
        with ExitStack() as inside:
            while True:
                with self._read() as connection:
                    if connection is not source:
                        inside.close()
                        cursor = inside.enter_context(self._closing(connection.cursor()))
                        # DuckDB blocks the next writer of this process forever where a half-read reader is left open.
                        reader = inside.enter_context(self._closing(reader_of(cursor)))
                        source = connection
                        for _ in range(given):
                            next(reader)
                    batch = next(reader, None)
                if batch is None:
                    return
                yield batch
                given += 1

    def end(self) -> None:
        """Close everything; whoever reads on is told that it has ended."""
        self._is_over.set()
        with self._using:
            connection, self._connection = self._connection, None
            self._close_all()
            if connection is not None:
                connection.close()  # the rest is left to the end of the block, where errors are told

    @contextmanager
    def _read(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with self._using:
            self.require_open()
            connection = cast("duckdb.DuckDBPyConnection", self._connection)
            self._reads += 1
        try:
            yield connection
        finally:
            with self._using:
                self._reads -= 1

    def _look_once(self) -> None:
        """Move to a copy if somebody has waited for a while and nothing is read right now."""
        if self._path is None or self._connection is None:
            return
        self._looks = self._looks + 1 if is_wanted(self._folder) else 0
        if self._looks >= _LOOKS_BEFORE_COPYING and not self._reads:
            self._move(self._path)
            self._path = None

    def _move(self, path: Path) -> None:
        copy = ExitStack()
        try:
            there = copy.enter_context(copied(path))
            connection = copy.enter_context(connect(there, read_only=True))
            there.unlink()  # so that nothing is left of it where this process is killed
        except (StoreError, OSError):  # no room: they have to wait
            copy.close()
            return
        self._close_all()
        self._inside.close()
        self._inside, self._connection = copy, connection

    @contextmanager
    def _closing(self, opened: T) -> Iterator[T]:
        """Close *opened* at the end of the ``with`` block, or when the file is left before that."""
        self._open.append(opened)
        try:
            yield opened
        finally:
            if opened in self._open:
                self._open.remove(opened)
                opened.close()  # type: ignore[attr-defined]

    def _close_all(self) -> None:
        while self._open:
            self._open.pop().close()
