"""What kind of records a file holds, by its column names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from influence_graph.errors import UnreadableFile
from influence_graph.model.records import KINDS, RecordKind

_SHOWN_NAMES = 20
_REQUIRED = "; ".join(f"{kind.name}: {', '.join(kind.required)}" for kind in KINDS.values())


def detect_kind(path: Path, names: Sequence[str]) -> RecordKind:
    """Return the kind whose required columns are all among *names*.

    Of several such kinds the one with the most required columns wins, then the one that knows the
    most of *names*, then the one that the file is named after (``people.csv``: of a file with ``id``
    and ``name`` alone the header cannot say whether these are people or brands).

    Raises:
        UnreadableFile: no kind fits, or two fit equally well.
    """
    fitting = [kind for kind in KINDS.values() if set(kind.required) <= set(names)]
    if not fitting:
        raise UnreadableFile(
            f"{path}: {listed(names)} are the columns of no kind of record; {_nearest(names)}",
            remedy=f"rename the columns, or name the kind with --as; required are {_REQUIRED}",
        )
    ranks = {kind.name: (len(kind.required), len(set(kind.names) & set(names))) for kind in fitting}
    best = [kind for kind in fitting if ranks[kind.name] == max(ranks.values())]
    named = [kind for kind in best if path.name.lower().startswith(kind.name)]
    if len(best) > 1 and len(named) == 1:
        return named[0]
    if len(best) > 1:
        choice = " or ".join(kind.name for kind in best)
        raise UnreadableFile(
            f"{path}: {listed(names)} could be the columns of {choice}",
            remedy=f"say which with --as {best[0].name} or --as {best[1].name}",
        )
    return best[0]


def require_columns(path: Path, kind: RecordKind, names: Sequence[str]) -> None:
    """Refuse a file that lacks a required column of *kind*.

    Raises:
        UnreadableFile: a column is missing.
    """
    missing = [name for name in kind.required if name not in names]
    if missing:
        raise UnreadableFile(
            f"{path} lacks {', '.join(missing)}, required of {kind.name}; it has {listed(names)}",
            remedy="rename or add the column, or name another kind with --as",
        )


def listed(names: Sequence[str]) -> str:
    """Return *names* as a short list for a message."""
    shown = ", ".join(repr(name[:60]) for name in names[:_SHOWN_NAMES])
    more = f" and {len(names) - _SHOWN_NAMES} more" if len(names) > _SHOWN_NAMES else ""
    return f"{shown}{more}" if names else "no names at all"


def _nearest(names: Sequence[str]) -> str:
    """Say what is missing for the kind that lacks the smallest share of its required columns."""

    def lack(kind: RecordKind) -> float:
        return len(set(kind.required) - set(names)) / len(kind.required)

    best = min(KINDS.values(), key=lambda kind: (lack(kind), -len(set(kind.names) & set(names))))
    missing = [name for name in best.required if name not in names]
    return f"nearest is {best.name}, which lacks {', '.join(missing)}"
