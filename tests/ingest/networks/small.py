"""Small networks in files, and what is imported from them."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.ingest.importers.small import rows


@dataclass
class Imported:
    """What one file gave: ``ties`` are source, target and weight; ``since`` is by source and target."""

    ties: list[tuple[str, str, float | None]] = field(default_factory=list)
    since: dict[tuple[str, str], str] = field(default_factory=dict)
    people: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        return [(source, target) for source, target, _ in self.ties]

    @property
    def weights(self) -> dict[tuple[str, str], float]:
        """The weight of each tie, 1 where none is stated."""
        return {(s, t): 1.0 if w is None else w for s, t, w in self.ties}


def imported(text: str | bytes, name: str = "graph.txt", **options: Any) -> Imported:
    """Return what the file *name* with *text* gives."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return imported_file(path, **options)


def imported_file(path: Path, **options: Any) -> Imported:
    found = Imported()
    records = rows("edges", path, note=found.notes.append, **options)
    for row in records.get("ties", []):
        found.ties.append((row["source"], row["target"], row.get("weight")))
        if "since" in row:
            found.since[row["source"], row["target"]] = row["since"].isoformat()
    found.people = [row["id"] for row in records.get("people", [])]
    found.names = {row["id"]: row["name"] for row in records.get("people", []) if "name" in row}
    return found
