"""``lift``: whether it raised what is counted, by how much, and what a next campaign could show."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pandas as pd

from influence_graph.analyses.lift.lift import lift as lift_of
from influence_graph.analyses.lift.panel_result import PanelLift
from influence_graph.analyses.lift.series_result import SeriesLift
from influence_graph.app.jobs.job import read, run
from influence_graph.app.jobs.lift import LiftJob
from influence_graph.app.lift.calibrate import calibrate as worth_of_points
from influence_graph.app.lift.campaign import lift_of_campaign
from influence_graph.app.lift.plan import plan_of_brand
from influence_graph.cli import tables
from influence_graph.cli.options import (
    FILE,
    ShareType,
    check_plot,
    estimate_option,
    format_option,
    parameter,
    plot_option,
    policy_of,
    policy_options,
    store_option,
    top_option,
)
from influence_graph.cli.output import chosen_format, emit, note, progress, save_plot, show_estimate, tell
from influence_graph.cli.stopping import keeping
from influence_graph.cli.texts import TextType
from influence_graph.errors import InputError
from influence_graph.ingest.side_tables import read_daily
from influence_graph.model.json_values import json_text
from influence_graph.model.names import BRAND, NO_NAMES
from influence_graph.model.parameters import CampaignLiftParameters
from influence_graph.reports.results import lift as drawn
from influence_graph.stores.base import Store

if TYPE_CHECKING:
    from influence_graph.analyses.lift.campaign_result import CampaignLift
    from influence_graph.analyses.lift.staggered_result import StaggeredLift
    from influence_graph.app.lift.calibrate import Calibration
    from influence_graph.app.lift.plan import BrandPlan

_JOB = LiftJob()
_DATE = click.DateTime(["%Y-%m-%d"])
days_option = parameter(
    CampaignLiftParameters,
    "days",
    type=click.IntRange(min=1),
    help="How many days are counted, from the first one on; declare them before you look at the data.",
)
outcome_option = parameter(
    CampaignLiftParameters,
    "outcome",
    metavar="WHAT",
    help="What is counted: sales, interactions, sentiment (the sum of their valence), or a kind of interaction.",
)
exposed_option = parameter(
    CampaignLiftParameters,
    "exposed",
    type=ShareType(),
    metavar="SHARE",
    help="A segment is compared with nobody if this share of its people, or more, see somebody of a treated one.",
)
seed_option = parameter(
    CampaignLiftParameters, "seed", type=click.IntRange(min=0), help="Random seed of what is drawn."
)


@click.group(epilog="Example: influence-graph lift campaign concert")
def lift() -> None:
    """Tell whether a campaign raised what is counted, and by how much it was more than without it.

    Name the days that count before you look at the data: whoever looks where sales were highest, and then tests these
    days, finds effects that are not there.
    """


@lift.command(
    epilog="Examples: influence-graph lift campaign concert; influence-graph lift campaign concert --days 7"
    " --plot concert.svg"
)
@click.argument("id_", type=TextType(), metavar="ID")
@days_option
@outcome_option
@exposed_option
@seed_option
@plot_option
@store_option
@format_option
def campaign(id_: str, plot: Path | None, store: Store, format_: str | None, **options: Any) -> None:
    """Tell what the campaign ID did to the sales of its brand.

    Its segments are compared with others of the brand that did not meet it: those whose people see the treated ones
    are left out. Without such segments its days are compared with those before. json and jsonl give everything as one
    object; csv and parquet give one row per day.
    """
    check_plot(plot)
    with store.snapshot() as view:
        found = lift_of_campaign(view, id_, CampaignLiftParameters(**options))
    found.told()
    for line in found.notes:
        note(line)
    if plot:
        save_plot(plot, drawn.campaign(found, found.names))
    _print_campaign(found, format_)


@lift.command("all", epilog="Examples: influence-graph lift all; influence-graph lift all --days 7 --write")
@days_option
@outcome_option
@exposed_option
@seed_option
@click.option("--write", is_flag=True, help="Keep them as the current ones.")
@top_option
@estimate_option
@store_option
@format_option
def every(write: bool, top: int | None, only_estimate: bool, store: Store, format_: str | None, **options: Any) -> None:
    """Tell what each campaign of the store did, as `lift campaign` does for one.

    Of campaigns without any effect 5 % look clear by chance alone: the more are tested, the more of them.
    """
    parameters = CampaignLiftParameters(**options)
    if only_estimate:
        show_estimate(_JOB.estimate(read(_JOB, store, parameters), parameters), format_)
        return
    with keeping(write), progress() as bars:
        on_progress = None if bars is None else lambda done: bars("campaigns", *done)
        found = run(_JOB, store, parameters, write=write, notify=note, progress=on_progress)
    for line in [*found.sentences(), *found.reasons()]:
        note(line)
    emit(found.table, format_, top=top, table=tables.lifts(found.table), names=store)


def _print_campaign(found: CampaignLift, format_: str | None) -> None:
    chosen = chosen_format(format_)
    if _whole(found.to_dict, chosen):
        return
    if chosen == "table":
        click.echo(f"{found.title()}: {found.status}")
        _tell(found.sentences())
        emit(_declared(found.to_frame()), chosen, top=0)
    else:
        own = pd.DataFrame({"campaign": found.campaign, "brand": found.brand}, index=found.to_frame().index)
        emit(found.names.beside(own.join(found.to_frame())), chosen, top=0)


@lift.command(
    epilog="Examples: influence-graph lift panel days.csv --start 2026-06-06 --days 14;"
    " influence-graph lift panel shops.csv --treated north --start 2026-06-06 --days 14 --exposed east"
)
@click.argument("path", type=FILE, metavar="FILE")
@click.option(
    "--treated",
    multiple=True,
    type=TextType(),
    metavar="UNIT[=DATE]",
    help="A unit that the event reached, from its own date on where one is given. Repeatable.",
)
@click.option("--start", "begin", type=_DATE, metavar="DATE", help="First day of the event.")
@click.option(
    "--days", type=click.IntRange(min=1), required=True, help="How many days are counted, from the first one on."
)
@click.option(
    "--exposed",
    multiple=True,
    type=TextType(),
    metavar="UNIT",
    help="A unit that met a part of the event; it is compared with nobody. Repeatable.",
)
@plot_option
@format_option
def panel(
    path: Path,
    treated: tuple[str, ...],
    begin: date | None,
    days: int,
    exposed: tuple[str, ...],
    plot: Path | None,
    format_: str | None,
) -> None:
    """Tell what an event did to the daily values in FILE: the columns date and value, and unit for rows by unit.

    Without units it is one series, compared with its own days before. With units, those that are treated are compared
    with the others. It needs no store.
    """
    check_plot(plot)
    frame = read_daily(path)
    start = None if begin is None else pd.Timestamp(begin).date()
    found = lift_of(frame, days=days, exposed=exposed, **_event(frame, treated, start))
    if plot:
        save_plot(plot, _drawn(found))
    chosen = chosen_format(format_)
    if _whole(lambda: _plain(found), chosen):
        return
    if chosen == "table":
        _tell(found.sentences())
        emit(_declared(found.to_frame()), chosen, top=0)
    else:
        emit(_dates(found.to_frame()), chosen, top=0)


def _event(frame: pd.DataFrame, treated: tuple[str, ...], start: date | None) -> dict[str, Any]:
    """Return who met the event when, as the door of the library takes it."""
    if not any(_dated(each)[1] for each in treated):
        if start is None:
            raise InputError("the event has no first day", remedy="give --start DATE, or --treated UNIT=DATE")
        if "unit" in frame and not treated:
            raise InputError("the file has units, and none is named as treated", remedy="name each: --treated UNIT")
        return {"start": start, "treated": treated or None}
    if "unit" not in frame:
        raise InputError("the file has no column 'unit', and units are named", remedy="leave out --treated")
    starts: dict[str, date] = {}
    for each in treated:
        unit, own = _dated(each)
        if unit in starts:
            raise InputError(f"the unit {unit!r} is given twice", remedy="name each once")
        if own is None and start is None:
            raise InputError(f"the unit {unit!r} has no first day", remedy=f"give --treated {unit}=DATE, or --start")
        starts[unit] = own or start  # type: ignore[assignment]
    return {"start": starts}


def _dated(given: str) -> tuple[str, date | None]:
    """Return the unit and the date of ``UNIT=DATE``; what has none is a unit whole."""
    unit, separator, text = given.rpartition("=")
    try:
        return (unit, date.fromisoformat(text)) if separator else (given, None)
    except ValueError:
        return given, None


@lift.command(epilog="Example: influence-graph lift plan --brand sweater --days 14 --effect 20%")
@click.option("--brand", type=TextType(), metavar="BRAND", required=True, help="Whose campaign is planned.")
@days_option
@click.option("--effect", type=ShareType(), metavar="SHARE", help="A rise to ask about, such as 10% or 0.1.")
@outcome_option
@plot_option
@store_option
@format_option
def plan(
    brand: str, days: int, effect: float | None, outcome: str, plot: Path | None, store: Store, format_: str | None
) -> None:
    """Tell which rise a next campaign of BRAND could show, and which segments to hold out of it.

    Segments to hold out come by rank: those whose days follow those of the others best, and whose people see the
    fewest of the others. json and jsonl give everything as one object; csv and parquet give the segments, or where
    there are none one row per number of days.
    """
    check_plot(plot)
    with store.snapshot() as view:
        found = plan_of_brand(view, brand, days, effect, outcome)
    for line in found.notes:
        note(line)
    if plot:
        save_plot(plot, drawn.plan(found.plan, found.names))
    _print_plan(found, format_)


def _print_plan(found: BrandPlan, format_: str | None) -> None:
    chosen = chosen_format(format_)
    if _whole(found.to_dict, chosen):
        return
    frame = found.segments if len(found.segments) else found.plan.to_frame()
    if chosen == "table":
        click.echo(found.names.text(BRAND, found.brand))
        _tell(found.sentences())
        if not len(found.segments):
            return
    emit(frame, chosen, top=0)


@lift.command(epilog="Example: influence-graph lift calibrate --days 7")
@days_option
@exposed_option
@seed_option
@policy_options
@store_option
@format_option
def calibrate(days: int, exposed: float, seed: int, store: Store, format_: str | None, **policy: Any) -> None:
    """Tell what a Fusion point is worth in sales, by all campaigns of the store.

    The points of a campaign are what the sum of its brand's Fusion Scores changed by over its days. It takes six
    campaigns or more. json and jsonl give everything as one object; csv and parquet give one row per campaign.
    """
    parameters = CampaignLiftParameters(days=days, exposed=exposed, seed=seed)
    chosen_policy = policy_of(policy, store)
    with store.snapshot() as view:
        found = worth_of_points(view, parameters, chosen_policy)
    _print_worth(found, format_)


def _print_worth(found: Calibration, format_: str | None) -> None:
    chosen = chosen_format(format_)
    if _whole(found.to_dict, chosen):
        return
    if chosen == "table":
        _tell(found.sentences())
    emit(found.names.beside(found.campaigns), chosen, top=0)


def _whole(everything: Any, chosen: str) -> bool:  # noqa: ANN401 - what returns JSON values
    """Print what *everything* returns as one object, where the format has one; return whether it does."""
    if chosen not in ("json", "jsonl"):
        return False
    click.echo(json_text(everything(), ensure_ascii=False, indent=None if chosen == "jsonl" else 1))
    return True


def _tell(sentences: list[str]) -> None:
    for sentence in sentences:
        tell(sentence, "  ")


def _declared(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows and columns of *frame* that a table shows: of the declared days."""
    if "window" in frame:
        frame = frame[frame["window"]].drop(columns="window")
    elif "day" in frame:
        kept = ["date", "actual", "counterfactual", "gap", "gap_low", "gap_high"]
        frame = frame.loc[frame["day"] >= 0, kept]
    return _dates(frame).reset_index(drop=True)


def _dates(frame: pd.DataFrame) -> pd.DataFrame:
    """Return *frame* with dates in place of their midnights."""
    midnights = [name for name in ("date", "group") if name in frame and frame[name].dtype.kind == "M"]
    return frame.assign(**{name: frame[name].dt.date for name in midnights})


def _drawn(found: SeriesLift | PanelLift | StaggeredLift) -> Any:  # noqa: ANN401 - a plot
    if isinstance(found, SeriesLift):
        return drawn.series(found, NO_NAMES)
    return drawn.panel(found, NO_NAMES) if isinstance(found, PanelLift) else drawn.staggered(found, NO_NAMES)


def _plain(found: SeriesLift | PanelLift | StaggeredLift) -> dict[str, Any]:
    """Return the findings as values of one object."""
    estimates = {"total": found.total, "relative": found.relative}
    return {
        "status": found.status,
        **{name: None if each is None else vars(each) for name, each in estimates.items()},
        "p": found.p,
        "sentences": found.sentences(),
        "days": _dates(found.to_frame()).to_dict("records"),
        "parameters": found.parameters,
    }
