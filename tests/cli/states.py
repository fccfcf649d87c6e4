"""States in which a command is when a signal comes: how to get it there, and what is true of it then."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

NOTHING = "stopped; nothing was written to a store"
APPENDING = "so far remain, in whole batches; to go on, "
FORMER = "stopped; nothing was written: the former run of this kind, if any, stays the current one"
_TICKS = os.sysconf("SC_CLK_TCK")


class Running:
    """The command in a process of its own; what it prints goes to files."""

    def __init__(self, folder: Path, arguments: list[str], *, reads: bool = True, **environment: str) -> None:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("INFLUENCE_GRAPH_", "NEO4J_"))}
        self.folder = folder
        self._err = folder / "stderr.txt"
        self._inner: set[int] = set()
        with self._err.open("wb") as err, (folder / "stdout.txt").open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "influence_graph", *arguments],
                cwd=folder,
                env={**kept, **environment},
                stdin=subprocess.PIPE,
                stdout=out if reads else subprocess.PIPE,
                stderr=err,
            )

    @property
    def said(self) -> str:
        return self._err.read_text()

    def cpu(self) -> float:
        """Return the seconds of processor time so far."""
        with suppress(OSError, IndexError):
            fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
            return (int(fields[11]) + int(fields[12])) / _TICKS
        return 0.0

    def occupied(self) -> float:
        """Return the seconds in which the main thread ran, or would have run on a free processor."""
        with suppress(OSError):
            ran, delayed, _ = Path(f"/proc/{self.process.pid}/schedstat").read_text().split()
            return (int(ran) + int(delayed)) / 1e9
        return 0.0

    def until(self, holds: Callable[[], bool], what: str) -> None:
        """Wait until something *holds*; the command must still run then."""
        ends = time.monotonic() + 120
        while not holds():
            assert self.process.poll() is None, f"ended before {what}: {self.said}"
            assert time.monotonic() < ends, f"never {what}: {self.said}"
            time.sleep(0.01)

    def stop(self, number: int) -> float:
        """Send signal *number*; return the seconds until the command has ended."""
        assert self.process.poll() is None, f"ended too early: {self.said}"
        self._inner = descendants(self.process.pid)
        began = time.monotonic()
        self.process.send_signal(number)
        try:
            self.process.wait(60)
        finally:
            self.process.kill()
        return time.monotonic() - began

    def close(self) -> None:
        """End the command, if it still runs, and close its pipes."""
        self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()
        self.process.wait()

    def orphans(self, seconds: float = 1.0) -> set[int]:
        """Return the processes that the command had and that are still there after so many *seconds*."""
        ends = time.monotonic() + seconds
        while (left := {pid for pid in self._inner if _alive(pid)}) and time.monotonic() < ends:
            time.sleep(0.02)
        return left


def descendants(root: int) -> set[int]:
    """Return the processes that *root* has started, and those that they have."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
    found = {root}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {root}


def _alive(pid: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


Moment = Callable[[Running, random.Random], None]


def busy(low: float, high: float) -> Moment:
    """Return the moment at which the command has used between *low* and *high* seconds of processor time."""

    def wait(running: Running, rng: random.Random) -> None:
        at = rng.uniform(low, high)
        running.until(lambda: running.cpu() >= at, f"{at:.2f} s of processor time")

    return wait


def idle(windows: int) -> Moment:
    """Return the moment at which the main thread has hardly done anything for 0.2 s, so many times in a row."""

    def wait(running: Running, rng: random.Random) -> None:
        running.until(lambda: running.cpu() > 0.3, "started")
        still = 0
        while still < windows:
            before = running.occupied()
            time.sleep(0.2)
            assert running.process.poll() is None, f"ended and did not wait: {running.said}"
            still = still + 1 if running.occupied() - before < 0.1 else 0
        time.sleep(rng.uniform(0, 0.3))

    return wait


waiting, trying_again = idle(4), idle(1)


def there(pattern: str, most: float = 0.5) -> Moment:
    """Return the moment up to *most* seconds after a file that matches *pattern* is in the folder."""

    def wait(running: Running, rng: random.Random) -> None:
        running.until(lambda: any(running.folder.glob(pattern)), f"{pattern} was there")
        time.sleep(rng.uniform(0, most))

    return wait


def said(text: str) -> Moment:
    """Return the moment shortly after the command has said *text*."""

    def wait(running: Running, rng: random.Random) -> None:
        running.until(lambda: text in running.said, f"it said {text!r}")
        time.sleep(rng.uniform(0, 0.3))

    return wait


@dataclass(frozen=True)
class State:
    """A state of a command.

    Attributes:
        name: What it is called.
        arguments: Of the command, in a folder with the stores `town` and `events` and the files of :func:`prepare`.
        moment: Waits until the command is in it.
        true: What the last line must contain, one of these.
        short: Whether it is tried in every run of the suite.
        code: The exit code.
        reads: Whether somebody reads the output.
        environment: Of the command.
    """

    name: str
    arguments: str
    moment: Moment
    true: tuple[str, ...] = (NOTHING,)
    short: bool = False
    code: int = 130
    reads: bool = True
    environment: dict[str, str] = field(default_factory=dict)


def write_events(path: Path, rows: int) -> None:
    """Write *rows* interactions to *path*."""
    rng = random.Random(5)
    with path.open("w") as file:
        file.write("event_id,at,consumer,brand,kind,points\n")
        for i in range(rows):
            day, consumer, brand = 1 + i % 28, rng.randrange(rows // 10 + 1), rng.randrange(50)
            file.write(f"e{i},2026-02-{day:02}T12:00:00Z,c{consumer},b{brand},wear,{rng.uniform(-3, 3):.3f}\n")


def write_flood(path: Path, rows: int) -> None:
    """Write *rows* bad interactions to *path*."""
    with path.open("w") as file:
        file.write("event_id,at,consumer,brand,kind,points\n")
        file.writelines(f"e{i},yesterday,c{i % 1000},b1,wear,1\n" for i in range(rows))


_TOWN, _EVENTS = "--store town", "--store events"
_SEEDS = f"--epsilon 0.001 --memory-limit 8G --probabilities 0.3 {_TOWN}"
EMBEDDED = (
    State("ingest, starting", "ingest events.csv --store new --batch-rows 5000", busy(0.1, 0.9), (NOTHING, APPENDING)),
    State("ingest, first batch", "ingest events.csv --store new --batch-rows 5000", there("new/ledger.duckdb"),
          (APPENDING,), short=True),
    State("ingest, later batch", "ingest events.csv --store new --batch-rows 5000", there("new/ledger.duckdb", 3.0),
          (APPENDING,)),
    State("ingest, a flood of bad rows", "ingest flood.csv --store new", there("rejects.jsonl", 2.0), (APPENDING,),
          short=True),
    State("ingest, standard input gives nothing", "ingest - --store new --as people", waiting, (NOTHING, APPENDING),
          short=True),
    State("ingest, waiting for the lock", "ingest people.csv --store held", trying_again, (APPENDING,)),
    State("rank, iterating",
          f"rank {_TOWN} --damping-factor 0.9999999999 --max-iterations 1000000000 --tolerance 1e-300", busy(3, 5)),
    State("rank by reach, drawing", f"rank --by reach --rr-sets 2000000000 {_TOWN}", busy(4, 6)),
    State("reach, simulating", f"reach singer --simulations 200000000 --probabilities 0.3 {_TOWN}", busy(4, 7),
          short=True),
    State("reach of each ID", f"rank --by reach --rr-sets 200000000 --write {_TOWN}", busy(4, 6), (FORMER,)),
    State("seeds, choosing", f"seeds -k 20 {_SEEDS}", said("certified"), ("these are the best so far", NOTHING)),
    State("seeds, before the first certificate", f"seeds -k 1000 {_SEEDS}", busy(1.2, 1.6),
          ("these are the best so far", NOTHING)),
    State("learn, evaluating", f"learn --evaluate {_TOWN}", busy(3, 6)),
    State("learn, writing", f"learn --write {_TOWN}", busy(1, 1.6), (FORMER, "kept whole or not at all")),
    State("score", f"score {_EVENTS}", busy(1, 1.8)),
    State("score, writing", f"score --write {_EVENTS}", busy(1.2, 2), (FORMER, "kept whole or not at all")),
    State("report, reading", f"report -o page.html {_EVENTS}", busy(1.5, 3)),
    State("report, drawing", f"report -o page.html {_EVENTS}", busy(3.5, 6), short=True),
    State("a plot", f"rank --plot rank.png {_TOWN}", busy(1.6, 2.4)),
    State("page of a brand", f"brand b1 -o brand.html {_EVENTS}", busy(1.5, 3)),
    State("page of all brands", f"brands -o brands.html {_EVENTS}", busy(1.5, 3)),
    State("policy fit", f"policy fit {_EVENTS}", busy(0.8, 1.2)),
    State("export to CSV", f"export interactions -o out.csv {_EVENTS}", there(".out.csv.*.part", 0.2)),
    State("export of the graph to GEXF", f"export graph --edges interactions -o out.gexf {_EVENTS}",
          there(".out.gexf.*.part", 0.2), short=True),
    State("export of the graph to a folder",
          f"export graph --edges interactions --format neo4j-admin -o out {_EVENTS}", there("out/.export.*", 0.2)),
    State("output that nobody reads", f"export interactions {_EVENTS}", waiting, reads=False),
    State("query, SQL", f"query 'SELECT sum(sqrt(a.i * b.i)) FROM range(1000000) a(i), range(1000000) b(i)' {_EVENTS}",
          waiting, short=True),
    State("push", f"push other {_EVENTS}", there("other/ledger.duckdb", 2.0), (APPENDING,)),
    State("pull", "pull events --store other", there("other/ledger.duckdb", 2.0), (APPENDING,)),
    State("import of a town", "import town --people 100000 --store new", busy(2, 6), (APPENDING,)),
    State("demo", "demo --people 20000", busy(2, 8), (APPENDING, "the page is not written")),
    State("doctor", "doctor --store held", trying_again),
    State("migrate, waiting for the lock", "migrate --store held", trying_again,
          ("applied whole or not at all", NOTHING)),
)  # fmt: skip
