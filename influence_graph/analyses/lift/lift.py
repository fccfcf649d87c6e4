"""One door to the designs of lift: what is given says which of them it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from influence_graph.analyses.lift.panel import panel_lift
from influence_graph.analyses.lift.panel_result import PanelLift
from influence_graph.analyses.lift.series import series_lift
from influence_graph.analyses.lift.series_result import SeriesLift
from influence_graph.analyses.lift.staggered import staggered_lift
from influence_graph.analyses.lift.staggered_result import StaggeredLift
from influence_graph.analyses.lift.unit_days import names_of, unit_days
from influence_graph.errors import InputError
from influence_graph.model.frames import as_table
from influence_graph.model.parameters import PanelLiftParameters, SeriesLiftParameters, StaggeredLiftParameters
from influence_graph.text import count_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from influence_graph.analyses.lift.skipped import Spans
    from influence_graph.analyses.lift.unit_days import UnitDays
    from influence_graph.model.frames import Frame
    from influence_graph.model.times import Day

    Options = SeriesLiftParameters | PanelLiftParameters | StaggeredLiftParameters
    Names = Iterable[str] | str
    More = tuple[Names, Spans, Options | None]
    """Who was exposed, the days to skip, and the options."""

_Result = TypeVar("_Result", SeriesLift, PanelLift, StaggeredLift)
_Chosen = TypeVar("_Chosen", SeriesLiftParameters, PanelLiftParameters, StaggeredLiftParameters)
_NEEDED = "date", "value"


def lift(  # noqa: PLR0913 - the records and the event first, what each design needs by name
    records: Frame,
    *,
    start: Day | int | Mapping[str, Day | int | None],
    days: int,
    treated: Iterable[str] | str | None = None,
    exposed: Iterable[str] | str = (),
    controls: Sequence[str] = (),
    skip: Iterable[tuple[Day | int, Day | int]] = (),
    options: SeriesLiftParameters | PanelLiftParameters | StaggeredLiftParameters | None = None,
) -> SeriesLift | PanelLift | StaggeredLift:
    """Return by how much an event raised what is counted, by the design that fits what is given.

    - Columns date and value: one series, :func:`~influence_graph.analyses.lift.series.series_lift`.
    - Columns unit, date and value, and *treated*: few treated units,
      :func:`~influence_graph.analyses.lift.panel.panel_lift`. The same if *start* is given by unit, and all on one
      date.
    - Columns unit, date and value, and *start* by unit, on two dates or more: a staggered design,
      :func:`~influence_graph.analyses.lift.staggered.staggered_lift`.

    ``parameters["design"]`` of the result says which it was, and why. Records cannot tell that chance decided who meets
    the event, or that campaigns were repeated: for these call
    :func:`~influence_graph.analyses.lift.randomized.randomized_panel_lift` and
    :func:`~influence_graph.analyses.lift.overlap.repeated_lift` by name.

    Args:
        records: One row per day (date, value), or per unit and date (unit, date, value); without gaps.
        start: First date of the event, or that of each unit that meets it; None, or a date after the last row: it does
            not.
        days: Length of the horizon from the start on, in days. Name it before you look at the data.
        treated: Unit or units that the event reached; leave it out where *start* names them.
        exposed: Units that met the event in part; they are compared with nobody.
        controls: Columns that follow the one series, and that the event did not touch.
        skip: Spans of days before the event on which something else happened to what is counted, such as another
            campaign: the first and the last day of each, both included. They are not used. Not for a staggered design.
        options: Of the design: ``SeriesLiftParameters``, ``PanelLiftParameters`` or ``StaggeredLiftParameters``.

    Raises:
        InputError: The design cannot be told, what is given does not go with it, or as for the function of the design.
        NotFound: A unit is not in the records.

    Example:
        >>> import numpy as np
        >>> import pandas as pd
        >>> from influence_graph.analyses.lift.lift import lift
        >>> dates = pd.date_range("2026-01-01", periods=70)
        >>> value = 20 + np.random.default_rng(0).normal(size=70) + 3.0 * (np.arange(70) >= 60)
        >>> found = lift({"date": dates, "value": value}, start="2026-03-02", days=10)
        >>> found.status, found.parameters["design"]
        ('higher', 'one series: the records have no column unit')
    """
    table = as_table(records, "records", ("unit", *_NEEDED, *controls), _NEEDED, ids=("unit",))
    if "unit" not in table.column_names:
        when = _of_one_series(start, treated, exposed)
        chosen = _fitting(options, SeriesLiftParameters)
        made = series_lift(table, start=when, days=days, controls=controls, skip=skip, options=chosen)
        return _said(made, "one series: the records have no column unit")
    if controls:
        message = "controls are columns beside one series, the records have units"
        raise InputError(message, remedy="leave them out: units without the event are what is compared with")
    panel = unit_days(table)
    if isinstance(start, Mapping):
        return _by_unit(panel, start, days, (_none_named(treated, exposed), skip, options))
    if treated is None:
        message = "the design cannot be told: the records have units, and none is named as treated"
        raise InputError(message, remedy='name them, treated=["north"], or give the start of each, start={"north": …}')
    return _few(panel, names_of(treated), start, days, (exposed, skip, options))


def _of_one_series(start: Day | int | Mapping[str, Day | int | None], treated: Names | None, exposed: Names) -> Day:
    """Return *start*; what is of units is refused."""
    units = isinstance(start, Mapping) or treated is not None or len(names_of(exposed)) > 0
    if units or isinstance(start, Mapping | int):
        named = "units are named" if units else f"start is the number {start}"
        remedy = "give the rows a column unit, or leave units out" if units else "give a date, such as 2026-11-21"
        raise InputError(f"the records have no column 'unit', and {named}", remedy=remedy)
    return start


def _none_named(treated: Names | None, exposed: Names) -> Names:
    """Return *exposed*; who is treated must not be named twice."""
    if treated is not None:
        message = "treated is given beside a start for each unit"
        raise InputError(message, remedy="leave treated out: those with a start are treated")
    return exposed


def _by_unit(
    panel: UnitDays, starts: Mapping[str, Day | int | None], days: int, more: More
) -> PanelLift | StaggeredLift:
    """Return the lift of units with a start each: few treated if it is the same, else staggered."""
    exposed, skip, options = more
    panel.indices_of(starts, "the unit")
    given = {unit: each for unit, each in starts.items() if each is not None}
    within = {unit: each for unit, each in given.items() if panel.day_of(each, "start") <= panel.days[-1]}
    dates = {panel.day_of(each, "start"): each for each in within.values()}
    if not dates:
        message = "no unit has a start within the dates of the records"
        raise InputError(message, remedy="give the first date of each unit that meets the event")
    if len(dates) == 1:
        (same,) = dates.values()
        return _few(panel, list(within), same, days, more)
    if list(skip):
        message = f"days to skip are given, and units begin on {len(dates):,} dates"
        raise InputError(message, remedy="leave skip out, or look at the units of each date by themselves")
    chosen = _fitting(options, StaggeredLiftParameters)
    made = staggered_lift(panel, starts=starts, days=days, exposed=exposed, options=chosen)
    return _said(made, f"staggered: {count_text(len(within), 'unit')} begin on {len(dates):,} dates")


def _few(panel: UnitDays, treated: list[str], start: Day | int, days: int, more: More) -> PanelLift:
    """Return the lift of few treated units."""
    exposed, skip, options = more
    chosen = _fitting(options, PanelLiftParameters)
    made = panel_lift(panel, treated=treated, start=start, days=days, exposed=exposed, skip=skip, options=chosen)
    return _said(made, f"few treated: {count_text(len(treated), 'unit')}, all from one date on")


def _fitting(options: Options | None, kind: type[_Chosen]) -> _Chosen | None:
    """Return *options*, which must be of *kind* if there are any."""
    if options is None or isinstance(options, kind):
        return options
    message = f"options is a {type(options).__name__}, must be a {kind.__name__} for this design"
    raise InputError(message, remedy="leave them out for the defaults")


def _said(result: _Result, design: str) -> _Result:
    """Return *result* with what design it is, and why, among its parameters."""
    return replace(result, parameters={**result.parameters, "design": design})
