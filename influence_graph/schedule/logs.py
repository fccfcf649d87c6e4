"""The log of a scheduler: one line per event, with the ids of tick, recalculation and run, and without people.

::

    with logging_to(LogSettings(format="json")) as log, bound(tick="nightly@2026-11-29T02:00:00+00:00"):
        log.info("tick began", schedule="nightly")

A log outlives whoever is forgotten in the store. So a line holds a fixed text and the fields of :data:`FIELDS`, which
are counts, durations, and ids of ticks, recalculations and runs; any other field keeps its name and loses its value.
Passwords, keys, and what stands before the @ or behind the host of an address, are left out wherever they stand.
"""

from __future__ import annotations

import logging
import os
import re
import sys
import threading
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import date, timedelta
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from influence_graph.environment import SECRETS
from influence_graph.errors import InfluenceGraphError, MissingExtra, StoreError
from influence_graph.files import unwritable
from influence_graph.schedule.observability import LogSettings
from influence_graph.secret_files import known_secrets
from influence_graph.text import one_line, without_credentials

if TYPE_CHECKING:
    from structlog.typing import FilteringBoundLogger as Log

_FIELDS = """
event level timestamp version pid signal logger where text why error
schedule tick tick_at covers next zone recalculation run runs step kind method outcome seconds memory
became sent waiting
rows inserted updated unchanged rejected forgotten rejects files file folder count limit attempt status rule channel
lease holder until token store address port
"""
FIELDS = frozenset(_FIELDS.split())
"""The fields whose values are logged; no value of theirs is, or may be, the id of a person."""
HIDDEN = "…"
"""What stands in place of a value that is not logged."""
_LONGEST = 500  # characters of one value
_SHORTEST_SECRET = 4  # a shorter one is part of too many words
_WEB = re.compile(r"(https?://[^/\s?#]+)[/?#]\S*", re.IGNORECASE)  # who knows the path of a webhook may use it


@contextmanager
def logging_to(settings: LogSettings, stream: TextIO | None = None) -> Iterator[Log]:
    """Yield the log of *settings*; warnings of libraries go there, too, until the ``with`` block ends.

    Args:
        settings: Level, format and file.
        stream: Where lines go that no file is named for; None: standard error.

    Raises:
        MissingExtra: structlog is not installed.
        InputError: the file cannot be written.
    """
    structlog = _structlog()
    sink = _Sink(settings.file, stream or sys.stderr)
    as_json = settings.format == "json" or (settings.format is None and not sink.is_terminal)
    last = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=sink.is_terminal and not os.environ.get("NO_COLOR"))
    )
    log = structlog.wrap_logger(
        sink,
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            redacted,
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(settings.level),
        context_class=dict,
    )
    libraries, root = _Libraries(log), logging.getLogger()
    root.addHandler(libraries)
    try:
        yield log
    finally:
        root.removeHandler(libraries)
        sink.close()


def bound(**fields: object) -> AbstractContextManager[None]:
    """Add *fields*, such as the ids of tick and recalculation, to all lines of this thread in the ``with`` block."""
    manager: AbstractContextManager[None] = _structlog().contextvars.bound_contextvars(**fields)
    return manager


def why(error: BaseException) -> str:
    """Return what a log may say of *error*: the message of a store's error; of others the class alone.

    Other messages may quote ids of people. Whoever does the same by hand sees them.
    """
    if isinstance(error, (StoreError, MissingExtra)):
        return f"{type(error).__name__}: {error}"
    if isinstance(error, OSError) and not isinstance(error, InfluenceGraphError) and error.strerror:
        return f"{type(error).__name__}: {error.strerror}"
    return type(error).__name__


def redacted(log: object, method: str, fields: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Return *fields* of a line without what must not be logged; a processor of structlog."""
    del log, method
    secrets = {*known_secrets(), *(os.environ.get(name, "") for name in SECRETS)}
    secrets = {secret for secret in secrets if len(secret) >= _SHORTEST_SECRET}
    return {name: _shown(value, secrets) if name in FIELDS else HIDDEN for name, value in fields.items()}


def _shown(value: object, secrets: set[str]) -> object:
    if isinstance(value, bool | int | float) or value is None:
        return value
    if isinstance(value, BaseException):
        value = why(value)
    elif isinstance(value, date):
        value = value.isoformat()
    elif isinstance(value, timedelta):
        return value.total_seconds()
    elif isinstance(value, Enum):
        value = value.value
    elif isinstance(value, list | tuple | set | frozenset):
        return [_shown(item, secrets) for item in value]
    text = str(value)
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    return one_line(_WEB.sub(rf"\1/{HIDDEN}", without_credentials(text)), _LONGEST)


class _Libraries(logging.Handler):
    """Logs the warnings of libraries by their place and form: what they fill in may be a value of the data."""

    def __init__(self, log: Log) -> None:
        super().__init__(logging.WARNING)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        fields: dict[str, Any] = {"logger": record.name, "where": f"{record.module}:{record.lineno}"}
        if record.args and isinstance(record.msg, str):
            fields["text"] = record.msg
        if record.exc_info and record.exc_info[1] is not None:
            fields["error"] = record.exc_info[1]
        with suppress(Exception):  # a warning must not stop whoever warns
            (self._log.error if record.levelno >= logging.ERROR else self._log.warning)("a library warns", **fields)


class _Sink:
    """Where lines go: a stream, or a file that is opened anew once it was moved away, as logrotate does.

    A line that cannot be written is lost, and standard error is told so once: a full disk must not end a scheduler.
    """

    def __init__(self, path: Path | None, stream: TextIO) -> None:
        self._path, self._stream = path, stream
        self._lock = threading.Lock()
        self._has_told = False
        if path is not None:
            self._stream = self._opened(path)

    @property
    def is_terminal(self) -> bool:
        """Whether somebody looks at it."""
        return self._path is None and self._stream.isatty()

    def msg(self, line: str) -> None:
        """Write *line*."""
        with self._lock:
            try:
                self._follow()
                self._stream.write(f"{line}\n")
                self._stream.flush()
                self._has_told = False
            except (OSError, ValueError) as error:
                self._tell(error)

    debug = info = warning = error = critical = msg

    def close(self) -> None:
        """Close the file."""
        if self._path is not None:
            with suppress(OSError):
                self._stream.close()

    def _follow(self) -> None:
        """Open the file anew where its name is gone, or another's."""
        if self._path is None:
            return
        mine = os.fstat(self._stream.fileno())
        try:
            there = self._path.stat()
        except FileNotFoundError:
            there = None
        if there is None or (there.st_dev, there.st_ino) != (mine.st_dev, mine.st_ino):
            new = self._opened(self._path)
            self._stream.close()
            self._stream = new

    def _opened(self, path: Path) -> TextIO:
        try:
            handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NONBLOCK, 0o600)
        except OSError as error:
            raise unwritable(path, error, "the log") from error
        os.set_blocking(handle, True)
        return os.fdopen(handle, "a", encoding="utf-8", errors="backslashreplace")

    def _tell(self, error: Exception) -> None:
        if not self._has_told:
            self._has_told = True
            with suppress(OSError, ValueError):
                sys.stderr.write(f"the log cannot be written: {error}; lines are lost until it can\n")


def _structlog() -> Any:  # noqa: ANN401 - a module
    try:
        import structlog
    except ImportError as error:
        raise MissingExtra(
            "logs are written with structlog, which is not installed", remedy='pip install "influence-graph[schedule]"'
        ) from error
    return structlog
