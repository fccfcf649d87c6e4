"""All brands of a store side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from influence_graph.analyses.brand.leaderboard import BrandLeaderboard, brand_leaderboard
from influence_graph.app.lookups import names_of
from influence_graph.model.names import NodeNames
from influence_graph.stores.base import InteractionFilter, Store

if TYPE_CHECKING:
    from influence_graph.model.parameters import LeaderboardParameters


@dataclass(frozen=True, eq=False)
class NamedLeaderboard:
    """The brands of a store side by side, and their names."""

    board: BrandLeaderboard
    names: NodeNames


def view_brands_together(store: Store, parameters: LeaderboardParameters) -> NamedLeaderboard:
    """Return all brands of *store* side by side, from one snapshot.

    Raises:
        InputError: The store holds no interactions, or there is no such order.
    """
    with store.snapshot() as view:
        as_of = parameters.as_of or view.latest()
        table = view.interactions(InteractionFilter(as_of=as_of))
        board = brand_leaderboard(table, as_of=as_of, policy=parameters.policy, by=parameters.by)
        return NamedLeaderboard(board, names_of(view, board.brands))
