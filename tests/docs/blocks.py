"""What a page of the documentation tells its readers to run.

A page is read from top to bottom. Fences of these languages are run:

- ``console``: a line after ``$ `` is a command (a ``\\`` at its end continues it), what follows is its output, where
  ``...`` stands for anything: within a line, or as a line of its own for any lines. No output shown: none is compared.
- ``bash``: each line is a command.
- ``python``: a snippet; with ``>>>`` it shows its output. The snippets of a page share their names.
- ``cypher``: a query, which must give rows.

Comments of HTML prepare what readers have of their own: ``<!-- setup`` with commands, and ``<!-- needs: … -->`` (see
``tests.docs.pages``). A command line within a sentence is run after all blocks of its page, on the default store.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

RUN = ("console", "bash", "python", "cypher")
SHOWN = ("text", "toml", "csv", "json", "html")
"""Languages of fences that show something and are not run."""
PROGRAMS = ("influence-graph ", "make ")
UNTIL_STOPPED = "# until Ctrl-C"
"""A comment of a command that runs until it is stopped."""
_ENDLESS = re.compile(r"influence-graph (schedule run(?!.*--once)|browser\b)")
_FENCE = re.compile(r"^( *)```(\w*)\s*$")
_SETUP = re.compile(r"^<!-- setup\n(.*?)\n-->$", re.MULTILINE | re.DOTALL)
_NEEDS = re.compile(r"^<!-- needs: (.*) -->$", re.MULTILINE)
_SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_COMMENT = re.compile(rf" {{2,}}(?!{UNTIL_STOPPED})#.*$")
_LIST = re.compile(r"^\s*([-*+]|\d+\.)\s")


@dataclass(frozen=True)
class Step:
    """One thing to run.

    Attributes:
        kind: ``setup``, ``command``, ``python``, ``cypher`` or ``span``.
        text: The command line, snippet or query.
        line: Its line in the page, from 1.
        shown: The output that the page shows, by line; none: nothing is compared.
        ends: The line after the shown output, from 1.
    """

    kind: str
    text: str
    line: int
    shown: tuple[str, ...] = ()
    ends: int = 0


@dataclass(frozen=True)
class Fence:
    """A fenced block: its language, its lines, and the number of its first line."""

    language: str
    lines: tuple[str, ...]
    line: int


def fences(text: str) -> Iterator[Fence]:
    """Yield the fenced blocks of a page."""
    opened, language, inside, start = "", "", [], 0
    for number, line in enumerate(text.splitlines(), 1):
        match = _FENCE.match(line)
        if match and not start:
            opened, language, inside, start = match[1], match[2], [], number + 1
        elif match and start:
            yield Fence(language, tuple(inside), start)
            start = 0
        elif start:
            inside.append(line.removeprefix(opened))
    if start:
        raise ValueError(f"the fence before line {start} is not closed")


def _console(fence: Fence) -> Iterator[Step]:
    number, lines = 0, fence.lines
    while number < len(lines):
        if not lines[number].startswith("$ "):
            raise ValueError(f"line {fence.line + number}: output without a command: {lines[number]}")
        first, command = number, [lines[number].removeprefix("$ ")]
        while command[-1].endswith("\\") or _open_here_document(command):
            number += 1
            command.append(lines[number].removeprefix("> "))
        number += 1
        shown = number
        while number < len(lines) and not lines[number].startswith("$ "):
            number += 1
        output, ends = lines[shown:number], fence.line + number
        yield Step("command", "\n".join(command), fence.line + first, output, ends)


def _open_here_document(command: list[str]) -> bool:
    match = re.search(r"<<'?(\w+)'?", command[0])
    return bool(match) and (len(command) == 1 or command[-1] != match[1])  # type: ignore[index]


def _bash(fence: Fence) -> Iterator[Step]:
    command: list[str] = []
    for number, line in enumerate(fence.lines, fence.line):
        command.append(line)
        if line.endswith("\\") or _open_here_document(command):
            continue
        if line.strip() and not (line.startswith("#") and len(command) == 1):
            yield Step("command", _COMMENT.sub("", "\n".join(command)), number - len(command) + 1)
        command = []


def steps(text: str) -> list[Step]:
    """Return what a page runs, in its order."""
    found = [Step("setup", match[1], text.count("\n", 0, match.start()) + 1) for match in _SETUP.finditer(text)]
    for fence in fences(text):
        if fence.language == "console":
            found += _console(fence)
        elif fence.language == "bash":
            found += _bash(fence)
        elif fence.language in RUN:
            end = fence.line + len(fence.lines)
            found.append(Step(fence.language, "\n".join(fence.lines) + "\n", fence.line, (), end))
    return [*sorted(found, key=lambda step: step.line), *_spans(text)]


def needs(text: str) -> list[str]:
    """Return what a page needs."""
    return [each.strip() for match in _NEEDS.finditer(text) for each in match[1].split(",")]


def _spans(text: str) -> Iterator[Step]:
    for number, line in prose(text):
        for match in _SPAN.finditer(line):
            if match[1].startswith(PROGRAMS):
                yield Step("span", match[1].replace("\\|", "|"), number)


def prose(text: str) -> Iterator[tuple[int, str]]:
    """Yield number and text of the lines outside of fences and comments."""
    hidden = {
        number for fence in fences(text) for number in range(fence.line - 1, fence.line + len(fence.lines) + 1)
    }  # fmt: skip
    for match in _SETUP.finditer(text):
        first = text.count("\n", 0, match.start()) + 1
        hidden |= set(range(first, first + match[0].count("\n") + 1))
    for number, line in enumerate(text.splitlines(), 1):
        if number not in hidden:
            yield number, line


def faults(text: str) -> list[str]:
    """Return what would not be run though it looks as if, and what would never end.

    Unknown fences, indented blocks, commands shown as text; commands without :data:`UNTIL_STOPPED` that run on.
    """
    found = []
    for fence in fences(text):
        if fence.language not in (*RUN, *SHOWN):
            found.append(f"line {fence.line}: a fence of {fence.language or 'no language'}")
        if fence.language in SHOWN and any(line.startswith(("$ ", *PROGRAMS, ">>> ")) for line in fence.lines):
            found.append(f"line {fence.line}: a command shown as {fence.language}")
    before = ""
    for number, line in prose(text):
        if line.startswith("    ") and not before.strip() and not _LIST.match(line):
            found.append(f"line {number}: an indented block")
        before = line
    for step in steps(text):
        refused = any(line.startswith("error: ") for line in step.shown)
        if _ENDLESS.match(step.text) and UNTIL_STOPPED not in step.text and not refused:
            found.append(f"line {step.line}: {step.text} runs until it is stopped")
    return found


def read(path: Path) -> str:
    """Return the text of a page."""
    return path.read_text(encoding="utf-8")
