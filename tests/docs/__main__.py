"""Run pages and count: ``python -m tests.docs [--update] [PAGE …]``; ``--update`` writes the output of today."""

from __future__ import annotations

import argparse
import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from influence_graph.stores.neo4j.server import launcher
from tests.docs.blocks import Step, needs, read, steps
from tests.docs.pages import ELSEWHERE, Prepared, count, name_of, pages, session, to_run
from tests.docs.session import Failed, Session, same
from tests.public_data import BESIDE_THE_PROJECT, FOLDER

SLOW_SECONDS = 10.0
VOLATILE = (
    (re.compile(r"\b(\w+)-\d{8}T\d{6}-[0-9a-f]{8}\b"), r"\1-..."),  # ids of runs
    (re.compile(r"\(\d+\.\d s\)"), "(... s)"),
)
"""What differs from run to run, and what a page shows of it."""


def say(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


@contextmanager
def prepared(chosen: list[Path]) -> Iterator[Prepared]:
    """Yield what *chosen* need, a server only where one of them does."""
    data = Path(os.environ.get(FOLDER) or BESIDE_THE_PROJECT)
    if not any("neo4j" in needs(read(page)) for page in chosen):
        yield Prepared(None, data)
        return
    with TemporaryDirectory() as top:
        os.environ["XDG_STATE_HOME"] = top
        home = Path(top) / "neo4j"
        try:
            yield Prepared(launcher.up(home).uri, data)
        finally:
            launcher.down(home)


def lacking(page: Path, given: Prepared) -> str:
    """Return the data set that *page* needs and that is not there, or ''."""
    for need in needs(read(page)):
        if need.startswith("data ") and not (given.data and (given.data / need.split()[1]).exists()):
            return need.split()[1]
    return ""


def run(page: Path, given: Prepared) -> int:
    """Run *page*; return how many of its steps failed or were left."""
    left = to_run(page)
    with session(page, given) as opened:
        for number, step in enumerate(left):
            started = time.perf_counter()
            try:
                opened.run(step)
                if (seconds := time.perf_counter() - started) > SLOW_SECONDS:
                    say(f"{name_of(page)}: line {step.line} took {seconds:.0f} s")
            except Exception as error:  # noqa: BLE001 - a snippet raises anything
                say(f"{name_of(page)}: {error if isinstance(error, Failed) else f'line {step.line}: {error!r}'}")
                return len(left) - number
    return 0


def update(page: Path, given: Prepared) -> None:
    """Write into *page* the output that its commands and snippets have now, where it shows another."""
    lines, changed = read(page).split("\n"), []
    with session(page, given) as opened:
        for step in to_run(page):
            try:
                now = _now(opened, step)
            except Exception as error:  # noqa: BLE001 - a snippet raises anything
                say(f"{name_of(page)}: line {step.line}: {error!s}")
                continue
            if now is not None:
                changed.append((step, now))
    for step, now in sorted(changed, key=lambda pair: -pair[0].line):
        first = step.ends - 1 - len(step.shown) if step.kind == "command" else step.line - 1
        lines[first : step.ends - 1] = now
    page.write_text("\n".join(lines), encoding="utf-8")


def _now(opened: Session, step: Step) -> list[str] | None:
    if step.kind == "python" and ">>> " in step.text:
        return opened.shown(step)
    if not step.shown:
        opened.run(step)
        return None
    done, code = opened.shell(step.text)
    if any(same(step.shown, text) for text in (done.output, done.both)):
        return None
    if code:
        say(f"exit {code} of {step.text}")
    text = done.output if step.shown[0].strip() == "?" else done.both
    for volatile, mask in VOLATILE:
        text = volatile.sub(mask, text)
    return text.strip("\n").split("\n")


def main() -> int:
    """Run the pages that are named, or all."""
    parser = argparse.ArgumentParser(prog="python -m tests.docs")
    parser.add_argument("--update", action="store_true")
    parser.add_argument("page", nargs="*", type=Path)
    options = parser.parse_args()
    chosen = [path.resolve() for path in options.page] or pages()
    commands = snippets = queries = missed = elsewhere = 0
    with prepared(chosen) as given:
        for page in chosen:
            started, missing = time.perf_counter(), lacking(page, given)
            if options.update:
                update(page, given)
            left = len(to_run(page)) if missing else 0 if options.update else run(page, given)
            found = count(steps(read(page)))
            commands, snippets, queries = commands + found[0], snippets + found[1], queries + found[2]
            elsewhere += sum(step.text in ELSEWHERE for step in steps(read(page)))
            missed += left
            seconds = time.perf_counter() - started
            note = f"needs {missing}" if missing else f"{seconds:.0f} s"
            say(f"{name_of(page)}: {found[0]} commands, {found[1]} snippets, {left} not executed; {note}")
    say(
        f"{commands} commands ({elsewhere} of them by {', '.join(ELSEWHERE.values())}), {snippets} snippets, "
        f"{queries} queries; {missed} not executed"
    )
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
