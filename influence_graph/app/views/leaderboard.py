"""All brands of a store side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from influence_graph.analyses.brand.leaderboard import BrandLeaderboard, brand_leaderboard
from influence_graph.app.lookups import names_of
from influence_graph.app.views.again import at, commands
from influence_graph.model.names import NodeNames
from influence_graph.reports.pages.again import Origin
from influence_graph.stores.base import InteractionFilter, Store

if TYPE_CHECKING:
    from influence_graph.model.parameters import LeaderboardParameters


@dataclass(frozen=True, eq=False)
class NamedLeaderboard:
    """The brands of a store side by side, their names, and where the figures come from."""

    board: BrandLeaderboard
    names: NodeNames
    origin: Origin


def view_brands_together(store: Store, parameters: LeaderboardParameters) -> NamedLeaderboard:
    """Return all brands of *store* side by side, from one snapshot.

    Raises:
        InputError: The store holds no interactions, or there is no such order.
    """
    with store.snapshot() as view:
        as_of = parameters.as_of or view.latest()
        table = view.interactions(InteractionFilter(as_of=as_of))
        board = brand_leaderboard(table, as_of=as_of, policy=parameters.policy, by=parameters.by)
        words = ["brands", "--by", parameters.by, "--top", "0", *at(board.as_of), "-o", "brands.html"]
        again = commands(view, parameters.policy, [*words, "--format", "csv"])
        return NamedLeaderboard(board, names_of(view, board.brands), Origin(view.url, again, board.digest))
