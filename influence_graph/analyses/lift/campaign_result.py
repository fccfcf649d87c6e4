"""The result: what a campaign of a store did, with what else was going on."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from influence_graph.analyses.lift.panel_result import PREDICTIVE, PanelLift
from influence_graph.analyses.lift.series_result import CANNOT_TELL, HIGHER, LOWER, SeriesLift
from influence_graph.analyses.result import Displayed
from influence_graph.errors import InputError
from influence_graph.model.json_values import json_value
from influence_graph.model.names import BRAND, NodeNames
from influence_graph.text import count_text

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

    from influence_graph.analyses.intervals import Estimate
    from influence_graph.analyses.lift.lags import Onset

_NAMED = 3
_COUNTED = {"sales": "Sales of", "interactions": "Interactions with", "sentiment": "Sentiment toward"}


@dataclass(frozen=True, eq=False, repr=False)
class CampaignLift(Displayed):
    """What a campaign did to what is counted of its brand.

    Attributes:
        campaign: Event id that was asked for.
        campaigns: Event ids of all records of the campaign, in order.
        brand: Id of its brand.
        day: Its day, the first of the declared ones.
        kind: Its kind, "" for none.
        segments: Segments of its records, in order; none where it names none.
        result: The estimate; None where there is none, and ``reason`` says why.
        second: For one series, an estimate with other brands as donors beside it; None where there is none.
        reason: Why it cannot be told; None where it can.
        remedy: What to do about that; "" where nothing can be said.
        others: Other campaigns of the brand whose declared days and its own overlap, in its segments, as sentences call
            them: what each did cannot be told apart.
        notes: What else is to be known, a sentence each.
        names: Names of the brands.
        exposure: Per segment with people: segment, people, seeing (of them, somebody of a treated segment), share, and
            left_out (why it is no donor, "" where it is one, or treated); no rows for one series.
        parameters: The parameters, as JSON values.
    """

    campaign: str
    campaigns: tuple[str, ...]
    brand: str
    day: date
    kind: str
    segments: tuple[str, ...]
    result: SeriesLift | PanelLift | None
    second: PanelLift | None
    reason: str | None
    remedy: str
    others: tuple[str, ...]
    notes: tuple[str, ...]
    names: NodeNames
    exposure: pd.DataFrame
    parameters: Mapping[str, Any]

    @property
    def status(self) -> str:
        """``higher``, ``lower``, ``no clear change`` or ``cannot tell``."""
        return CANNOT_TELL if self.result is None else self.result.status

    @property
    def digest(self) -> str:
        """Digest of what was counted; "" where there is no estimate."""
        return "" if self.result is None else self.result.digest

    @property
    def design(self) -> str | None:
        """Which design it was, ``one series`` or ``few treated``; None where there is no estimate."""
        return None if self.result is None else str(self.result.parameters["design"]).partition(":")[0]

    @property
    def onset(self) -> Onset | None:
        """When the effect began, where there is a clear one and that can be told."""
        if self.status not in (HIGHER, LOWER):
            return None
        series = self.result.beside if isinstance(self.result, PanelLift) else self.result
        told = isinstance(series, SeriesLift) and series.onset is not None and series.onset.clear
        return series.onset if told and isinstance(series, SeriesLift) else None

    def told(self) -> SeriesLift | PanelLift:
        """Return the estimate.

        Raises:
            InputError: There is none; the message says why.
        """
        if self.result is None:
            raise InputError(self.reason or "there is no estimate", remedy=self.remedy)
        return self.result

    def title(self, names: NodeNames | None = None) -> str:
        """Return in words what is looked at: what is counted, of whom, after what."""
        brand = (names or self.names).text(BRAND, self.brand)
        counted = str(self.parameters["outcome"])
        outcome = _COUNTED.get(counted, f"Interactions ({counted}) with")
        what = f"{self.kind or 'campaign'} {self.campaign}"
        where = f" in {_some(self.segments)}" if self.segments else ""
        return f"{outcome} {brand} after the {what}{where}"

    def sentences(self) -> list[str]:
        """Return the findings in words."""
        if self.result is None:
            days = count_text(self.parameters["days"], "declared day")
            return [f"Over the {days} from {self.day} it cannot be told: {self.reason}."]
        lines = [*self.result.sentences(), *self._began()]
        if self.second is not None:
            donors = count_text(len(self.second.weights), "other brand")
            first = self.second.sentences()[0]
            lines = [*lines, f"Against {donors}, a second opinion: {first}"]
        return lines

    def _began(self) -> list[str]:
        """Return when the effect on several segments began; one series says so itself."""
        if not isinstance(self.result, PanelLift) or self.status not in (HIGHER, LOWER):
            return []
        if self.onset is None:
            return ["When it began cannot be told."]
        first, last = self.onset.lags[0], self.onset.lags[-1]
        day = f"day {self.onset.likeliest} ({first} to {last})"
        return [f"By the {PREDICTIVE} it began on {day}; day 0 is that of the campaign."]

    def to_frame(self) -> pd.DataFrame:
        """Return a row per day up to the last declared one, as the estimate has it.

        Raises:
            InputError: There is no estimate.
        """
        frame = self.told().to_frame()
        midnights = frame["date"].dtype.kind == "M"
        return frame.assign(date=frame["date"].dt.date) if midnights else frame

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as JSON values."""
        panel = self.result if isinstance(self.result, PanelLift) else None
        values = {
            **self.row(),
            "brand_name": self.names.of(BRAND, self.brand),
            "kind": self.kind or None,
            "campaigns": self.campaigns,
            "segments": self.segments,
            "sentences": self.sentences(),
            "notes": self.notes,
            "estimates": None if panel is None else panel.estimates.to_dict("records"),
            "weights": None if panel is None else panel.weights.to_dict("records"),
            "exposure": self.exposure.to_dict("records"),
            "daily": [] if self.result is None else self.to_frame().to_dict("records"),
            "parameters": self.parameters,
        }
        plain: dict[str, Any] = json_value(values)
        return plain

    def row(self) -> dict[str, Any]:
        """Return the findings as one row; None stands for what cannot be told.

        campaign, brand, day, days, outcome, status, design, total, low, high (of the total over all declared days),
        relative, relative_low, relative_high (in percent of what would have been), p, lag, lag_low, lag_high (days from
        the campaign to the beginning of a clear effect), reason, others (how many).
        """
        estimate = None if self.result is None else self.result.total
        relative = None if self.result is None else self.result.relative
        total, low, high = _ends(estimate)
        percent, percent_low, percent_high = _ends(relative)
        onset = self.onset
        reason = self.reason or (self.result.reason if isinstance(self.result, SeriesLift) else None)
        return {
            "campaign": self.campaign,
            "brand": self.brand,
            "day": self.day,
            "days": self.parameters["days"],
            "outcome": self.parameters["outcome"],
            "status": self.status,
            "design": self.design,
            "total": total,
            "low": low,
            "high": high,
            "relative": percent,
            "relative_low": percent_low,
            "relative_high": percent_high,
            "p": None if self.result is None else self.result.p,
            "lag": None if onset is None else onset.likeliest,
            "lag_low": None if onset is None else onset.lags[0],
            "lag_high": None if onset is None else onset.lags[-1],
            "reason": reason,
            "others": len(self.others),
        }

    def _figures(self) -> Mapping[str, object]:
        row = self.row()
        return {
            name: row[name] for name in ("campaign", "status", "total", "low", "high", "p") if row[name] is not None
        }


def _ends(estimate: Estimate | None) -> tuple[float | None, float | None, float | None]:
    """Return value, low and high; None for what is not finite, or without an estimate."""
    if estimate is None:
        return None, None, None
    value, low, high = (each if math.isfinite(each) else None for each in (estimate.value, estimate.low, estimate.high))
    return value, low, high


def _some(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    return f"{', '.join(names[:_NAMED])}{more}"
