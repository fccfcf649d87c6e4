"""Measure start-up: the median milliseconds of fresh processes that import the package or print a help text.

One checkout, or several in turn: ``--folder A --folder B``, each with its own ``--python`` in the same order, or one
``--python`` for all. A folder takes precedence over an installed package.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from argparse import Namespace
from pathlib import Path

import measuring

COMMANDS = {
    "pass": ["-c", "pass"],
    "import influence_graph": ["-c", "import influence_graph"],
    "--help": ["-m", "influence_graph", "--help"],
    "rank --help": ["-m", "influence_graph", "rank", "--help"],
}


def milliseconds(python: Path, folder: Path, arguments: list[str]) -> float:
    """Return how long one process takes.

    Raises:
        CalledProcessError: it fails.
    """
    with tempfile.TemporaryDirectory() as empty:
        environment = {**os.environ, "PYTHONPATH": str(folder.resolve())}
        start = time.perf_counter()
        command = [str(python.absolute()), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=empty, env=environment)
        return 1000 * (time.perf_counter() - start)


def measured(checkouts: dict[str, tuple[Path, Path]], runs: int) -> dict[str, dict[str, float]]:
    """Return the medians by command and checkout, measured in turn after one round to warm up."""
    times: dict[tuple[str, str], list[float]] = {}
    for round_ in range(runs + 1):
        for command, arguments in COMMANDS.items():
            for name, (python, folder) in checkouts.items():
                time_ = milliseconds(python, folder, arguments)
                if round_:
                    times.setdefault((command, name), []).append(time_)
    return {
        command: {name: round(statistics.median(times[command, name]), 1) for name in checkouts} for command in COMMANDS
    }


def command_line() -> Namespace:
    """Return the options of the command line."""
    parser = measuring.parser(__doc__)
    parser.add_argument("--runs", type=int, default=15, help="of each command  [default: %(default)s]")
    parser.add_argument("--python", type=Path, action="append", metavar="PATH", help="[default: the running one]")
    parser.add_argument("--folder", type=Path, action="append", metavar="PATH", help="[default: this checkout]")
    options = parser.parse_args()
    options.folder = options.folder or [Path(__file__).resolve().parents[1]]
    pythons = options.python or [Path(sys.executable)]
    options.python = pythons * len(options.folder) if len(pythons) == 1 else pythons
    if len(options.python) != len(options.folder):
        parser.error("give one --python for all, or one for each --folder")
    return options


def main() -> int:
    """Print the medians."""
    options = command_line()
    pairs = list(zip(options.python, options.folder, strict=True))
    checkouts = {"ms" if len(pairs) == 1 else f"ms in {pair[1]}": pair for pair in pairs}
    measuring.report({"command": measured(checkouts, options.runs)}, options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
