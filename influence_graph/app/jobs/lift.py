"""Lift: by how much each campaign of a store raised what is counted, each with its uncertainty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import pandas as pd
import pyarrow as pa

from influence_graph.analyses.lift.lags import LEVEL
from influence_graph.analyses.lift.series_result import CANNOT_TELL, UNCLEAR
from influence_graph.app.jobs.estimate import ResourceEstimate
from influence_graph.app.jobs.job import Inputs, Job, Progress, Record
from influence_graph.app.lift.campaign import CampaignLiftParameters, lift_of_campaign
from influence_graph.errors import InputError, NotFound
from influence_graph.model.parameters import LiftJobParameters, recorded
from influence_graph.model.records import CAMPAIGNS
from influence_graph.model.results import LIFT, ResultKind
from influence_graph.stores.base import Reader, Snapshot
from influence_graph.text import count_text

_SAME = ["brand", "at", "kind", "note"]  # what the events of one campaign share; each has its segment
_KEPT = [name for name in LIFT.schema.names if name not in ("campaign", "lift")]
_SECONDS_PER_CAMPAIGN, _BYTES_PER_RECORD = 1.0, 500
_SHOWN_REASONS = 3


@dataclass(frozen=True, eq=False)
class LiftInputs(Inputs):
    """What lift is estimated from.

    Attributes:
        records: What was read of the store.
        campaigns: A row per campaign: brand, at, kind, note, and its events (event_id, a tuple).
        sizes: Number of records of each kind.
        digest: Digest of all records.
    """

    records: Any
    campaigns: pd.DataFrame
    sizes: Mapping[str, int]
    digest: str


@dataclass(frozen=True, eq=False)
class Lifted:
    """The lift of every campaign.

    Attributes:
        table: A row per campaign, in the order of their days: events (a tuple of ids), kind, note, brand, day, and what
            is told of its lift: lift, low, high, relative, relative_low, relative_high, p, status, days, outcome,
            design, lag, lag_low, lag_high, reason.
    """

    table: pd.DataFrame

    @property
    def tested(self) -> int:
        """How many campaigns have a p."""
        return int(self.table["p"].notna().sum())

    @property
    def clear(self) -> int:
        """How many campaigns clearly raised or lowered what is counted."""
        return int((~self.table["status"].isin([UNCLEAR, CANNOT_TELL])).sum())

    def sentences(self) -> list[str]:
        """Return how many campaigns were tested, how many would look clear by chance alone, and why others were not."""
        campaigns = count_text(len(self.table), "campaign")
        lines = [f"Of {campaigns} {self.tested:,} could be tested, and {self.clear:,} made a clear difference."]
        if self.tested:
            alone = f"{LEVEL * self.tested:.2g}"
            lines.append(f"By chance alone about {alone} of {self.tested:,} would look clear, at {LEVEL:.0%} each.")
        reasons = Counter(self.table["reason"].dropna())
        lines += [f"{count_text(many, 'campaign')}: {why}." for why, many in reasons.most_common(_SHOWN_REASONS)]
        if len(reasons) > _SHOWN_REASONS:
            others = sum(reasons.values()) - sum(many for _, many in reasons.most_common(_SHOWN_REASONS))
            lines.append(f"{count_text(others, 'campaign')} cannot be told for other reasons.")
        return lines


class LiftJob(Job[LiftJobParameters, LiftInputs, Lifted]):
    """Estimate the lift of all campaigns. A run keeps a row for each event of each."""

    def kind(self, parameters: LiftJobParameters) -> ResultKind:
        """Return the row of lift."""
        del parameters
        return LIFT

    def read(self, view: Snapshot, parameters: LiftJobParameters) -> LiftInputs:
        """Read campaigns, what is counted, and who sees whom."""
        del parameters
        events = pa.concat_tables([CAMPAIGNS.schema.empty_table(), *view.records(CAMPAIGNS)]).to_pandas()
        if not len(events):
            message = f"the store {view.url} holds no campaigns"
            raise InputError(message, remedy="ingest some first: `influence-graph ingest campaigns.csv`")
        return LiftInputs(_Held(view), campaigns_of(events), view.counts(), view.digest())

    def estimate(self, inputs: LiftInputs, parameters: LiftJobParameters) -> ResourceEstimate:
        """Return the estimate, from the number of campaigns."""
        del parameters
        sizes = inputs.sizes
        memory = sum(sizes.values()) * _BYTES_PER_RECORD
        return ResourceEstimate(sizes["people"], sizes["ties"], len(inputs.campaigns) * _SECONDS_PER_CAMPAIGN, memory)

    def calculate(self, inputs: LiftInputs, parameters: LiftJobParameters, progress: Progress | None = None) -> Lifted:
        """Estimate each; *progress* is called with the number of campaigns done, and of all.

        What one of them lacks is its reason; the others are estimated all the same.
        """
        options = {each.name: getattr(parameters, each.name) for each in fields(CampaignLiftParameters)}
        asked = CampaignLiftParameters(**options)
        rows = []
        for place, campaign in enumerate(inputs.campaigns.itertuples(index=False), 1):
            told = _told(inputs.records, campaign.events[0], campaign.at.date(), asked)
            rows.append({**campaign._asdict(), **told})
            if progress is not None:
                progress((place, len(inputs.campaigns)))
        return Lifted(pd.DataFrame(rows))

    def record(self, inputs: LiftInputs, parameters: LiftJobParameters, outcome: Lifted) -> Record:
        """Return a row per event of each campaign, and how many could be tested."""
        counts = {"campaigns": len(outcome.table), "tested": outcome.tested, "clear": outcome.clear}
        kept = outcome.table.explode("events").rename(columns={"events": "campaign"})
        table = pa.Table.from_pandas(kept[LIFT.schema.names], LIFT.schema, preserve_index=False)
        return Record(inputs.digest, {**recorded(parameters), **counts}, table)


def campaigns_of(events: pd.DataFrame) -> pd.DataFrame:
    """Return a row per campaign of the *events*, records of campaigns: those that differ by their segment are one."""
    shared = events.assign(**{name: events[name].fillna("") for name in ("kind", "note")})
    groups = shared.sort_values("event_id").groupby(_SAME, sort=False)["event_id"].agg(tuple).rename("events")
    ordered: pd.DataFrame = groups.reset_index().sort_values(["at", "events"], ignore_index=True)
    return ordered


def _told(records: Any, campaign: str, day: date, asked: CampaignLiftParameters) -> dict[str, Any]:
    """Return what is told of the lift of *campaign*, or why it cannot be; *day* is that of its record."""
    try:
        row = lift_of_campaign(records, campaign, asked).row()
    except (InputError, NotFound) as error:
        known = {"status": CANNOT_TELL, "reason": error.message, "days": asked.days, "outcome": asked.outcome}
        return {**dict.fromkeys(["lift", *_KEPT]), **known, "day": day}
    return {**{name: row[name] for name in _KEPT}, "lift": row["total"], "day": row["day"]}


class _Held:
    def __init__(self, view: Reader) -> None:
        self.url = view.url
        self._tables = {name: list(view.records(name)) for name in ("campaigns", "sales")}

    def records(self, kind: Any) -> Any:
        return iter(self._tables[kind.name])
