"""Fuzz the command: mutated files of every kind that it reads, and hostile values of every option of every command.

python tools/fuzz.py --seconds 300 --seed 1     counts, and the files of what broke a rule in fuzz-findings/
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tools import fuzz_files, fuzz_options
from tools.fuzz_options import Outcome

MEMORY = 6 << 30
"""Bytes that the process may allocate: a file that wants more ends it in an error."""


@dataclass
class Tally:
    """What was run, and what broke a rule."""

    files: int = 0
    options: int = 0
    slow: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    faults: list[Outcome] = field(default_factory=list)

    def add(self, outcome: Outcome, *, of_file: bool) -> None:
        """Count *outcome*."""
        self.files += of_file
        self.options += not of_file
        self.codes[str(outcome.code)] += 1
        self.slow += outcome.code == "slow"
        if outcome.fault:
            self.faults.append(outcome)

    def __str__(self) -> str:
        accepted, refused = self.codes["0"], sum(self.codes[code] for code in "12345")
        return (
            f"{self.files:,} files and {self.options:,} option values: {accepted:,} accepted, {refused:,} refused in"
            f" one line, {self.slow} slow, {len(self.faults)} uncaught or against a rule"
        )


def fuzz(seed: int, *, cases: int | None = None, seconds: float = 0.0, findings: Path | None = None) -> Tally:
    """Run so many *cases*, or for so many *seconds*, in a folder of its own; half of them files, half of them options.

    Files on which a rule was broken are copied to *findings*.
    """
    tally, began, home = Tally(), time.monotonic(), Path.cwd()
    with tempfile.TemporaryDirectory(prefix="fuzz-") as name, fuzz_options.harmless(), fuzz_files.reading_only():
        folder = Path(name)
        os.chdir(folder)
        try:
            fuzz_options.prepare(folder)
            for number, (arguments, environment, of_file) in enumerate(_cases(random.Random(seed), folder)):
                if (number >= cases) if cases is not None else (time.monotonic() - began > seconds):
                    break
                outcome = fuzz_options.run(arguments, environment)
                tally.add(outcome, of_file=of_file)
                if outcome.fault and findings is not None:
                    _keep(outcome, folder, findings / str(len(tally.faults)))
        finally:
            os.chdir(home)
    return tally


def _cases(dice: random.Random, folder: Path) -> Iterator[tuple[list[str], dict[str, str], bool]]:
    files, options = fuzz_files.cases(dice, folder), fuzz_options.cases(dice)
    while True:
        yield next(files), {}, True
        yield *next(options), False


def _keep(outcome: Outcome, folder: Path, place: Path) -> None:
    place.mkdir(parents=True, exist_ok=True)
    for file in folder.glob("mutated.*"):
        if file.name in outcome.arguments:
            shutil.copy(file, place)
    said = f"{outcome.fault}\n{outcome.arguments!a}\n{dict(outcome.environment)!a}\n{outcome.code!a}\n{outcome.err!a}\n"
    (place / "case.txt").write_text(said)


def isolated(folder: Path) -> None:
    """Keep this process from the user's own files, and within the memory that it may have."""
    for name in ("HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        os.environ[name] = str(folder)
    for name in list(os.environ):
        if name.startswith(("INFLUENCE_GRAPH_", "NEO4J_")):
            del os.environ[name]
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--cases", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--findings", type=Path, default=Path("fuzz-findings"))
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fuzz-home-") as home:
        isolated(Path(home))
        tally = fuzz(given.seed, cases=given.cases, seconds=given.seconds, findings=given.findings.resolve())
    print(tally)
    print(f"largest memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10:,} MiB, codes {dict(tally.codes)}")
    for outcome in tally.faults[:20]:
        print(f"{outcome.fault}: {' '.join(outcome.arguments)[:200]!a}: {outcome.err.strip()[-300:]!a}")
    sys.exit(bool(tally.faults))


if __name__ == "__main__":
    main()
