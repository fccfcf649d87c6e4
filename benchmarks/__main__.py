"""``python -m benchmarks [PART …]``: measure, compare with the bars, write results.json and the page.

Each measurement is a process of its own; its records are merged into the results of earlier runs, part by part.
A disagreement with a peer, or a process that fails, makes the exit code 1.
"""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click

from benchmarks import graphs, harness, page, results

PARTS = ("pagerank", "pagerank_more", "spread", "seeds", "growth", "compiling", "fusion", "gds")
SCRIPTS = ("explain", "policy_fit", "stores", "rankings_twitch", "learning_android", "buying", "mapping", "recompute")
QUICK_FOLDER = Path("build") / "benchmarks"


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("parts", nargs=-1, type=click.Choice([*PARTS, *SCRIPTS]))
@click.option("--quick", "size", flag_value="quick", help="Small graphs, a minute or two; page in build/benchmarks.")
@click.option(
    "--large", "size", flag_value="large", help="R-MAT with 2^22 nodes too: 10 GB, a quarter of an hour more."
)
@click.option("--all", "everything", is_flag=True, help="Also those that print only: " + ", ".join(SCRIPTS) + ".")
def main(parts: tuple[str, ...], size: str | None, everything: bool) -> None:
    """Run the named parts, by default all that the page shows."""
    chosen = parts or (*PARTS, *(SCRIPTS if everything else ()))
    folder = QUICK_FOLDER if size == "quick" else Path(__file__).parent
    latest = results.load(folder)
    with tempfile.TemporaryDirectory() as kept:
        os.environ.setdefault(graphs.FOLDER, kept)
        for part in chosen:
            print(f"== {part} ==", flush=True)
            if part in SCRIPTS:
                subprocess.run([sys.executable, "-m", f"benchmarks.{part}"], check=True)
                continue
            latest = results.merged(latest, part, *run(part, size or "full"))
            results.save(latest, folder)
    page.write(latest, folder)
    failures = results.failures(latest)
    print("\n".join([f"page: {folder / 'README.md'}", *(f"FAILED: {line}" for line in failures)]), flush=True)
    sys.exit(1 if failures else 0)


def run(part: str, size: str) -> tuple[list[dict[str, object]], float]:
    """Return the records of all processes of *part*, and the seconds they took."""
    begin, gathered = time.perf_counter(), []
    for module, *arguments in importlib.import_module(f"benchmarks.{part}").jobs(size):
        if arguments and not graphs.at_hand(arguments[0]):
            gathered.append({"part": part, "graph": arguments[0], "skipped": "its file is missing"})
            continue
        started = time.perf_counter()
        records, failure = harness.child(module, *arguments, threads=2 if "two" in arguments else 1)
        print(f"{module} {' '.join(map(str, arguments))}: {time.perf_counter() - started:.0f} s", flush=True)
        gathered += records
        if failure:
            name = " ".join([module, *map(str, arguments)])
            gathered.append({"part": part, "failure": f"{name}: {failure}"})
    return gathered, time.perf_counter() - begin


if __name__ == "__main__":
    main()
