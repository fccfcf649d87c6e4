"""The brand view from a store: reads what the brand's bonds depend on, and no more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from influence_graph.analyses.brand.neighbors import Audiences
from influence_graph.analyses.brand.view import BrandRecords, brand_view
from influence_graph.app.jobs.scores import require
from influence_graph.model.graph import GraphKind
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.model.records import BRANDS, CAMPAIGNS, PEOPLE, SALES, TIES, RecordKind
from influence_graph.stores.base import InteractionFilter, Store

if TYPE_CHECKING:
    import pandas as pd

    from influence_graph.analyses.brand.view import BrandView


@dataclass(frozen=True)
class BrandRequest:
    """How brands are viewed.

    Attributes:
        policy: Parameters of the scores.
        as_of: The time as of which all is calculated; None: the latest.
        recovery_days: How long the recovery of a complaint may take.
    """

    policy: FusionPolicy = field(default_factory=FusionPolicy)
    as_of: datetime | None = None
    recovery_days: float = 30.0


def view_brands(store: Store, brands: Iterable[str], request: BrandRequest) -> list[BrandView]:
    """Return the view of each of *brands*, all at the same time.

    Raises:
        NotFound: A brand is not in the store, or nothing happened with it yet.
    """
    wanted = list(brands)
    require(store, BRANDS, wanted)
    as_of = request.as_of or store.latest()
    records = BrandRecords(
        people=_frame(store, PEOPLE, ["id", "kind", "followers"]),
        ties=_frame(store, TIES, ["source", "target", "kind"]),
        sales=_frame(store, SALES),
        campaigns=_frame(store, CAMPAIGNS),
        audiences=_audiences(store, as_of),
    )
    return [
        brand_view(
            store.interactions(InteractionFilter(around=[brand])),
            brand,
            as_of=as_of,
            policy=request.policy,
            records=records,
            recovery=timedelta(days=request.recovery_days),
        )
        for brand in wanted
    ]


def _frame(store: Store, kind: RecordKind, columns: list[str] | None = None) -> pd.DataFrame | None:
    tables = [table.select(columns) if columns else table for table in store.records(kind)]
    return pa.concat_tables(tables).to_pandas() if tables else None


def _audiences(store: Store, as_of: datetime | None) -> Audiences:
    """Return the number of consumers per brand, from the edges between them."""
    graph = store.graph(GraphKind.INTERACTIONS, as_of)
    if graph.labels is None or not graph.number_of_nodes:
        return Audiences({}, 0)
    source = np.repeat(np.arange(graph.number_of_nodes), np.diff(graph.indptr))
    is_brand = graph.labels == "Brand"
    from_brand = is_brand[source]
    consumer = np.where(from_brand, graph.indices, source).astype(np.int64)
    brand = np.where(from_brand, source, graph.indices)
    pairs = np.unique(consumer * graph.number_of_nodes + brand)
    count = np.bincount(pairs % graph.number_of_nodes, minlength=graph.number_of_nodes)
    audiences = dict(zip(graph.ids[is_brand].tolist(), count[is_brand].tolist(), strict=True))
    return Audiences(audiences, np.unique(consumer).size)
