"""The brand view from a store: reads what the brand's bonds depend on, and no more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from influence_graph.analyses.brand.neighbors import Audiences
from influence_graph.analyses.brand.view import BrandRecords, BrandView, brand_view
from influence_graph.analyses.fusion.scores import fusion_scores
from influence_graph.app.lookups import names_of, require
from influence_graph.app.views.again import at, commands, length
from influence_graph.app.views.campaigns import campaigns_of, with_interactions
from influence_graph.app.views.network import read_network
from influence_graph.model.csr import row_of_each
from influence_graph.model.graph import GraphKind
from influence_graph.model.names import BRAND, NodeNames
from influence_graph.model.parameters import BrandParameters
from influence_graph.model.records import BRANDS, CAMPAIGNS, PEOPLE, SALES, TIES, RecordKind
from influence_graph.reports.pages.again import NO_ORIGIN, Origin
from influence_graph.reports.pages.parts import Network
from influence_graph.stores.base import InteractionFilter, Reader, Store

_DRAWN = 1_000  # nodes of a neighborhood at most


@dataclass(frozen=True, eq=False)
class BrandViews:
    """The views of some brands at the same time.

    Attributes:
        views: One per brand.
        names: Names of the brands and people that they show.
        origin: Where the figures come from, the commands that give them again, and the network where it is drawn.
        campaigns: Those of the first, with interactions around them and their lift; None where they are not drawn.
    """

    views: list[BrandView]
    names: NodeNames
    origin: Origin = NO_ORIGIN
    campaigns: pd.DataFrame | None = None


def view_brands(store: Store, brands: Iterable[str], parameters: BrandParameters, *, drawn: bool = False) -> BrandViews:
    """Return the view of each of *brands*, all at the same time and from one snapshot.

    Args:
        store: Where the records are.
        brands: Ids of brands.
        parameters: How to view them.
        drawn: Whether the neighborhood and the campaigns of the first will be drawn.

    Raises:
        NotFound: a brand is not in the store, or nothing happened with it yet.
    """
    wanted = list(brands)
    with store.snapshot() as view:
        require(view, BRANDS, wanted)
        as_of = parameters.as_of or view.latest()
        records = _records(view, as_of)
        around = {brand: view.interactions(InteractionFilter(around=[brand], history=True)) for brand in wanted}
    options: dict[str, Any] = {
        "as_of": as_of,
        "policy": parameters.policy,
        "records": records,
        "recovery": parameters.recovery,
        "horizon": parameters.horizon,
    }
    views = [brand_view(table, brand, **options) for brand, table in around.items()]
    with store.snapshot() as view:  # whom they show is known only now
        names = names_of(view, *(frame for each in views for frame in _shown(each)))
        network = _network(view, wanted[0], around[wanted[0]], parameters) if drawn else None
        again = commands(view, parameters.policy, _words(wanted, parameters, as_of))
        shown = None
        if drawn:
            campaigns = campaigns_of(view, wanted[0], as_of, with_lift=parameters.as_of is None)
            shown = with_interactions(view, wanted[0], campaigns, as_of)
        return BrandViews(views, names, Origin(view.url, again, views[0].digest, network), shown)


def _words(brands: list[str], parameters: BrandParameters, as_of: datetime | None) -> list[str]:
    """Return the command that gives the views again."""
    compared = [word for brand in brands[1:] for word in ("--compare", brand)]
    spans = ["--recovery", length(parameters.recovery), "--horizon", length(parameters.horizon)]
    return ["brand", brands[0], *compared, *spans, *at(as_of), "-o", "brand.html", "--format", "json"]


def _network(view: Reader, brand: str, interactions: pa.Table, parameters: BrandParameters) -> Network | None:
    """Return the consumers of *brand* and their bonds, by the *interactions* of all of them."""
    scores = fusion_scores(interactions, parameters.as_of or view.latest(), parameters.policy)
    return read_network(view, around=[(BRAND, brand)], bonds=scores, most_nodes=_DRAWN)


def named(view: BrandView, names: NodeNames) -> dict[str, Any]:
    """Return all of *view* as JSON values, with *names* beside the ids of its brands and people."""
    carried = replace(view.carriers, strongest=names.beside(view.carriers.strongest))
    near = replace(view.neighbors, brands=names.beside(view.neighbors.brands))
    values = replace(view, carriers=carried, neighbors=near).to_dict()
    return {"brand": view.brand, "brand_name": names.of(BRAND, view.brand), **values}


def _shown(view: BrandView) -> list[pd.DataFrame]:
    """Return the frames of *view* that hold ids of people and brands."""
    return [pd.DataFrame({"brand": [view.brand]}), view.carriers.strongest, view.neighbors.brands]


def _records(view: Reader, as_of: datetime | None) -> BrandRecords:
    return BrandRecords(
        people=_table(view, PEOPLE, ["id", "kind", "followers"]),
        ties=_table(view, TIES, ["source", "target", "kind"]),
        sales=_table(view, SALES),
        campaigns=_table(view, CAMPAIGNS),
        audiences=_audiences(view, as_of),
    )


def _table(view: Reader, kind: RecordKind, columns: list[str] | None = None) -> pa.Table | None:
    tables = [table.select(columns) if columns else table for table in view.records(kind)]
    return pa.concat_tables(tables) if tables else None


def _audiences(view: Reader, as_of: datetime | None) -> Audiences:
    """Return the number of consumers per brand, from the edges between them."""
    graph = view.graph(GraphKind.INTERACTIONS, as_of)
    if graph.labels is None or not graph.number_of_nodes:
        return Audiences({}, 0)
    source = row_of_each(graph.indptr)
    is_brand = graph.labels == BRAND
    from_brand = is_brand[source]
    consumer = np.where(from_brand, graph.indices, source).astype(np.int64)
    brand = np.where(from_brand, source, graph.indices)
    pairs = np.unique(consumer * graph.number_of_nodes + brand)
    count = np.bincount(pairs % graph.number_of_nodes, minlength=graph.number_of_nodes)
    audiences = dict(zip(graph.ids[is_brand].tolist(), count[is_brand].tolist(), strict=True))
    return Audiences(audiences, np.unique(consumer).size)
