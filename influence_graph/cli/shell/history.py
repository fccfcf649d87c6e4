"""Where the shell keeps what was typed, and how it is taken out again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_state_path

from influence_graph.caches import write_private

if TYPE_CHECKING:
    from influence_graph.model.erasure import Redaction

_STAMP, _TYPED = "#", "+"


def history_file() -> Path:
    """Return the file in which what was typed is kept, for its user alone."""
    return user_state_path("influence-graph") / "shell-history"


def named_in_history(redaction: Redaction, *, clear: bool = False) -> int:
    """Return how many statements of the history name one of the people; with *clear* they go.

    Raises:
        OSError: the file cannot be read or written.
    """
    path = history_file()
    if not path.is_file():
        return 0
    kept, named = [], 0
    for statement in _statements(path.read_text(encoding="utf-8", errors="surrogateescape")):
        if redaction.is_named_in(statement):
            named += 1
        else:
            kept.append(statement)
    if named and clear:
        write_private(path, "".join(kept).encode("utf-8", errors="surrogateescape"))
    return named


def _statements(text: str) -> list[str]:
    """Return the statements of a history, each with the line of its time and the lines that were typed."""
    found: list[str] = []
    for line in text.splitlines(keepends=True):
        if line.startswith(_TYPED) and found:
            found[-1] += line
        elif line.startswith(_STAMP):
            found.append(f"\n{line}")
    return found
