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
from influence_graph.app.lift.records import LiftRecords, together
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
        daily: unit, date and value; without units for one series.
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


_NOTHING = pd.DataFrame(columns=list(COLUMNS))


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
            result = self._estimate(own, design, near)
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
            others=tuple(f"{each.text} on {each.day}" for each in near.of(own)),
            notes=notes,
            names=names,
            exposure=design.exposure if design else _NOTHING,
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
        """Return which segments are compared with which, or that it is one series."""
        units = self._records.segments(own.brand)
        if not set(own.segments) & set(units):
            whole = ("None of its segments is one of those counted: the brand as a whole is looked at.",)
            daily, made = self._records.daily(own.brand)
            return _Design(daily, (), (), _NOTHING, (*(whole if own.segments else ()), *made))
        daily, made = self._records.daily(own.brand, units)
        units = tuple(sorted(set(daily["unit"])))
        treated = tuple(name for name in own.segments if name in units)
        if not treated:
            message = f"none of its segments ({', '.join(own.segments)}) has the days that are compared"
            raise InputError(message, remedy="give the rows of all their days")
        found = met(units, treated, near.near, self._records.sights, self._parameters.exposed)
        missing = ", ".join(name for name in own.segments if name not in units)
        notes = (*made, *found.notes, *found.sentences())
        notes = (*notes, f"Nothing is counted in {missing}, where it was, too.") if missing else notes
        if len(treated) + len(found.left_out) < len(units):
            return _Design(daily, treated, found.left_out, found.frame, notes)
        alone = "No other segment is left to compare with: its own are looked at as one series."
        return _Design(together(daily[daily["unit"].isin(treated)]), (), (), found.frame, (*notes, alone))

    def _estimate(self, own: Campaign, design: _Design, near: Others) -> SeriesLift | PanelLift:
        """Return the estimate by the design that fits, without the declared days of earlier campaigns.

        Days after the declared ones are not looked at.
        """
        days, first = self._parameters.days, design.daily["date"].min().date()
        if own.day <= first:
            message = f"the campaign on {own.day} is not after the first day of what is counted, {first}"
            raise InputError(message, remedy="give the days before it")
        daily = design.daily[design.daily["date"] <= pd.Timestamp(own.end(days))]
        options: dict[str, Any] = {"start": own.day, "days": days, "skip": near.spans(own, days)}
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
