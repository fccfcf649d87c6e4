"""A folder whose record files are stored: dropped there, ingested, and moved to ``done`` or ``failed``.

A file is taken once it is complete: its size, its time of change and its identity were the same at two looks, at least
``settle`` apart, and, where the system can tell (Linux: a read lease, fcntl(2)), nobody has it open for writing. A slow
writer writes under a name that begins with a dot or ends in ``.part`` or ``.tmp``, or elsewhere in the same
file system, and renames it when it is complete: such names are not looked at.

A file is moved after its records are stored and its report and rejects lie at its new place. Who is killed before the
move stores it again the next time, which changes nothing: the same records are there already.
"""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import stat
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from influence_graph.app.door import Privacy
from influence_graph.app.ingest import FileReport, IngestOptions, ingest, refuse_without_record
from influence_graph.errors import InfluenceGraphError, InputError, StoreError, UnwritableFile
from influence_graph.files import unwritable, write_whole
from influence_graph.ingest.mapping.file import load_mapping
from influence_graph.ingest.presets import preset
from influence_graph.ingest.rules import Period
from influence_graph.model.json_values import json_text
from influence_graph.model.parameters import InboxParameters
from influence_graph.model.times import zone_named
from influence_graph.stores.base import Store
from influence_graph.text import count_text, one_line, path_text

DONE, FAILED = "done", "failed"
_UNFINISHED = (".part", ".tmp", ".crdownload", ".filepart", "~")
_MOST_NAMES = 10_000
_SKEW = timedelta(days=1)  # how far beyond now an interaction may lie
_COUNTS = ("rows", "inserted", "updated", "unchanged", "rejected", "forgotten")


@dataclass(frozen=True)
class Taken:
    """What became of a file.

    Attributes:
        file: Its name in the inbox.
        path: Where it lies now.
        is_done: Whether it went to ``done``.
        line: What became of it, in one line.
        fields: Counts of its rows: rows, inserted, updated, unchanged, rejected, forgotten.
    """

    file: str
    path: Path
    is_done: bool
    line: str
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class _Look:
    """A file as it was at one look."""

    identity: tuple[int, int, int, int]  # device, inode, size, time of change in ns
    at: float  # seconds of the monotonic clock


class Inbox:
    """The folder of *parameters*, which gets its subfolders here.

    Raises:
        InputError: the folder is none, cannot be read or written, or a subfolder is a link or on another file system;
            mapping, preset or settle are wrong.
    """

    def __init__(self, parameters: InboxParameters) -> None:
        self.folder = parameters.folder
        self.settle = parameters.settle.total_seconds()
        if self.settle <= 0:
            raise InputError(f"the inbox settles after {self.settle:g} s", remedy="give more than 0 seconds")
        self._options = _options(parameters)
        self._seen: dict[str, _Look] = {}
        _prepare(self.folder)

    def ready(self, now: float | None = None) -> list[Path]:
        """Look, and return the files that are complete, by name.

        Args:
            now: Seconds of a clock that only goes forward; None: the system's.

        Raises:
            InputError: the folder is gone, or cannot be read any more.
        """
        at = time.monotonic() if now is None else now
        found: dict[str, _Look] = {}
        complete = []
        for entry in _entries(self.folder):
            status = entry.lstat()
            if not stat.S_ISREG(status.st_mode):
                continue
            look = _Look((status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns), at)
            former = self._seen.get(entry.name)
            found[entry.name] = former if former is not None and former.identity == look.identity else look
            if at - found[entry.name].at >= self.settle and not _is_written_to(entry):
                complete.append(entry)
        self._seen = found
        return complete

    def passed_over(self) -> list[str]:
        """Return what lies there and is never taken, a line each: links, folders, pipes."""
        lines = []
        for entry in _entries(self.folder):
            mode = entry.lstat().st_mode
            if not stat.S_ISREG(mode) and entry.name not in (DONE, FAILED):
                what = "a link" if stat.S_ISLNK(mode) else "a folder" if stat.S_ISDIR(mode) else "no regular file"
                lines.append(f"{path_text(entry)} is {what}, and is left alone; put the file itself there")
        return lines

    def take(self, store: Store, file: Path) -> Taken:
        """Store the records of *file*, and move it with its report and its rejects.

        Raises:
            StoreError: the store is away or in use: the file stays where it is.
            InputError: the file cannot be moved.
        """
        begun = datetime.now(UTC)
        rejects = self.folder / f".{file.name}.rejects.jsonl"
        reports, why = [], ""
        try:
            reports = ingest(store, [file], replace(self._options, rejects=rejects, period=Period(None, begun + _SKEW)))
            refuse_without_record(reports)
        except (StoreError, UnwritableFile, OSError, MemoryError):
            raise
        except Exception as error:  # noqa: BLE001 - whatever is wrong with this file, the others go on
            why = str(error) if isinstance(error, InfluenceGraphError) else f"{type(error).__name__}: {error}"
        target = _free(self.folder / (FAILED if why else DONE), file)
        self._move(file, target, rejects, _report(file, begun, reports, one_line(why)))
        self._seen.pop(file.name, None)
        counts = {name: sum(getattr(each, name) for each in reports) for name in _COUNTS}
        line = f"{path_text(file)}: {one_line(why) or _counted(counts)}; it lies in {path_text(target.parent)} now"
        return Taken(path_text(Path(file.name)), target, not why, line, counts)

    def _move(self, file: Path, target: Path, rejects: Path, report: Mapping[str, Any]) -> None:
        """Move *file* to *target* last: until then it is taken again."""
        if not file.exists():
            raise InputError(f"{path_text(file)} is gone", remedy="leave the files of the inbox to the scheduler")
        try:
            beside = target.with_name(f"{target.name}.rejects.jsonl")
            if rejects.exists():
                rejects.replace(beside)
            else:
                beside.unlink(missing_ok=True)  # of a try that was killed
            write_whole(target.with_name(f"{target.name}.report.json"), json_text(report, ensure_ascii=False) + "\n")
            file.rename(target)
        except OSError as error:
            raise unwritable(target, error, path_text(file)) from error


def _options(parameters: InboxParameters) -> IngestOptions:
    if parameters.mapping is not None and parameters.preset is not None:
        raise InputError("the inbox has both a mapping and a preset", remedy="keep one of them")
    if parameters.timezone is not None:
        zone_named(parameters.timezone)
    mapping = None if parameters.preset is None else preset(parameters.preset)
    if parameters.mapping is not None:
        mapping = load_mapping(parameters.mapping)
    privacy = Privacy(pseudonymize=parameters.pseudonymize)
    return IngestOptions(
        timezone=parameters.timezone, mapping=mapping, max_rejects=parameters.max_rejects, privacy=privacy
    )


def _prepare(folder: Path) -> None:
    """Make the subfolders of *folder*.

    Raises:
        InputError: files could not be moved into them.
    """
    if not folder.is_dir():
        what = "is no folder" if folder.exists() else "does not exist"
        raise InputError(f"the inbox {path_text(folder)} {what}", remedy="make it, or name another")
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        remedy = "give this user the right to read, write and enter it"
        raise InputError(f"the inbox {path_text(folder)} cannot be read and written", remedy=remedy)
    for name in (DONE, FAILED):
        _check_subfolder(folder, folder / name)


def _check_subfolder(folder: Path, subfolder: Path) -> None:
    remedy = "remove it: the scheduler makes it"
    if subfolder.is_symlink():
        raise InputError(f"{path_text(subfolder)} is a link", remedy=remedy)
    try:
        subfolder.mkdir(exist_ok=True)
    except OSError as error:
        raise InputError(f"{path_text(subfolder)} cannot be made: {error.strerror}", remedy=remedy) from error
    if _device(subfolder) != _device(folder):
        what = "is on another file system than the inbox, so that no file can be moved there in one step"
        raise InputError(f"{path_text(subfolder)} {what}", remedy="have both on one file system")
    if not os.access(subfolder, os.W_OK | os.X_OK):
        raise InputError(f"{path_text(subfolder)} cannot be written to", remedy="give this user the right to")


def _device(folder: Path) -> int:
    return folder.stat().st_dev


def _entries(folder: Path) -> list[Path]:
    """Return what lies in *folder* under a name of a finished file, by name.

    Raises:
        InputError: it cannot be read.
    """
    try:
        names = sorted(os.listdir(folder))  # noqa: PTH208 - names alone
    except OSError as error:
        remedy = "make it again, or give this user the right to read it"
        raise InputError(f"the inbox {path_text(folder)} cannot be read: {error.strerror}", remedy=remedy) from error
    finished = (name for name in names if not name.startswith(".") and not name.lower().endswith(_UNFINISHED))
    return [folder / name for name in finished][:_MOST_NAMES]


def _is_written_to(path: Path) -> bool:
    """Return whether somebody has *path* open for writing; False where the system cannot tell.

    A read lease is refused then (fcntl(2), F_SETLEASE; own files only). Whoever opens it while we hold the lease
    would send us SIGIO, which ends a process: it is made a signal that is ignored.
    """
    if not hasattr(fcntl, "F_SETLEASE"):
        return False
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.fcntl(handle, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as error:
        return error.errno == errno.EAGAIN
    finally:
        os.close(handle)
    return False


def _free(folder: Path, file: Path) -> Path:
    """Return where *file* goes in *folder*: under its name, where that is taken with a number before its suffixes."""
    stem, dot, suffixes = file.name.partition(".")
    for number in range(1, _MOST_NAMES):
        target = folder / (file.name if number == 1 else f"{stem}-{number}{dot}{suffixes}")
        if not os.path.lexists(target):
            return target
    raise InputError(f"{path_text(folder)} holds {_MOST_NAMES:,} files named like {path_text(file)}", remedy="empty it")


def _report(file: Path, begun: datetime, reports: list[FileReport], why: str) -> dict[str, Any]:
    return {
        "file": path_text(file),
        "outcome": FAILED if why else DONE,
        "why": why,
        "started_at": begun.isoformat(),
        "finished_at": datetime.now(UTC).isoformat(),
        "reports": [asdict(each) for each in reports],
    }


def _counted(counts: Mapping[str, int]) -> str:
    parts = [f"{counts[name]:,} {name}" for name in _COUNTS[1:] if counts[name]]
    return f"{count_text(counts['rows'], 'row')}{': ' if parts else ''}{', '.join(parts)}"
