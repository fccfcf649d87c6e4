"""Many commands side by side, each in a process of its own: one process imports the program once and forks for each.

``python -m tests.cli.forks SIDE_BY_SIDE SECONDS < jobs.jsonl`` prints a line of JSON per job: seconds, exit code and
standard error. A job that runs longer than SECONDS is killed and has the exit code -9.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from dataclasses import asdict, dataclass, field
from importlib import import_module
from pathlib import Path

_SLOW = ("duckdb", "neo4j", "numba", "pandas", "pyarrow.compute", "scipy.sparse", "scipy.stats")


@dataclass(frozen=True)
class Job:
    """One command: its arguments, the folder where it runs, what it reads and what its environment adds."""

    name: str
    arguments: list[str]
    folder: str
    stdin: str = ""
    environment: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Done:
    """How long the job of this name took, how long of it it waited for something, its exit code and what it said."""

    name: str
    seconds: float
    waited: float
    code: int
    err: str
    out: str


def _start(job: Job) -> int:
    """Fork for *job* and return its process id."""
    folder = Path(job.folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "in").write_text(job.stdin)
    process = os.fork()
    if process:
        return process
    try:
        os.chdir(folder)
        os.environ.update(job.environment)
        for number, (name, flags) in enumerate([("in", os.O_RDONLY), ("out", 0o1101), ("err", 0o1101)]):
            os.dup2(os.open(name, flags, 0o600), number)
        sys.argv = ["influence-graph", *job.arguments]
        import_module("influence_graph.cli.main").run()
    except SystemExit as ended:
        sys.stdout.flush()
        os._exit(ended.code if isinstance(ended.code, int) else 0)
    except BaseException:  # noqa: BLE001 - told, and only this process ends
        import_module("traceback").print_exc()
    finally:
        sys.stderr.flush()
        os._exit(70)


def _busy(process: int) -> float:
    """Return the seconds in which the main thread of *process* ran, or would have run on a free processor."""
    ran, delayed, _ = Path(f"/proc/{process}/schedstat").read_text().split()
    return (int(ran) + int(delayed)) / 1e9


def _done(job: Job, seconds: float, busy: float, status: int) -> Done:
    err, out = ((Path(job.folder) / name).read_text(errors="replace") for name in ("err", "out"))
    return Done(job.name, round(seconds, 2), round(seconds - busy, 2), os.waitstatus_to_exitcode(status), err, out)


def main() -> None:
    """Run the jobs of standard input."""
    side_by_side, limit = int(sys.argv[1]), float(sys.argv[2])
    left = [Job(**json.loads(line)) for line in sys.stdin]
    commands = import_module("influence_graph.cli.main")
    context = import_module("click").Context(commands.main)
    for name in ("ingest", "rank", "report", "query", "shell", "export", "browser"):
        commands.main.get_command(context, name)
    for name in _SLOW:
        import_module(name)
    running: dict[int, tuple[Job, float]] = {}
    while left or running:
        while left and len(running) < side_by_side:
            job = left.pop(0)
            running[_start(job)] = job, time.monotonic()
        for process, (job, since) in list(running.items()):
            if os.waitid(os.P_PID, process, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                seconds, busy = time.monotonic() - since, _busy(process)
                _, status = os.waitpid(process, 0)
                del running[process]
                print(json.dumps(asdict(_done(job, seconds, busy, status))), flush=True)  # noqa: T201
            elif time.monotonic() - since > limit:
                os.kill(process, signal.SIGKILL)
        time.sleep(0.02)


if __name__ == "__main__":
    main()
