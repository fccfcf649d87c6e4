"""Compare the rows that the commands print, by a digest of each command's output on fresh stores.

``rows.py -o before.json``, then with the changed code ``rows.py --compare before.json``: exit 1 if a row is different.
Rows whose numbers differ only after the 9th digit count as the same, but are listed. NEO4J_URI names the Neo4j server,
else one is started; its database is emptied.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from argparse import Namespace
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import measuring

LASTFM = Path(__file__).resolve().parents[1] / ".." / "shared" / "data" / "lastfm_hetrec2011"
DATA = ("story", "town", "lastfm")
SHAPES = ("pagerank", "hits-authority", "hits-hub", "degree", "in-degree", "out-degree")
MEASURES = (*SHAPES, "psi", "influence", "passivity", "reach")
BONDS = (("singer", "sweater"), ("singer", "restaurant"))
DIGITS = 9
_COLUMNS = ("code", "rows", "digest")


@dataclass(frozen=True)
class Place:
    """Where commands run: the store's address, an empty folder, and the folder for raw outputs, or None."""

    store: str
    folder: Path
    keep: Path | None

    def answer(self, label: str, arguments: list[str]) -> dict[str, Any]:
        """Run one command and return its figures, and what it printed as ``text``."""
        command = [*measuring.CLI, *arguments, "--store", self.store, "--format", "jsonl"]
        environment = measuring.isolated(self.folder / "cache")
        done = subprocess.run(command, check=False, capture_output=True, cwd=self.folder, env=environment)
        if self.keep:
            self.keep.mkdir(parents=True, exist_ok=True)
            (self.keep / f"{label}.jsonl").write_bytes(done.stdout)
            (self.keep / f"{label}.err").write_bytes(done.stderr)
        text = (done.stderr if done.returncode else done.stdout).decode()
        rows = sum(bool(line.strip()) for line in done.stdout.splitlines())
        digests = {"digest": digest(text), "rounded": digest(rounded(text))}
        return {"code": done.returncode, "rows": rows, **digests, "text": text}


def digest(text: str) -> str:
    """Return a short digest of *text*."""
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def rounded(text: str) -> str:
    """Return JSON lines with their numbers rounded to DIGITS digits; what is not JSON stays as it is."""
    try:
        return "\n".join(json.dumps(_rounded(json.loads(line))) for line in text.splitlines() if line.strip())
    except ValueError:
        return text


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}")
    if isinstance(value, dict):
        return {name: _rounded(each) for name, each in value.items()}
    return [_rounded(each) for each in value] if isinstance(value, list) else value


def answers(data: str, lastfm: Path, place: Place) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each command's label and figures; the first one fills the store."""
    yield "import", place.answer("import", ["import", data, *([str(lastfm)] if data == "lastfm" else [])])
    yield "rank", place.answer("rank", ["rank", "--top", "0"])
    for measure in MEASURES:
        seed = ["--seed", "1"] if measure == "reach" else []
        label = f"rank --by {measure}"
        yield label, place.answer(label, ["rank", "--by", measure, "--top", "0", *seed])
    score = place.answer("score", ["score", "--top", "0"])
    yield "score", score
    for number, bond in enumerate(_first_bonds(score) if data == "lastfm" else BONDS, 1):
        label = f"explain bond {number}"
        yield label, place.answer(label, ["explain", *bond])
    yield "seeds", place.answer("seeds", ["seeds", "-k", "5", "--seed", "1"])
    yield "learn", place.answer("learn", ["learn", "--top", "0"])
    if data != "lastfm":
        yield "reach", place.answer("reach", ["reach", "annie", "june", "--seed", "1", "--simulations", "1000"])


def _first_bonds(score: Mapping[str, Any]) -> list[tuple[str, str]]:
    first = [json.loads(line) for line in score["text"].splitlines()[: min(len(BONDS), score["rows"])]]
    return [(row["consumer"], row["brand"]) for row in first]


def places(options: Namespace, folder: Path) -> Generator[tuple[str, str, Place], None, None]:
    """Yield each kind of store and data set, with an empty place to measure them."""
    for store in measuring.STORES[options.store]:
        with measuring.server(folder) if store == "neo4j" else nullcontext("store") as address:
            for data in options.data:
                if store == "neo4j":
                    measuring.empty(address)
                below = folder / f"{store}-{data}"
                below.mkdir()
                yield store, data, Place(address, below, options.keep and options.keep.resolve() / store / data)


def measured(options: Namespace, folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the name and the figures of each answer."""
    with closing(places(options, folder)) as each_place:  # the server must stop before its folder is deleted
        for store, data, place in each_place:
            for label, figures in answers(data, options.lastfm.resolve(), place):
                name = f"{store} {data} {label}"
                print(name, file=sys.stderr)
                yield name, figures


def verdict(now: Mapping[str, Any], before: Mapping[str, Any] | None) -> str:
    """Compare an answer with the former one."""
    if before is None:
        return "new"
    if all(now[column] == before[column] for column in _COLUMNS):
        return "same"
    same = all(now[column] == before[column] for column in ("code", "rows", "rounded"))
    return f"same to {DIGITS} digits" if same else "different"


def command_line() -> Namespace:
    """Return the options of the command line."""
    parser = measuring.parser(__doc__)
    parser.add_argument("--store", choices=measuring.STORES, default="embedded")
    parser.add_argument("--data", default=",".join(DATA), help="any of %(default)s, separated by commas")
    parser.add_argument("--lastfm", type=Path, default=LASTFM, metavar="FOLDER", help="the data set hetrec2011-lastfm")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="write what each command printed to this folder")
    options = parser.parse_args()
    options.data = options.data.split(",")
    unknown = set(options.data) - set(DATA)
    if unknown:
        parser.error(f"no such data: {', '.join(sorted(unknown))}")
    if "lastfm" in options.data and not options.lastfm.is_dir():
        parser.error(f"{os.path.normpath(options.lastfm)} does not exist; give --lastfm, or --data without it")
    return options


def main() -> int:
    """Print the digests; return 1 if a row differs from the earlier run."""
    options = command_line()
    with tempfile.TemporaryDirectory(prefix="rows-") as folder:
        rows = {name: {k: v for k, v in row.items() if k != "text"} for name, row in measured(options, Path(folder))}
    former = measuring.report({"command": rows}, options, partial=True)
    if former is None:
        return 0
    verdicts = {name: verdict(row, former["command"].get(name)) for name, row in rows.items()}
    for each in dict.fromkeys(verdicts.values()):
        names = [name for name, result in verdicts.items() if result == each]
        print(f"{len(names)} {each}{'' if each == 'same' else ': ' + ', '.join(names)}")
    return int("different" in verdicts.values())


if __name__ == "__main__":
    sys.exit(main())
