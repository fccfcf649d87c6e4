"""Campaigns of a brand for its pages, on both stores."""

from __future__ import annotations

import pandas as pd

from influence_graph.app.jobs.job import run
from influence_graph.app.jobs.lift import LiftJob
from influence_graph.app.views.brand import view_brands
from influence_graph.app.views.campaigns import campaigns_of, with_interactions
from influence_graph.app.views.explain import read_bond
from influence_graph.model.parameters import BrandParameters, CampaignLiftParameters, ExplainParameters
from influence_graph.stores.base import Store
from tests.app.jobs.conftest import embedded, store
from tests.app.jobs.small import DAY, add
from tests.app.jobs.test_lift import with_sales

__all__ = ["embedded", "store"]


def test_a_campaign_of_several_records_is_one_with_its_interactions_and_its_lift(store: Store) -> None:
    with_sales(store)
    with store.snapshot() as view:
        plain = campaigns_of(view, "bolt", None)
        counted = with_interactions(view, "bolt", plain, None)
    assert plain.columns.tolist() == ["campaign", "at", "kind"]
    assert plain.to_numpy().tolist() == [["c-north", pd.Timestamp(DAY.replace(day=4)), "concert"]]
    assert counted[["before", "after"]].to_numpy().tolist() == [[2, 0]]
    run(LiftJob(), store, CampaignLiftParameters(days=7), write=True)
    add(store, "campaigns", {"event_id": "late", "brand": "bolt", "at": DAY.replace(day=9)})
    with store.snapshot() as view:
        told = campaigns_of(view, "bolt", None)
        assert campaigns_of(view, "bolt", DAY.replace(day=5))["campaign"].tolist() == ["c-north"]
        assert "lift" not in campaigns_of(view, "bolt", None, with_lift=False)
        assert campaigns_of(view, "dot", None).empty
    assert told["campaign"].tolist() == ["c-north", "late"]
    assert told["status"].tolist()[0] == "higher"
    assert told["status"].isna().tolist() == [False, True]


def test_pages_of_a_brand_and_a_bond_have_those_of_their_time(embedded: Store) -> None:
    with_sales(embedded)
    run(LiftJob(), embedded, CampaignLiftParameters(days=7), write=True)
    drawn = view_brands(embedded, ["bolt"], BrandParameters(), drawn=True).campaigns
    assert drawn is not None
    assert drawn[["campaign", "before", "after", "status"]].to_numpy().tolist() == [["c-north", 2, 0, "higher"]]
    assert view_brands(embedded, ["bolt"], BrandParameters()).campaigns is None
    earlier = view_brands(embedded, ["bolt"], BrandParameters(as_of=DAY.replace(day=6)), drawn=True).campaigns
    assert earlier is not None
    assert "lift" not in earlier
    with embedded.snapshot() as view:
        bond = read_bond(view, ExplainParameters("ann", "bolt"))
    shown = bond.story().campaigns
    assert shown is not None
    assert shown["campaign"].tolist() == ["c-north"]
