"""GraphML, GEXF and GML, read by networkx.

Ids are those of the format; the label or name of a node is its name. Undirected graphs give both directions.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from influence_graph.errors import InputError, UnreadableFile
from influence_graph.ingest.networks.attributes import of_attributes
from influence_graph.ingest.networks.network import Network, NetworkOptions, node_table
from influence_graph.ingest.networks.text import require_utf8
from influence_graph.model.ids import id_text

_NAMES = ("name", "label", "Name", "Label")
_DAMAGED = (ParseError, LookupError, ValueError, TypeError, AttributeError, RuntimeError)  # as networkx raises them
_GRAPH = re.compile(r"(?im)^(\s*graph\s*\[)")
_MULTIGRAPH = re.compile(r"(?m)\bmultigraph\s+[01]\b")
_DECLARED = re.compile(rb"^\s*<\?xml[^>]*\?>")
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_EDGE = re.compile(rb"<(?:\w+:)?edge[\s/>]")
_MUTUAL = re.compile(rb"<(?:\w+:)?edge\s[^>]*\btype\s*=\s*[\"']mutual[\"']")


def read_graphml(path: Path, data: bytes, options: NetworkOptions) -> Network:
    """Return the network of a GraphML file; see http://graphml.graphdrawing.org/specification.html.

    Raises:
        UnreadableFile: it is damaged, or holds what networkx does not read: several graphs, hyperedges, mixed edges.
    """
    import networkx as nx

    graph = _parsed(path, lambda: nx.read_graphml(io.BytesIO(_xml(path, data)), node_type=str))
    defaults = graph.graph.get("edge_default", {})
    network = _network(path, graph, options, defaults)
    _require_all(path, graph, len(_EDGE.findall(_COMMENT.sub(b"", data))))
    return network


def read_gexf(path: Path, data: bytes, options: NetworkOptions) -> Network:
    """Return the network of a GEXF file, 1.1 to 1.3; see https://gexf.net.

    Raises:
        UnreadableFile: it is damaged, or holds what networkx does not read: mixed edges.
    """
    import networkx as nx

    graph = _parsed(path, lambda: nx.read_gexf(io.BytesIO(_xml(path, data)), node_type=str))
    bare = _COMMENT.sub(b"", data)
    edges = len(_EDGE.findall(bare)) + (len(_MUTUAL.findall(bare)) if graph.is_directed() else 0)
    _require_all(path, graph, edges)
    return _network(path, graph, options, {})


def read_gml(path: Path, data: bytes, options: NetworkOptions) -> Network:
    """Return the network of a GML file; see Himsolt, GML: A portable Graph File Format, University of Passau.

    Edges that repeat are kept, whether or not the file says ``multigraph 1``.

    Raises:
        UnreadableFile: it is damaged.
    """
    import networkx as nx

    require_utf8(path, data)
    text = _GRAPH.sub(r"\1 multigraph 1 ", _MULTIGRAPH.sub("", data.decode()), count=1)
    graph = _parsed(path, lambda: nx.parse_gml(text.split("\n"), label="id"))
    return _network(path, graph, options, {})


def _parsed(path: Path, read: Callable[[], Any]) -> Any:  # noqa: ANN401 - a networkx graph
    """Return what *read* returns.

    Raises:
        UnreadableFile: it fails: networkx raises errors of many kinds for damaged files.
    """
    import networkx as nx

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return read()
    except (
        nx.NetworkXException,
        ParseError,
        LookupError,
        ValueError,
        TypeError,
        AttributeError,
        RuntimeError,
    ) as error:
        reason = str(error) or type(error).__name__
        raise UnreadableFile(
            f"{path}: networkx cannot read it: {reason}", remedy="write it again, such as from Gephi or networkx"
        ) from error


def _xml(path: Path, data: bytes) -> bytes:
    """Return *data* without a declaration of an encoding that it no longer has.

    Raises:
        UnreadableFile: it declares a document type, by which a small file may become a huge one.
    """
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise UnreadableFile(f"{path} declares a document type", remedy="take the line <!DOCTYPE …> out of the file")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return data
    return _DECLARED.sub(b"", data, count=1).lstrip()


def _network(path: Path, graph: Any, options: NetworkOptions, defaults: dict[str, Any]) -> Network:  # noqa: ANN401
    """Return the network of a networkx *graph*."""
    try:
        ids = {node: id_text(node) for node in graph.nodes}
    except InputError as error:
        raise UnreadableFile(f"{path}: {error.message}", remedy=error.remedy) from error
    ends = [(ids[source], ids[target]) for source, target, _ in graph.edges(data=True)]
    attributes = [{**defaults, **held} for _, _, held in graph.edges(data=True)]
    names = [next((held[key] for key in _NAMES if held.get(key)), None) for _, held in graph.nodes(data=True)]
    network = of_attributes(path, ends, attributes, options)
    return replace(network, both=not graph.is_directed(), nodes=node_table(list(ids.values()), names))


def _require_all(path: Path, graph: Any, edges: int) -> None:  # noqa: ANN401
    """Refuse a file of which networkx left edges out: those of further or nested graphs, and of repeated edge ids."""
    if graph.number_of_edges() != edges:
        raise UnreadableFile(
            f"{path} has {edges:,} edges, of which networkx reads {graph.number_of_edges():,}",
            remedy="write one graph without nested ones, and give every edge its own id",
        )
