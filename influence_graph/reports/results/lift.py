"""The plots of lift: of a campaign, of one series, of few treated units, of a staggered design, and of a plan."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from influence_graph.analyses.lift.panel_result import PanelLift
from influence_graph.model.names import BRAND
from influence_graph.reports.charts.lift import Course, course, effects_by_day, power_curve
from influence_graph.text import count_text

if TYPE_CHECKING:
    from influence_graph.analyses.lift.campaign_result import CampaignLift
    from influence_graph.analyses.lift.plan import LiftPlan
    from influence_graph.analyses.lift.series_result import SeriesLift
    from influence_graph.analyses.lift.staggered_result import StaggeredLift
    from influence_graph.model.names import NodeNames
    from influence_graph.reports.plots import Plot


def campaign(result: CampaignLift, names: NodeNames) -> Plot:
    """Return the plot of its estimate, under what was looked at."""
    made = result.told()
    drawn = panel(made, names) if isinstance(made, PanelLift) else series(made, names)
    known = names if names.of(BRAND, result.brand) else result.names
    return replace(drawn, title=f"{result.title(known)}: {result.status}")


def series(result: SeriesLift, names: NodeNames) -> Plot:
    """Return actual and counterfactual days, and their gap with the band that holds all days at once."""
    del names
    table = result.to_frame()
    frame = table[["date", "day", "actual", "counterfactual", "gap"]].assign(
        low=table["counterfactual_low"],
        high=table["counterfactual_high"],
        gap_low=table["all_low"],
        gap_high=table["all_high"],
    )
    note = " ".join(result.sentences()[:2])
    return course(Course(frame, "95 % of all days at once"), f"Lift of one series: {result.status}", note)


def panel(result: PanelLift, names: NodeNames) -> Plot:
    """Return actual and counterfactual of the treated units, and the gap per unit among those of placebos."""
    del names
    table = result.to_frame()
    units = len(result.parameters["treated"])
    window = table["window"].to_numpy()
    frame = table[["date", "actual", "counterfactual"]].assign(
        day=np.arange(len(table)) - int(np.argmax(window)),
        low=np.where(window, table["actual"] - table["high"], np.nan),
        high=np.where(window, table["actual"] - table["low"], np.nan),
        gap=table["gap"] / units,
        gap_low=np.where(window, table["low"], np.nan) / units,
        gap_high=np.where(window, table["high"], np.nan) / units,
    )
    measure = "gap" if units == 1 else "gap per unit"
    who = result.parameters["treated"][0] if units == 1 else f"{units:,} units"
    note = " ".join(result.sentences()[:2])
    return course(
        Course(frame, "95 % of each day", measure, result.placebo_gaps), f"Lift of {who}: {result.status}", note
    )


def plan(result: LiftPlan, names: NodeNames) -> Plot:
    """Return the chance to show an effect by its size, the smallest that is shown in 4 of 5 campaigns marked."""
    del names
    days = result.parameters["days"]
    in_percent = result.smallest_percent is not None
    axis = f"rise over {count_text(days, 'day')} ({'%' if in_percent else 'total'})"
    scale = "percent" if in_percent else "effect"
    curve = result.curve.assign(effect=result.curve[scale])[["effect", "power"]]
    marked = [(result.smallest_percent if in_percent else result.smallest, 0.8, "the smallest, in 4 of 5")]
    if result.power is not None:
        marked.append((100 * result.parameters["effect"], result.power, "asked about"))
    points = pd.DataFrame(marked, columns=["effect", "power", "shown"])
    return power_curve(curve, points, axis, " ".join(result.sentences()))


def staggered(result: StaggeredLift, names: NodeNames) -> Plot:
    """Return the effects by time from the start."""
    del names
    dated = pd.api.types.is_datetime64_any_dtype(result.table["group"])
    axis = f"{'days' if dated else 'periods'} from the start; below 0: before it"
    return effects_by_day(result.dynamic, axis, f"Lift by time: {result.status}", " ".join(result.sentences()))
