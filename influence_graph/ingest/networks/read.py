"""The format of a network file, found in its content, then in its name."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from influence_graph.errors import InputError, UnreadableFile
from influence_graph.ingest.networks.graph_files import read_gexf, read_gml, read_graphml
from influence_graph.ingest.networks.konect import is_konect, read_konect
from influence_graph.ingest.networks.matrix_market import BANNER, read_matrix_market
from influence_graph.ingest.networks.neo4j_admin import is_neo4j, read_neo4j
from influence_graph.ingest.networks.network import Network, NetworkOptions
from influence_graph.ingest.networks.networkx_lines import has_dicts, read_dicts
from influence_graph.ingest.networks.pajek import read_pajek
from influence_graph.ingest.networks.plain import read_plain
from influence_graph.ingest.networks.text import SHAPE, read_text

_HEAD = 1 << 16
_PACKED = (".gz", ".bz2", ".xz", ".zst", ".zip")
_Reader = Callable[[Path, bytes, NetworkOptions], Network]
_READERS: dict[str, _Reader] = {
    "Matrix Market": read_matrix_market,
    "GraphML": read_graphml,
    "GEXF": read_gexf,
    "GML": read_gml,
    "Pajek": read_pajek,
    "KONECT": read_konect,
    "neo4j-admin": read_neo4j,
    "networkx edge list": read_dicts,
    "edge list": read_plain,
}
_SUFFIXES = {".mtx": "Matrix Market", ".graphml": "GraphML", ".gexf": "GEXF", ".gml": "GML", ".net": "Pajek"}
_GML = re.compile(rb"(?:^|\n)\s*graph\s*\[")
_GML_FIRST = re.compile(rb"\s*(?:#[^\n]*\n\s*)*(?:graph|creator|version|comment|label|directed)\b", re.IGNORECASE)
_PAJEK = re.compile(rb"\s*(?:%[^\n]*\n\s*)*\*(?:network|vertices|arcs|edges|matrix)", re.IGNORECASE)
_ADJACENCY = (".graph", ".metis", ".adjlist", ".dot", ".gv", ".dl")


def read_network(path: Path, options: NetworkOptions) -> Network:
    """Return the network in *path*, gzipped or not.

    Raises:
        UnreadableFile: the file cannot be read, or is of no known format.
        InputError: an option is given that the format does not have.
    """
    data = read_text(path)
    if not data.strip():
        raise UnreadableFile(f"{path} contains no edge", remedy=SHAPE)
    name = format_of(path, data)
    if options.of_lists and name != "edge list":
        raise InputError(
            f"{path} is a file of the format {name}, which {' and '.join(options.of_lists)} do not fit",
            remedy="leave these options out: they are for plain edge lists",
        )
    return _READERS[name](path, data, options)


def format_of(path: Path, data: bytes) -> str:
    """Return the name of the format of *data*.

    Raises:
        UnreadableFile: it is one that is not read.
    """
    head = data[:_HEAD]
    start = head.lstrip()
    _refuse_other(path, start)
    if start[: len(BANNER)].lower() == BANNER.lower():
        return "Matrix Market"
    if start.startswith(b"<"):
        return _of_xml(path, head)
    if _GML_FIRST.match(head) and _GML.search(head):
        return "GML"
    if _PAJEK.match(head):
        return "Pajek"
    for name, test in (("KONECT", is_konect), ("neo4j-admin", is_neo4j), ("networkx edge list", has_dicts)):
        if test(head):
            return name
    return _SUFFIXES.get(_suffix(path), "edge list")


def _suffix(path: Path) -> str:
    """Return how the name of *path* ends, apart from how it is packed."""
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() not in _PACKED]
    return suffixes[-1] if suffixes else ""


def _of_xml(path: Path, head: bytes) -> str:
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise UnreadableFile(f"{path} declares a document type", remedy="take the line <!DOCTYPE …> out of the file")
    for name in ("GraphML", "GEXF"):
        if re.search(rb"<(?:\w+:)?" + name.lower().encode() + rb"\b", head):
            return name
    raise UnreadableFile(f"{path} is XML, but neither GraphML nor GEXF", remedy="export it as GraphML")


def _refuse_other(path: Path, start: bytes) -> None:
    """Refuse what is no network file: JSON, Parquet, adjacency lists."""
    if start.startswith((b"{", b"[", b"PAR1")):
        remedy = "use: influence-graph ingest FILE, which reads JSON, JSON Lines and Parquet by column names"
        raise UnreadableFile(f"{path} is {'Parquet' if start.startswith(b'PAR1') else 'JSON'}", remedy=remedy)
    suffix = _suffix(path)
    if suffix in _ADJACENCY or re.match(rb"(?:strict\s+)?(?:di)?graph\b[^\[\n]*\{", start):
        raise UnreadableFile(
            f"{path} is no list of edges, but of the format {suffix or 'DOT'}",
            remedy="write its edges one a line, or as GraphML, such as with networkx or igraph",
        )
