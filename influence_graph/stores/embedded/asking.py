"""Asking SQL of an embedded store: starts the process that answers (``answering.py``), and ends it at the limits."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

import pyarrow as pa

from influence_graph.ending import register
from influence_graph.errors import InfluenceGraphError, InputError, StoreDamaged, StoreError
from influence_graph.stores.base import QUERY_BYTES, Rows
from influence_graph.stores.embedded import answering
from influence_graph.stores.embedded.views import LEDGER, views
from influence_graph.stores.limits import check_limits, check_query, too_many_bytes, too_many_rows

if TYPE_CHECKING:
    import duckdb

_ERRORS = {"InputError": InputError, "StoreDamaged": StoreDamaged, "StoreError": StoreError}
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONHOME")  # to the process; nothing secret is


@dataclass(frozen=True)
class Asked:
    """A query, its parameters, and its limits: seconds, and rows."""

    text: str
    parameters: Mapping[str, Any]
    timeout: float
    max_rows: int


def query(opened: duckdb.DuckDBPyConnection, path: Path, asked: Asked) -> Rows:
    """Return the answer of the store's file *path*, which *opened* reads, so that nobody writes to it meanwhile.

    Raises:
        InputError: it does more than read, has a parameter that cannot be sent, or too many rows or bytes.
        StoreError: DuckDB refused it, or it took longer than its timeout.
    """
    check_limits(asked.timeout, asked.max_rows)
    check_query(asked.text, asked.parameters)
    request = _request(opened, path, asked)
    with _answering() as process:
        is_over = threading.Event()

        def end() -> None:
            is_over.set()
            process.kill()

        clock = threading.Timer(asked.timeout, end)
        clock.daemon = True
        clock.start()
        try:
            return _answer(process, request, asked.max_rows)
        except (pa.ArrowException, OSError, EOFError) as error:
            if is_over.is_set():
                raise StoreError(
                    f"the query took longer than the timeout of {asked.timeout:g} s",
                    remedy="ask for less, or allow more seconds with --timeout",
                ) from None
            raise _failed(process) from error
        finally:
            clock.cancel()


@contextmanager
def _answering() -> Iterator[subprocess.Popen[bytes]]:
    """Start the process that answers; it does not outlive the ``with`` block."""
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    process = subprocess.Popen(  # noqa: S603 - our own module, no shell
        [sys.executable, "-P", "-m", answering.__name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        start_new_session=True,
    )
    held = register(process.kill)
    try:
        yield process
    finally:
        process.kill()
        held.release()
        process.wait()
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                with suppress(OSError):  # what could not be written before it ended
                    pipe.close()


def _request(opened: duckdb.DuckDBPyConnection, path: Path, asked: Asked) -> pa.Table:
    tables = opened.execute("SELECT table_name FROM information_schema.tables").fetchall()
    wanted = {
        "path": str(path.resolve()),
        "ledger": LEDGER,
        "views": views(name for (name,) in tables),
        "text": asked.text,
        "seconds": asked.timeout,
    }
    try:
        columns = {name: pa.array([_sent(value)]) for name, value in asked.parameters.items()}
        return pa.table(columns).replace_schema_metadata({answering.REQUEST: json.dumps(wanted)})
    except (pa.ArrowException, OverflowError, UnicodeError) as error:
        raise InputError(
            f"a query parameter cannot be sent: {error}",
            remedy="use texts, numbers of 64 bits, times, and lists and maps of one type",
        ) from error


def _sent(value: Any) -> Any:  # noqa: ANN401 - any parameter
    """Return *value* with its times as the views have them: UTC, without a zone."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
    if isinstance(value, Mapping):
        return {str(key): _sent(item) for key, item in value.items()}
    return [_sent(item) for item in value] if isinstance(value, list | tuple) else value


def _answer(process: subprocess.Popen[bytes], request: pa.Table, max_rows: int) -> Rows:
    """Return what *process* answers.

    Raises:
        EOFError, OSError, pa.ArrowException: it failed, or was ended.
    """
    asking, answer = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
    with pa.ipc.new_stream(asking, request.schema) as sink:
        sink.write_table(request)
    asking.close()
    rows: list[tuple[Any, ...]] = []
    with pa.ipc.open_stream(_Counted(answer)) as stream:
        for batch in stream:
            rows += zip(*map(_column, batch.columns), strict=True)
            if len(rows) > max_rows:
                raise too_many_rows(max_rows)
        schema = stream.schema
    if process.wait():
        raise EOFError
    if schema.metadata[answering.PLAN] == b"1":
        return Rows(["plan"], [(line,) for _, drawn in rows for line in drawn.splitlines()], is_plan=True)
    return Rows(list(schema.names), rows)


def _column(values: pa.Array) -> list[Any]:
    if pa.types.is_map(values.type):
        return [None if pairs is None else plain(dict(pairs)) for pairs in values.to_pylist()]
    return [plain(value) for value in values.to_pylist()]


class _Counted:
    """The answer's bytes, counted before they are read: one value alone may be more than there is room for."""

    closed = False

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._left = QUERY_BYTES

    def read(self, count: int) -> bytes:
        """Return the next *count* bytes, fewer at the end.

        Raises:
            InputError: the answer has more than ``QUERY_BYTES``.
        """
        self._left -= count
        if self._left < 0:
            raise too_many_bytes()
        return self._stream.read(count)

    def close(self) -> None:
        """Leave the stream open: its owner closes it."""


def _failed(process: subprocess.Popen[bytes]) -> InfluenceGraphError:
    process.kill()
    said = process.stderr.read() if process.stderr else b""
    try:
        told = json.loads(said)
    except ValueError:
        return StoreError("the process that answers has ended early", remedy="ask for less: its memory is limited")
    return _ERRORS[told["error"]](told["message"], remedy=told["remedy"])


def plain(value: Any) -> Any:  # noqa: ANN401 - any value of Arrow
    """Return *value* as Python has it, as a query on Neo4j returns it: times in UTC, numbers as int or float."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, tuple) and not isinstance(value, pa.MonthDayNano):
        return [plain(item) for item in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() and not value.as_tuple().exponent else float(value)
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return value if value is None or isinstance(value, (bool, int, float, str, date)) else _shown(value)


def _shown(value: Any) -> str:  # noqa: ANN401
    """Return a length of time in ISO 8601, bytes in hexadecimal digits, anything else as it prints."""
    if isinstance(value, pa.MonthDayNano):
        return f"P{value.months}M{value.days}DT{value.nanoseconds / 1e9:g}S"
    return value.hex() if isinstance(value, bytes) else str(value)
