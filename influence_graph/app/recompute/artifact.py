"""The record of one recalculation as a file: versions, parameters, digests, seconds and memory of each step."""

from __future__ import annotations

import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from influence_graph.files import write_whole
from influence_graph.model.json_values import json_text
from influence_graph.model.recalculations import Recalculation
from influence_graph.text import without_credentials

FORMAT = 1
_PACKAGES = ("numpy", "scipy", "numba", "pandas", "pyarrow", "duckdb", "neo4j")


def artifact(done: Recalculation, url: str) -> dict[str, Any]:
    """Return all that is known of the recalculation *done* of the store at *url*, as JSON values."""
    versions = {"influence_graph": done.version, "python": platform.python_version(), **_versions()}
    machine = {"system": platform.system(), "machine": platform.machine(), "processors": os.cpu_count()}
    return {
        "format": FORMAT,
        "store": without_credentials(url),
        "versions": versions,
        "machine": {**machine, "byte_order": sys.byteorder},
        "seconds": (done.finished_at - done.started_at).total_seconds(),
        "recalculation": done.to_dict(),
    }


def write_artifact(path: Path, done: Recalculation, url: str) -> None:
    """Write :func:`artifact` to *path* as JSON.

    Raises:
        InputError, UnwritableFile: as :func:`influence_graph.files.write_whole`.
    """
    write_whole(path, json_text(artifact(done, url), indent=2) + "\n")


def _versions() -> dict[str, str]:
    found = {}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
