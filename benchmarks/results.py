"""The results of the last runs: a list of flat records, kept as JSON beside the page."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
from datetime import UTC, datetime
from pathlib import Path

NAME = "results.json"
LIBRARIES = [
    "numpy",
    "scipy",
    "numba",
    "networkx",
    "igraph",
    "networkit",
    "scikit-network",
    "rustworkx",
    "python-graphblas",
    "cynetdiff",
    "ndlib",
]


def load(folder):
    """Return the results kept in *folder*, or empty ones."""
    path = Path(folder) / NAME
    return json.loads(path.read_text()) if path.exists() else {"machine": {}, "parts": {}, "records": []}


def save(results, folder):
    """Keep *results* in *folder*."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    (Path(folder) / NAME).write_text(json.dumps(results, indent=1) + "\n")


def merged(results, job, records, seconds):
    """Return *results* with those of *job* replaced."""
    others = [record for record in results["records"] if record["job"] != job]
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    parts = {**results["parts"], job: {"seconds": seconds, "at": now}}
    return {"machine": machine(), "parts": parts, "records": others + [{**record, "job": job} for record in records]}


def machine():
    """Return processor, cores, memory and versions."""
    info = Path("/proc/cpuinfo")
    names = [line.split(":")[1].strip() for line in _lines(info) if line.startswith("model name")]
    memory = [int(line.split()[1]) / 2**20 for line in _lines(Path("/proc/meminfo")) if line.startswith("MemTotal")]
    versions = {}
    for library in LIBRARIES:
        try:
            versions[library] = importlib.metadata.version(library)
        except importlib.metadata.PackageNotFoundError:
            versions[library] = "not installed"
    return {
        "processor": names[0] if names else platform.processor(),
        "cores": os.cpu_count(),
        "gigabytes": round(memory[0], 1) if memory else None,
        "python": platform.python_version(),
        "versions": versions,
    }


def _lines(path):
    return path.read_text().splitlines() if path.exists() else []


def failures(results):
    """Return a line for each process that failed and each spread that differs from a peer's."""
    lines = [record["failure"] for record in results["records"] if "failure" in record]
    for record in results["records"]:
        if record.get("agrees") is False:
            lines.append(
                f"spread on {record['graph']} ({record['case']}): {record['engine']} finds {record['spread']:.2f},"
                f" {record['apart']:.1f} standard errors from ours"
            )
    return lines


def measured(results):
    """Return the records that carry figures."""
    return [record for record in results["records"] if "failure" not in record and "skipped" not in record]


def pick(records, **where):
    """Return the records with these fields."""
    return [record for record in records if all(record.get(key) == value for key, value in where.items())]


def rivals(records, **where):
    """Return the ranked records of others than ours, the best first."""
    compared = [r for r in pick(records, **where) if not r["engine"].startswith("ours") and "ratio" in r]
    return sorted((r for r in compared if r.get("ranked", True)), key=lambda r: r["ratio"])
