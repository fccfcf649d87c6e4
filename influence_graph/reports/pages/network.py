"""The drawing of a network in a page: its data, its scripts with their licenses, and its table."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256
from importlib import resources
from typing import TYPE_CHECKING

from influence_graph.model.names import BRAND
from influence_graph.reports.pages.parts import Table
from influence_graph.reports.words import integer_text, printable

if TYPE_CHECKING:
    import pandas as pd

    from influence_graph.reports.pages.parts import Network

_LIBRARIES = "graphology.umd.min.js", "sigma.min.js"
_IF_DRAWABLE = 'if (document.createElement("canvas").getContext("webgl"))'  # sigma fails as it is read without it
_LICENSES = "graphology", "sigma", "events"
_ROWS = 100  # of the table
_SCALE = 100  # places are sent as whole numbers of hundredths
_LETTERS = 60  # of a name or an id
_UNSAFE = {ord(letter): f"\\u{ord(letter):04x}" for letter in "<>&\u2028\u2029"}


@dataclass(frozen=True)
class Drawing:
    """What a page needs of a network: ``data``, JSON that may stand within a script element, and a ``table``."""

    data: str
    table: Table


def drawing(network: Network) -> Drawing:
    """Return the drawing of *network*."""
    nodes, edges = network.nodes, network.edges
    columns = {
        "id": _texts(nodes["id"]),
        "name": _texts(nodes["name"].where(nodes["name"] != nodes["id"], "")),
        "brand": (nodes["label"] == BRAND).astype(int).tolist(),
        "size": nodes["size"].astype(int).tolist(),
        "group": nodes["group"].astype(int).tolist(),
        "x": (nodes["x"] * _SCALE).round().astype(int).tolist(),
        "y": (nodes["y"] * _SCALE).round().astype(int).tolist(),
        "source": edges["source"].astype(int).tolist(),
        "target": edges["target"].astype(int).tolist(),
        "weight": [float(f"{weight:.4g}") for weight in edges["weight"]],
        "sign": edges["sign"].astype(int).tolist(),
    }
    text = json.dumps(columns, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Drawing(text.translate(_UNSAFE), _table(nodes))


def scripts() -> list[str]:
    """Return the scripts that draw networks, the libraries first; they run only where there is WebGL."""
    libraries = [_read("vendor", name).partition("\n//# sourceMappingURL=")[0] for name in _LIBRARIES]
    return [*(f"{_IF_DRAWABLE} {{\n{library}\n}}" for library in libraries), _read("templates", "network.js")]


def licenses() -> list[str]:
    """Return the licenses of the libraries among the scripts."""
    return [f"{name}\n{_read('vendor', f'{name}.LICENSE.txt')}" for name in _LICENSES]


def digest_of(script: str) -> str:
    """Return how a Content Security Policy (level 3) names *script* as one that may run."""
    return f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"


def _read(folder: str, name: str) -> str:
    return resources.files("influence_graph.reports").joinpath(folder, name).read_text("utf-8")


def _texts(values: pd.Series) -> list[str]:
    return [printable(value, _LETTERS) for value in values]


def _table(nodes: pd.DataFrame) -> Table:
    """Return the nodes with the most links as a table."""
    first = nodes.sort_values(["size", "label", "id"], ascending=[False, True, True]).head(_ROWS)
    columns = {
        "name": _texts(first["name"].where(first["name"] != "", first["id"])),
        "id": _texts(first["id"]),
        "label": _texts(first["label"]),
        "links": [integer_text(size) for size in first["size"]],
        "community": [integer_text(group) for group in first["group"]],
    }
    which = "All that are" if len(first) == len(nodes) else f"The {len(first)} of {len(nodes):,}"
    caption = f"{which} drawn{'' if len(first) == len(nodes) else ' with the most links'}, as a table"
    rows = [list(row) for row in zip(*columns.values(), strict=True)]
    return Table(caption, list(columns), rows, frozenset({3, 4}))
