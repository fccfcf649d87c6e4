"""The plots of a brand and of the parts of its view."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from influence_graph.model.names import BRAND, NodeNames
from influence_graph.reports.charts.bonds import distribution
from influence_graph.reports.charts.brand import interval_dots, lorenz_curve, trend, value_bars
from influence_graph.reports.charts.touchpoints import valence_bars
from influence_graph.reports.results.parts import require_rows, titled
from influence_graph.reports.words import display_name, node_labels, printable, range_text

if TYPE_CHECKING:
    from influence_graph.analyses.brand.carriers import Carriers
    from influence_graph.analyses.brand.giving import Giving
    from influence_graph.analyses.brand.health import Health
    from influence_graph.analyses.brand.judgment import Judgment
    from influence_graph.analyses.brand.leaderboard import BrandLeaderboard
    from influence_graph.analyses.brand.neighbors import Neighbors
    from influence_graph.analyses.brand.profit import Profit
    from influence_graph.analyses.brand.view import BrandView
    from influence_graph.analyses.brand.votes import Votes
    from influence_graph.reports.plots import Plot

_BRANDS = 15  # drawn


def view(result: BrandView, names: NodeNames) -> Plot:
    """Return the sum of a brand's bonds over time with its campaigns, or their distribution where no time is seen."""
    name = display_name(names, BRAND, result.brand)
    line = result.health.trend
    if line["at"].nunique() > 1:
        plot = trend(line.assign(shown=name), list(result.campaigns["at"]))
        return titled(plot, f"{name}: {plot.title[0].lower()}{plot.title[1:]}")
    return titled(health(result.health, names), f"{name}: distribution of bonds")


def leaderboard(result: BrandLeaderboard, names: NodeNames) -> Plot:
    """Return the mean bond of the first brands with its interval."""
    known = result.brands.dropna(subset=["mean_bond", "mean_bond_low", "mean_bond_high"])
    require_rows(len(known), "of no brand there are ten bonds, so that none has a mean bond with an interval")
    first = known.head(_BRANDS)
    ids = first["brand"].astype(str).tolist()
    ends = {"value": first["mean_bond"], "low": first["mean_bond_low"], "high": first["mean_bond_high"]}
    rows = pd.DataFrame({**ends, "shown": node_labels(names, [BRAND] * len(ids), ids, 26)})
    left, few = len(result.brands) - len(first), len(result.brands) - len(known)
    note = f"{left:,} more brands are not drawn; {few:,} have too few bonds." if left else ""
    return titled(interval_dots(rows, "mean bond (points)", "Brands by their mean bond"), "Brands: mean bond", note)


def health(result: Health, names: NodeNames) -> Plot:
    """Return the distribution of the bonds."""
    del names
    require_rows(result.count, "the brand has no bonds")
    return distribution(result.bonds["fusion_score"].to_numpy(), 780, 230)


def judgment(result: Judgment, names: NodeNames) -> Plot:
    """Return the valence of what consumers did, by touchpoint."""
    del names
    rows = result.touchpoints
    require_rows(len(rows), "no interaction of a consumer is judged")
    return valence_bars(rows.assign(shown=[printable(name).replace("_", " ") for name in rows["touchpoint"]]))


def votes(result: Votes, names: NodeNames) -> Plot:
    """Return the share of votes against the brand, by feet, wallet and voice."""
    del names
    rows = result.frame.dropna(subset=["share"])
    require_rows(len(rows), "too few votes for an estimate")
    dots = rows.assign(shown=rows["vote"], value=rows["share"])
    return interval_dots(dots, "share of the votes against the brand", "Votes against the brand")


def giving(result: Giving, names: NodeNames) -> Plot:
    """Return how many interactions of consumers were paid for, were not, and of how many it is not on record."""
    del names
    counts = {"paid for": result.paid, "not paid for": result.meant, "not on record": result.unstated}
    require_rows(sum(counts.values()), "no interaction of a consumer counts")
    bars = pd.DataFrame({"shown": list(counts), "value": [float(count) for count in counts.values()]})
    return value_bars(bars, "interactions", "Paid and meant", ",.0f")


def profit(result: Profit, names: NodeNames) -> Plot:
    """Return customers by the number of days on which they bought."""
    del names
    rows = result.frequency
    require_rows(len(rows), "no purchase is on record")
    shown = [range_text(low, high) for low, high in zip(rows["from"], rows["to"], strict=True)]
    bars = pd.DataFrame({"shown": shown, "value": rows["customers"].astype(float)})
    return value_bars(bars, "customers", "Customers by days with a purchase", ",.0f")


def carriers(result: Carriers, names: NodeNames) -> Plot:
    """Return how the bonds above 0 are concentrated."""
    del names
    require_rows(result.count, "no bond is above 0")
    return lorenz_curve(result.lorenz)


def neighbors(result: Neighbors, names: NodeNames) -> Plot:
    """Return the brands that share the most consumers."""
    rows = result.brands[result.brands["shared"] > 0].head(20)
    require_rows(len(rows), "no other brand shares a consumer")
    ids = rows["brand"].astype(str).tolist()
    shown = node_labels(names, [BRAND] * len(ids), ids, 26)
    bars = pd.DataFrame({"shown": shown, "value": rows["shared"].astype(float)})
    return value_bars(bars, "shared consumers", "Consumers of both", ",.0f")
