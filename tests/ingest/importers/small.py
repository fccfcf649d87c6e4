"""Small files in the published layouts, and how what is imported from them is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from influence_graph.ingest.importers import IMPORTERS, ImportOptions


def rows(name: str, path: Path | None, **options: Any) -> dict[str, list[dict[str, Any]]]:
    """Return the records of each kind, without the fields that are null."""
    found: dict[str, list[dict[str, Any]]] = {}
    for batch in IMPORTERS[name].read(path, ImportOptions(**options)):
        plain = [{key: value for key, value in row.items() if value is not None} for row in batch.table.to_pylist()]
        found.setdefault(batch.kind.name, []).extend(plain)
    return found
