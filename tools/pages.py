"""Measure pages: for each data set and page its size, the seconds it took, and what a browser says of it.

The browser has no network. Each page is opened at 400 and 1,200 px, dark and light: its requests beyond itself, its
complaints, and the serious and critical findings of axe-core (WCAG 2.2 AA) are counted, and listed where there are any.
``--shots FOLDER`` keeps the pages and a picture of each.

Pages: the report on everything, all brands, one brand and one person. Data: the story, a generated town
(``--people``), Last.fm and the airline tweets (read from INFLUENCE_GRAPH_TEST_DATA, by default ../shared/data; left
out where they are not there).
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import measuring

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("INFLUENCE_GRAPH_TEST_DATA", ROOT.parent / "shared" / "data"))
SETS = {  # what is imported, and the brand and the person that have a page
    "story": (["story"], "sweater", "singer"),
    "town": (["town", "--people"], "b07", "annie"),
    "lastfm": (["lastfm", str(DATA / "lastfm_hetrec2011")], "72", "1543"),
    "airline": (["airline", str(DATA / "airline_tweets" / "tweets.csv")], "United", ""),
}
WIDTHS, SCHEMES = (400, 1200), ("light", "dark")


def build(name: str, folder: Path, people: int) -> Iterator[tuple[str, Path, float]]:
    """Yield the title, the file and the seconds of each page of the data set *name*."""
    words, brand, person = SETS[name]
    store = ["--store", str(folder / name)]
    count = [str(people)] if name == "town" else []
    command([*measuring.CLI, "import", *words, *count, *store])
    for page in (["report"], ["brands"], ["brand", brand], ["person", person]):
        if not all(page):
            continue  # each tweet is a person of its own
        file = folder / f"{name}-{page[0]}.html"
        started = time.perf_counter()
        command([*measuring.CLI, *page, *store, "-o", str(file)])
        yield f"{name} {page[0]}", file, time.perf_counter() - started


def command(words: list[str]) -> str:
    """Run a command and return its output; a failure ends all."""
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(words)}\n{done.stderr}")
    return done.stdout


def seen(browser: Any, file: Path, shots: Path | None) -> tuple[dict[str, int], list[str]]:
    """Return what the browser counts over all widths and schemes, and the findings."""
    from tests.reports.browser import opened

    requests, complaints, findings = [], [], []
    for width in WIDTHS:
        for scheme in SCHEMES:
            with opened(browser, file, scheme, width) as found:
                found.page.wait_for_timeout(300)
                if shots:
                    found.page.screenshot(path=shots / f"{file.stem}-{width}-{scheme}.png", full_page=True)
                findings += [f"{file.stem} {width} {scheme}: {each}" for each in found.findings()]
                requests += [url for url in found.requests if url not in {file.as_uri(), "data:,"}]
                complaints += found.complaints
    counts = {"requests": len(requests), "complaints": len(complaints), "serious findings": len(findings)}
    return counts, [*requests, *complaints, *findings]


def main() -> int:
    """Print the figures; return 1 where a page loads something, complains, or has a serious finding."""
    options = measuring.parser(__doc__)
    options.add_argument("--people", type=int, default=10_000, help="size of the town")
    options.add_argument("--only", choices=SETS, action="append", help="measure this data set alone")
    options.add_argument("--shots", type=Path, metavar="FOLDER", help="keep pages and pictures here")
    chosen = options.parse_args()
    sys.path.insert(0, str(ROOT))
    with tempfile.TemporaryDirectory() as scratch:
        figures, faults = measured(chosen, Path(scratch))
    measuring.report({"page": figures}, chosen, partial=bool(chosen.only))
    print("\n".join(dict.fromkeys(faults)))
    return int(bool(faults))


def measured(chosen: argparse.Namespace, scratch: Path) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """Return the figures of each page, and what is wrong with them."""
    from playwright.sync_api import sync_playwright

    from tests.reports.conftest import FLAGS

    folder = chosen.shots or scratch
    folder.mkdir(parents=True, exist_ok=True)
    figures: dict[str, dict[str, Any]] = {}
    faults: list[str] = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for name in chosen.only or SETS:
            if not all(Path(word).exists() for word in SETS[name][0] if "/" in word):
                continue
            for title, file, seconds in build(name, folder, chosen.people):
                counts, wrong = seen(browser, file, chosen.shots)
                size = {"kB": round(file.stat().st_size / 1000), "seconds": round(seconds, 1)}
                figures[title] = {**size, **counts}
                faults += wrong
            shutil.rmtree(folder / name, ignore_errors=True)
        browser.close()
    return figures, faults


if __name__ == "__main__":
    sys.exit(main())
