"""Time starting: the median milliseconds of fresh processes that import the package or print a help.

One checkout, or several in turn: ``--folder A --folder B``, each with the ``--python`` at the same place (one for
all, if there is only one). A folder goes before what is installed.
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
    """Return how long one process takes; it must end well."""
    with tempfile.TemporaryDirectory() as empty:
        environment = {**os.environ, "PYTHONPATH": str(folder.resolve())}
        start = time.perf_counter()
        command = [str(python.absolute()), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=empty, env=environment)
        return 1000 * (time.perf_counter() - start)


def measured(checkouts: dict[str, tuple[Path, Path]], runs: int) -> dict[str, dict[str, float]]:
    """Return the medians by command and checkout, all in turn, after one round that does not count."""
    taken: dict[tuple[str, str], list[float]] = {}
    for turn in range(runs + 1):
        for command, arguments in COMMANDS.items():
            for name, (python, folder) in checkouts.items():
                one = milliseconds(python, folder, arguments)
                if turn:
                    taken.setdefault((command, name), []).append(one)
    return {
        command: {name: round(statistics.median(taken[command, name]), 1) for name in checkouts} for command in COMMANDS
    }


def options() -> Namespace:
    """Return what the command line says."""
    parser = measuring.parser(__doc__)
    parser.add_argument("--runs", type=int, default=15, help="of each command  [default: %(default)s]")
    parser.add_argument("--python", type=Path, action="append", metavar="PATH", help="[default: the running one]")
    parser.add_argument("--folder", type=Path, action="append", metavar="PATH", help="[default: this checkout]")
    given = parser.parse_args()
    given.folder = given.folder or [Path(__file__).resolve().parents[1]]
    pythons = given.python or [Path(sys.executable)]
    given.python = pythons * len(given.folder) if len(pythons) == 1 else pythons
    if len(given.python) != len(given.folder):
        parser.error("give one --python for all, or one for each --folder")
    return given


def main() -> int:
    """Print the medians."""
    given = options()
    pairs = list(zip(given.python, given.folder, strict=True))
    checkouts = {"ms" if len(pairs) == 1 else f"ms in {pair[1]}": pair for pair in pairs}
    measuring.finish({"command": measured(checkouts, given.runs)}, given)
    return 0


if __name__ == "__main__":
    sys.exit(main())
