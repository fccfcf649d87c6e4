"""What a campaign of a store did: the lift of what is counted of its brand, with what the graph says of who met it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, cast

import pandas as pd

from influence_graph.analyses.checks import is_number, is_whole, require, seed_of
from influence_graph.analyses.lift.campaign_result import CampaignLift
from influence_graph.analyses.lift.lift import lift
from influence_graph.app.lift.brands import against_brands
from influence_graph.app.lift.campaigns import Campaign, Others, campaigns_in, others
from influence_graph.app.lift.met import COLUMNS, met
from influence_graph.app.lift.records import LiftRecords
from influence_graph.app.lookups import names_of
from influence_graph.app.lookups import require as require_record
from influence_graph.errors import InputError
from influence_graph.model.parameters import CampaignLiftParameters, SeriesLiftParameters
from influence_graph.model.records import CAMPAIGNS
from influence_graph.text import count_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from influence_graph.analyses.lift.panel_result import PanelLift
    from influence_graph.analyses.lift.series_result import SeriesLift
    from influence_graph.model.names import NodeNames
    from influence_graph.stores.base import Snapshot


def lift_of_campaign(view: Snapshot, campaign: str, parameters: CampaignLiftParameters) -> CampaignLift:
    """Return what the campaign did to what is counted of its brand, over the days declared from its own on.

    Records of the same brand, day, kind and note are one campaign. Where what is counted has segments and the campaign
    names some of them, these are compared with the brand's other segments; left out are those whose people see the
    treated ones, and those with another campaign of the brand in these days. Else the brand as a whole is one series.
    What cannot be estimated, for too few days or nothing to compare, has the status ``cannot tell`` and its reason.

    Args:
        view: One state of a store.
        campaign: Event id of the campaign, or of one of its records.
        parameters: What is counted, over how many days.

    Raises:
        NotFound: There is no such campaign, or no interaction of the kind that is counted.
        InputError: A parameter is out of its limits.
    """
    checked(parameters)
    require_record(view, CAMPAIGNS, [campaign])
    return CampaignLifts(view, parameters).of(campaign)


def lifts_of_campaigns(view: Snapshot, parameters: CampaignLiftParameters) -> Iterator[CampaignLift]:
    """Yield the lift of each campaign of the store, by day; records are read once for all.

    Raises:
        NotFound: There is no interaction of the kind that is counted.
        InputError: A parameter is out of its limits.
    """
    checked(parameters)
    made = CampaignLifts(view, parameters)
    for each in made.campaigns:
        yield made.of(each.ids[0])


def checked(parameters: CampaignLiftParameters) -> None:
    """Refuse *parameters* out of their limits."""
    days, share = parameters.days, parameters.exposed
    require(is_whole(days) and days >= 1, "days", days, "a whole number of 1 or more", "use 14")
    require(is_number(share) and 0 < share <= 1, "exposed", share, "above 0 and up to 1", "use 0.05")
    seed_of(parameters.seed)


@dataclass(frozen=True, eq=False)
class _Design:
    """What an estimate is made of.

    Attributes:
        daily: unit, date and value.
        treated: Units that met the campaign; none for one series.
        exposed: Units that are compared with nobody.
        exposure: Per segment who met what; see :mod:`influence_graph.app.lift.met`.
        notes: What is to be known of it.
    """

    daily: pd.DataFrame
    treated: tuple[str, ...]
    exposed: tuple[str, ...]
    exposure: pd.DataFrame
    notes: tuple[str, ...]


class CampaignLifts:
    """Lifts of campaigns of one snapshot, whose records are read once.

    Args:
        view: The snapshot; it must be open as long as lifts are asked for.
        parameters: What is counted, over how many days.
    """

    def __init__(self, view: Snapshot, parameters: CampaignLiftParameters) -> None:
        self._records, self._parameters = LiftRecords(view, parameters.outcome), parameters
        self.campaigns = campaigns_in(self._records.campaigns)
        self._by_id = {id_: each for each in self.campaigns for id_ in each.ids}

    def of(self, campaign: str) -> CampaignLift:
        """Return the lift of *campaign*, the event id of a record that there is."""
        own = self._by_id[campaign]
        near = others(own, self.campaigns, self._parameters.days)
        design, result, failed = None, None, None
        try:
            design = self._design(own, near)
            result = self._estimate(own, design)
        except InputError as error:
            failed = error
        names = names_of(self._records.view, pd.DataFrame({"brand": self._brands_shown(own)}))
        second, besides = self._second(own, result, names)
        notes = (*_recorded(own), *near.sentences(own), *(design.notes if design else ()), *besides)
        return CampaignLift(
            campaign=campaign,
            campaigns=own.ids,
            brand=own.brand,
            day=own.day,
            kind=own.kind,
            segments=own.segments,
            result=result,
            second=second,
            reason=None if failed is None else failed.message,
            remedy="" if failed is None else failed.remedy,
            notes=notes,
            names=names,
            exposure=design.exposure if design else pd.DataFrame(columns=list(COLUMNS)),
            parameters=asdict(self._parameters),
        )

    def _brands_shown(self, own: Campaign) -> list[str]:
        return [own.brand, *(self._records.brands if self._records.counts_sales and not own.segments else ())]

    def _second(
        self, own: Campaign, result: SeriesLift | PanelLift | None, names: NodeNames
    ) -> tuple[PanelLift | None, tuple[str, ...]]:
        """Return a second opinion on a campaign of the whole brand, where other brands allow one, and notes on it."""
        if own.segments or result is None or not self._records.counts_sales or len(self._records.brands) < 2:
            return None, ()
        return against_brands(self._records, own, self.campaigns, self._parameters.days, names)

    def _design(self, own: Campaign, near: Others) -> _Design:
        units = self._records.segments(own.brand)
        treated = tuple(name for name in own.segments if name in units)
        nothing = pd.DataFrame(columns=list(COLUMNS))
        if not treated:
            whole = ("None of its segments is one of those counted: the brand as a whole is looked at.",)
            daily, made = self._records.daily(own.brand)
            return _Design(daily, (), (), nothing, (*(whole if own.segments else ()), *made))
        found = met(units, treated, near.near, self._records.sights, self._parameters.exposed)
        exposed, notes = found.left_out, (*found.notes, *found.sentences())
        missing = [name for name in own.segments if name not in units]
        if missing:
            notes = (*notes, f"Nothing is counted in {', '.join(missing)}, where it was, too.")
        alone = len(treated) + len(exposed) == len(units)
        daily, made = self._records.daily(own.brand, treated if alone else units)
        if alone:
            notes = (*notes, "No other segment is left to compare with: its own are looked at as one series.")
            daily = daily.groupby("date", as_index=False)["value"].sum().assign(unit="")
        return _Design(daily, () if alone else treated, exposed, found.frame, (*notes, *made))

    def _estimate(self, own: Campaign, design: _Design) -> SeriesLift | PanelLift:
        """Return the estimate by the design that fits; days after the declared ones are not looked at."""
        daily = design.daily[design.daily["date"] <= own.end(self._parameters.days)]
        options: dict[str, Any] = {"start": own.day, "days": self._parameters.days}
        if design.treated:
            return cast("PanelLift", lift(daily, treated=design.treated, exposed=design.exposed, **options))
        seeded = SeriesLiftParameters(seed=self._parameters.seed)
        return cast("SeriesLift", lift(daily[["date", "value"]], options=seeded, **options))


def _recorded(own: Campaign) -> list[str]:
    lines = []
    if len(own.ids) > 1:
        where = f", in {count_text(len(own.segments), 'segment')}" if own.segments else ""
        lines.append(f"It was recorded as {len(own.ids):,} events{where}.")
    if own.in_utc:
        lines.append("Its day is taken in UTC.")
    return lines
