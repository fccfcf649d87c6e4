"""GraphML, which networkx, igraph, yEd and Gephi read; see http://graphml.graphdrawing.org/specification.html."""

from __future__ import annotations

from collections.abc import Iterator

from influence_graph.app.graph_files.contents import Contents, EdgeSet, NodeSet
from influence_graph.app.graph_files.values import label_of
from influence_graph.app.graph_files.xml import Attribute, Keys, attributes_of, batches, both_ways, texts_of, values

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
"""
_VALUE = '<data key="KEY">VALUE</data>'
_LABEL = Attribute("label", "label", "string")  # what Gephi and yEd show


def lines(contents: Contents) -> Iterator[str]:
    """Yield the file of *contents*, piece by piece."""
    keys = Keys.of(contents)
    of_nodes = attributes_of(contents.nodes, "labels", ("id",))
    of_edges = attributes_of(contents.edges, "type", ("source", "target"))
    yield _HEAD + _declared("node", [_LABEL, *of_nodes.values()]) + _declared("edge", list(of_edges.values()))
    yield '<graph edgedefault="directed">\n'
    for nodes in contents.nodes:
        yield from _nodes(nodes, of_nodes, keys)
    for edges in contents.edges:
        yield from _edges(edges, of_edges, keys)
    yield "</graph>\n</graphml>\n"


def _declared(kind: str, attributes: list[Attribute]) -> str:
    return "".join(
        f'<key id="{each.key}" for="{kind}" attr.name="{each.name}" attr.type="{each.type}"/>\n' for each in attributes
    )


def _nodes(nodes: NodeSet, attributes: dict[str, Attribute], keys: Keys) -> Iterator[str]:
    first = f'<data key="{attributes["labels"].key}">{nodes.label}</data>'
    for batch in batches(nodes.table):
        rows = zip(
            keys.texts(batch["id"], nodes.label),
            texts_of(label_of(batch)),
            values(batch, attributes, _VALUE),
            strict=True,
        )
        yield "".join(
            f'<node id="{key}"><data key="label">{label}</data>{first}{given}</node>\n' for key, label, given in rows
        )


def _edges(edges: EdgeSet, attributes: dict[str, Attribute], keys: Keys) -> Iterator[str]:
    first = f'<data key="{attributes["type"].key}">{edges.type}</data>'
    for batch in batches(both_ways(edges)):
        ends = (keys.texts(batch["source"], edges.start), keys.texts(batch["target"], edges.end))
        yield "".join(
            f'<edge source="{source}" target="{target}">{first}{given}</edge>\n'
            for source, target, given in zip(*ends, values(batch, attributes, _VALUE), strict=True)
        )
