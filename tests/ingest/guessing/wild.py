"""Files from the wild, and what they are: ``wild.toml``."""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from influence_graph.ingest.guessing.sample import Sample


@dataclass(frozen=True)
class Wild:
    """A file, the kind and fields that it surely has, and what must be asked; no kind: it cannot be told."""

    name: str
    text: str
    kind: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    asks: list[str] = field(default_factory=list)

    @property
    def sample(self) -> Sample:
        rows = list(csv.reader(self.text.strip().splitlines()))
        names = [name for name in rows[0] if name]
        return Sample(tuple(names), {name: tuple(row[rows[0].index(name)] for row in rows[1:]) for name in names})


WILD = [Wild(**each) for each in tomllib.loads(Path(__file__).with_name("wild.toml").read_text("utf-8"))["file"]]
