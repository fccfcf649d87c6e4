"""The kind of records in a file, detected from its column names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from influence_graph.errors import UnreadableFile
from influence_graph.ingest.header import field_name
from influence_graph.model.records import KINDS, RecordKind

_SHOWN_NAMES = 20
_REQUIRED = "; ".join(f"{kind.name}: {', '.join(kind.required)}" for kind in KINDS.values())


def detect_kind(path: Path, columns: Sequence[str], given: Sequence[str] = ()) -> RecordKind:
    """Return the kind whose required fields are all among the names of *columns* and the fields *given* otherwise.

    Of several such kinds the one with the most required columns is chosen, then the one with the most
    fields among them, then the one that the file is named after (``people.csv``: a header of ``id``
    and ``name`` alone fits people and brands).

    Raises:
        UnreadableFile: no kind fits, or two fit equally well.
    """
    names = [*map(field_name, columns), *given]
    fitting = [kind for kind in KINDS.values() if set(kind.required) <= set(names)]
    if not fitting:
        raise UnreadableFile(
            f"{path} matches no kind of record: its columns are {listed(columns)}; {_nearest(names)}",
            remedy=f"see what they can become: influence-graph inspect {path}; or name the kind with --as, and its"
            f" fields with --map and --set: {_REQUIRED}",
        )
    ranks = {kind.name: (len(kind.required), len(set(kind.names) & set(names))) for kind in fitting}
    best = [kind for kind in fitting if ranks[kind.name] == max(ranks.values())]
    named = [kind for kind in best if path.name.lower().startswith(kind.name)]
    if len(best) > 1 and len(named) == 1:
        return named[0]
    if len(best) > 1:
        choice = " or ".join(kind.name for kind in best)
        raise UnreadableFile(
            f"{path}: the columns {listed(columns)} fit {choice}",
            remedy=f"choose one: --as {best[0].name} or --as {best[1].name}",
        )
    return best[0]


def require_columns(path: Path, kind: RecordKind, names: Sequence[str]) -> None:
    """Refuse a file that lacks a required column of *kind*.

    Raises:
        UnreadableFile: a column is missing.
    """
    present = set(map(field_name, names))
    missing = [name for name in kind.required if name not in present]
    if missing:
        otherwise = "name another kind with --as" if kind.name in KINDS else f"--map {missing[0]}=COLUMN"
        raise UnreadableFile(
            f"{path} lacks {', '.join(missing)}, required of {kind.name}; it has {listed(names)}",
            remedy=f"rename or add the column, or {otherwise}",
        )


def listed(names: Sequence[str]) -> str:
    """Return *names* as a short list for a message."""
    shown = ", ".join(repr(name[:60]) for name in names[:_SHOWN_NAMES])
    more = f" and {len(names) - _SHOWN_NAMES} more" if len(names) > _SHOWN_NAMES else ""
    return f"{shown}{more}" if names else "none"


def _nearest(names: Sequence[str]) -> str:
    """Return the kind that lacks the smallest share of its required columns, and what it lacks, for a message."""

    def missing_share(kind: RecordKind) -> float:
        return len(set(kind.required) - set(names)) / len(kind.required)

    best = min(KINDS.values(), key=lambda kind: (missing_share(kind), -len(set(kind.names) & set(names))))
    missing = [name for name in best.required if name not in names]
    return f"the nearest is {best.name}, which lacks {', '.join(missing)}"
