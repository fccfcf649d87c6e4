"""GEXF 1.2, which Gephi opens; see https://gexf.net/1.2/gexf-12draft-primer.pdf.

A node has its name as label, its label as the attribute ``labels``, a color by it, and a size by its PageRank where
that is kept. The weight of a bond is its distance from 0, because Gephi takes no weights below 0; its sign is an
attribute and its color.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from influence_graph.app.graph_files.contents import Contents, EdgeSet, NodeSet
from influence_graph.app.graph_files.values import label_of
from influence_graph.app.graph_files.xml import Attribute, Keys, attributes_of, batches, both_ways, texts_of, values
from influence_graph.model.names import BRAND, CONSUMER
from influence_graph.model.results import RANK
from influence_graph.version import __version__

_HEAD = f"""<?xml version="1.0" encoding="UTF-8"?>
<gexf xmlns="http://www.gexf.net/1.2draft" xmlns:viz="http://www.gexf.net/1.2draft/viz" version="1.2">
<meta><creator>influence_graph {__version__}</creator></meta>
<graph mode="static" defaultedgetype="directed">
"""
_VALUE = '<attvalue for="KEY" value="VALUE"/>'
_COLORS = {CONSUMER: (33, 136, 166), BRAND: (140, 111, 192)}
_SIGNS = {1: (33, 136, 166), -1: (208, 90, 58)}
_LEAST, _MOST = 4.0, 40.0  # sizes of nodes


def lines(contents: Contents) -> Iterator[str]:
    """Yield the file of *contents*, piece by piece."""
    keys = Keys.of(contents)
    of_nodes = attributes_of(contents.nodes, "labels", ("id",))
    of_edges = attributes_of(contents.edges, "type", ("source", "target", "weight"))
    yield _HEAD + _declared("node", of_nodes) + _declared("edge", of_edges) + "<nodes>\n"
    for nodes in contents.nodes:
        yield from _nodes(nodes, of_nodes, keys)
    yield "</nodes>\n<edges>\n"
    number = 0
    for edges in contents.edges:
        for batch in batches(both_ways(edges)):
            yield _edges(edges, batch, of_edges, keys, number)
            number += batch.num_rows
    yield "</edges>\n</graph>\n</gexf>\n"


def _declared(kind: str, attributes: dict[str, Attribute]) -> str:
    inside = "".join(f'<attribute id="{a.key}" title="{a.name}" type="{a.type}"/>\n' for a in attributes.values())
    return f'<attributes class="{kind}">\n{inside}</attributes>\n'


def _nodes(nodes: NodeSet, attributes: dict[str, Attribute], keys: Keys) -> Iterator[str]:
    scores = nodes.table[RANK.neo4j].to_numpy() if RANK.neo4j in nodes.table.column_names else np.zeros(0)
    top = float(np.nanmax(scores)) if scores.size else 0.0
    first = f'<attvalue for="{attributes["labels"].key}" value="{nodes.label}"/>'
    red, green, blue = _COLORS[nodes.label]
    color = f'<viz:color r="{red}" g="{green}" b="{blue}"/>'
    for batch in batches(nodes.table):
        sizes = _sizes(batch, top)
        rows = zip(
            keys.texts(batch["id"], nodes.label),
            texts_of(label_of(batch)),
            values(batch, attributes, _VALUE),
            sizes,
            strict=True,
        )
        yield "".join(
            f'<node id="{key}" label="{label}"><attvalues>{first}{given}</attvalues>{color}{size}</node>\n'
            for key, label, given, size in rows
        )


def _sizes(batch: pa.Table, top: float) -> list[str]:
    """Return the size of each node: its area grows with its PageRank; nothing where none is kept."""
    if not top > 0:
        return [""] * batch.num_rows
    share = np.nan_to_num(batch[RANK.neo4j].to_numpy()) / top
    return [f'<viz:size value="{size:.2f}"/>' for size in _LEAST + (_MOST - _LEAST) * np.sqrt(np.clip(share, 0, 1))]


def _edges(edges: EdgeSet, batch: pa.Table, attributes: dict[str, Attribute], keys: Keys, number: int) -> str:
    first = f'<attvalue for="{attributes["type"].key}" value="{edges.type}"/>'
    colors = [""] * batch.num_rows
    if "sign" in batch.column_names:
        drawn = {sign: '<viz:color r="{}" g="{}" b="{}"/>'.format(*color) for sign, color in _SIGNS.items()}
        colors = [drawn.get(sign, "") for sign in batch["sign"].to_pylist()]
    rows = zip(
        keys.texts(batch["source"], edges.start),
        keys.texts(batch["target"], edges.end),
        texts_of(batch["weight"]),
        values(batch, attributes, _VALUE),
        colors,
        strict=True,
    )
    return "".join(
        f'<edge id="{place}" source="{source}" target="{target}" weight="{weight}">'
        f"<attvalues>{first}{given}</attvalues>{color}</edge>\n"
        for place, (source, target, weight, given, color) in enumerate(rows, number)
    )
