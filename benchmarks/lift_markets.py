"""Lift in markets of known truth: ``python -m benchmarks.lift_markets --worlds 50``.

Per market: each single campaign over the 28 days declared from it on, as a panel of its brand's segments without those
that ties show as exposed (``clean``) and with them (``all``), as one series with the mean of the clean ones beside it
(``beside``), and as one series alone (``series``); its follows as one series; and the repeated campaigns, whose effects
overlap. Exposed are segments of which one person in twenty or more sees somebody of a treated segment: people and ties
say so, not the truth. Left out are segments with another campaign of the brand in these days, or tied to one; campaigns
whose own segments are such are counted as ``not alone`` and not looked at.

All in percent of what would have been sold: effect is the mean of the truths, bias the mean of the errors in percent of
it, for campaigns that do nothing the mean of the errors, and rmse their root mean square. Covered: how often the 95 %
interval holds the truth. False alarms: p up to .05 where nothing was done. Found: the same where something was. Lag:
within one day, where it is said when the effect began; strong effects are 3 standard deviations of a day or more.
"""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from influence_graph.analyses.lift.exposure import sights_of
from influence_graph.analyses.lift.overlap import repeated_lift
from influence_graph.analyses.lift.panel import panel_lift
from influence_graph.analyses.lift.panel_result import ALL, CLEAN, PREDICTIVE
from influence_graph.analyses.lift.series import series_lift
from influence_graph.analyses.lift.series_result import SeriesLift
from influence_graph.analyses.lift.unit_days import UnitDays
from influence_graph.errors import InputError
from influence_graph.ingest.markets import Market, MarketParameters, generate_market
from influence_graph.model.parameters import PanelLiftParameters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray


HORIZON, REPEATED_HORIZON = 28, 14
EXPOSED = 0.05
LEVEL = 0.05
STRONG = 3.0
"""Standard deviations of a day from which on an effect is strong."""
WAYS = ("clean", "all", "beside", "series", "follows")
_NAMES = {CLEAN: "clean", ALL: "all", PREDICTIVE: "beside"}


class Known:
    """What a market's records say, without its truth: sales by brand, and who met which campaign."""

    def __init__(self, market: Market) -> None:
        self.market = market
        self.segments = market.segment_ids
        self.days = (np.datetime64(market.parameters.start, "D") + np.arange(market.parameters.days)).astype(np.int64)
        campaigns = market.campaigns.astype({"campaign": str, "brand": str, "segment": str, "kind": str})
        self.first = campaigns.groupby("campaign").first()
        treated = pd.crosstab(campaigns["campaign"], campaigns["segment"]).reindex(columns=self.segments, fill_value=0)
        self.treated = treated.to_numpy() > 0
        self.met = self.treated | (reached(market, self.treated) >= EXPOSED)

    def panel(self, brand: str, kept: NDArray[np.bool_]) -> UnitDays:
        """Return the sales of *brand* in the segments *kept*."""
        values = self.market.sold[self.market.brand_ids.index(brand)].T
        return UnitDays(np.array(self.segments, dtype=object)[kept], self.days, values[:, kept], 1, dated=True)

    def near(self, place: int) -> NDArray[np.int64]:
        """Return the other campaigns of the brand less than a horizon before or after the campaign at *place*."""
        apart = (self.first["date"] - self.first["date"].iloc[place]).dt.days.abs().to_numpy()
        others = (self.first["brand"] == self.first["brand"].iloc[place]).to_numpy() & (apart < HORIZON)
        others[place] = False
        return np.flatnonzero(others)


def reached(market: Market, treated: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the share of each segment's people who see somebody of the *treated* segments, shape as *treated*."""
    return sights_of(market.people, market.ties).shares(treated)


def single(market: Market, known: Known) -> Iterator[dict[str, Any]]:
    """Yield a row per single campaign and way."""
    for place, one in enumerate(market.truth["campaigns"]):
        if one["repeated"]:
            continue
        treated, near = known.treated[place], known.near(place)
        others = known.met[near].any(axis=0)
        if (others & treated).any():
            yield {"way": "not alone"}
            continue
        yield from _single(known, place, one, ~others)


def _single(known: Known, place: int, one: dict[str, Any], kept: NDArray[np.bool_]) -> Iterator[dict[str, Any]]:
    market, treated, start = known.market, known.treated[place], known.first["date"].iloc[place].date()
    brand = market.brand_ids.index(one["brand"])
    sold = market.sold[brand][treated].sum(axis=0)
    begin = int((start - market.parameters.start).days)
    base = {"nothing": one["nothing"], "size": one["size"], "lag": one["lag"], "truth": one["caused_total"]}
    base["without"] = float(sold[begin : begin + HORIZON].sum()) - one["caused_total"]
    exposed = [name for name, hit in zip(known.segments, known.met[place] & ~treated, strict=True) if hit]
    try:
        lift = panel_lift(
            known.panel(one["brand"], kept),
            treated=one["segments"],
            start=start.isoformat(),
            days=HORIZON,
            exposed=exposed,
            options=PanelLiftParameters(placebos=False),
        )
    except InputError as error:
        yield base | {"way": "refused", "reason": str(error)}
    else:
        for row in lift.estimates.to_dict("records"):
            yield base | {"way": _NAMES[row["method"]]} | _scored(row, base["truth"]) | {"exposed": len(exposed)}
        if isinstance(lift.beside, SeriesLift):
            yield base | {"way": "lag beside"} | _dated(lift.beside, one)
    alone = series_lift(_daily(market, sold), start=start, days=HORIZON)
    yield from _of_series(alone, base, "series")
    yield base | {"way": "lag series"} | _dated(alone, one)
    follows = market.follow_counts[brand][treated].sum(axis=0)
    number = base | {"truth": one["follows_total"]}
    number["without"] = float(follows[begin : begin + HORIZON].sum()) - one["follows_total"]
    yield from _of_series(series_lift(_daily(market, follows), start=start, days=HORIZON), number, "follows")


def _of_series(lift: SeriesLift, base: dict[str, Any], way: str) -> Iterator[dict[str, Any]]:
    if lift.total is None:
        yield base | {"way": f"{way}: cannot tell"}
        return
    row = {"total": lift.total.value, "total_low": lift.total.low, "total_high": lift.total.high, "p": lift.p}
    yield base | {"way": way} | _scored(row, base["truth"])


def _scored(row: dict[str, Any], truth: float) -> dict[str, Any]:
    covered = row["total_low"] <= truth <= row["total_high"]
    return {"error": row["total"] - truth, "covered": covered, "seen": row["p"] <= LEVEL}


def _dated(lift: SeriesLift, one: dict[str, Any]) -> dict[str, Any]:
    """Return whether the lag is said, and how far it is off; how strong the effect is on its days."""
    if lift.onset is None:
        return {"said": False, "strength": "cannot tell"}
    if one["nothing"]:
        return {"said": lift.onset.clear, "strength": "nothing"}
    after = lift.table[lift.table["day"] >= 0]
    spread = float((after["counterfactual_high"] - after["counterfactual_low"]).mean()) / (2 * 1.96)
    return {
        "said": lift.onset.clear,
        "off": abs(lift.onset.likeliest - one["lag"]),
        "among": one["lag"] in lift.onset.lags,
        "strength": "strong" if one["caused_total"] / one["days"] / spread >= STRONG else "weaker",
    }


def _daily(market: Market, values: NDArray[Any], control: NDArray[Any] | None = None) -> pd.DataFrame:
    dates = pd.date_range(market.parameters.start, periods=values.size)
    frame = pd.DataFrame({"date": dates, "value": values.astype(float)})
    return frame if control is None else frame.assign(control=control)


def repeated(market: Market, known: Known) -> Iterator[dict[str, Any]]:
    """Yield a row per repeated kind, with the mean of the clean segments beside it and without."""
    rows = pd.DataFrame([one for one in market.truth["campaigns"] if one["repeated"]])
    for brand, campaigns in rows.groupby("brand") if len(rows) else ():
        places = [market.campaign_ids.index(each) for each in campaigns["id"]]
        treated, met = known.treated[places[0]], known.met[places].any(axis=0)
        sold = market.sold[market.brand_ids.index(brand)]
        truth = campaigns.groupby("kind")["caused_total"].mean()
        dates = known.first.iloc[places][["kind", "date"]]
        for way, controls in (("overlap", ("control",)), ("overlap alone", ())):
            daily = _daily(market, sold[treated].sum(axis=0), sold[~met].mean(axis=0))
            try:
                lift = repeated_lift(daily, dates, days=REPEATED_HORIZON, controls=controls)
            except InputError as error:
                yield {"way": "overlap refused", "reason": str(error)}
                continue
            if lift.reason is not None:
                yield {"way": "overlap cannot tell"}
                continue
            for kind in lift.totals.to_dict("records"):
                row = {"total": kind["total"], "total_low": kind["low"], "total_high": kind["high"], "p": kind["p"]}
                caused = float(truth[kind["kind"]])
                without = float(sold[treated].sum(axis=0).mean()) * REPEATED_HORIZON - caused
                base = {"way": way, "truth": caused, "without": without, "nothing": caused == 0}
                yield base | _scored(row, caused)


def figures(rows: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Return the figures by way."""
    found: dict[str, dict[str, Any]] = {}
    for way in (*WAYS, "overlap", "overlap alone"):
        mine = rows[rows["way"] == way]
        if not len(mine):
            continue
        mine = mine.assign(**{name: mine[name] / mine["without"].clip(lower=1.0) for name in ("error", "truth")})
        nothing = mine["nothing"].astype(bool)
        acts, idle = mine[~nothing], mine[nothing]
        found[way] = {
            "campaigns": len(mine),
            "effect %": _part(acts["truth"].sum(), len(acts), 100),
            "bias %": _part(acts["error"].sum(), acts["truth"].sum(), 100),
            "bias of nothing %": _part(idle["error"].sum(), len(idle), 100),
            "rmse %": _part(np.sqrt((mine["error"] ** 2).mean()), 1, 100),
            "covered": _part(mine["covered"].sum(), len(mine)),
            "false alarms": _part(idle["seen"].sum(), len(idle)),
            "nothing": len(idle),
            "found": _part(acts["seen"].sum(), len(acts)),
        }
    return found


def lags(rows: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Return how often the lag is said and right: of strong effects, of others, and of campaigns that do nothing."""
    found = {}
    for (way, strength), part in rows[rows["way"].str.startswith("lag ")].groupby(["way", "strength"]):
        said = part[part["said"].astype(bool)]
        known = part[part["off"].notna()]
        found[f"{way}, {strength}"] = {
            "campaigns": len(part),
            "said": _part(len(said), len(part)),
            "within 1": _part((said["off"] <= 1).sum(), said["off"].count()),
            "all within 1": _part((known["off"] <= 1).sum(), len(known)),
            "in its set": _part(known["among"].sum(), len(known)),
        }
    return found


def _part(part: float, whole: float, times: int = 1) -> float | None:
    return round(float(times * part / whole), 1 if times > 1 else 3) if whole else None


def one_market(parameters: MarketParameters) -> pd.DataFrame:
    """Return the rows of one market."""
    market = generate_market(parameters)
    known = Known(market)
    return pd.DataFrame([*single(market, known), *repeated(market, known)]).assign(seed=parameters.seed)


def line(rows: pd.DataFrame, seconds: float) -> str:
    """Return what is said of one market."""
    by_way = figures(rows)
    parts = [f"{way} {each['bias %']} % {each['covered']} {each['false alarms']}" for way, each in by_way.items()]
    return f"seed {rows['seed'].iloc[0]}: {'; '.join(parts)}; {seconds:.1f} s"


def main() -> None:
    """Print a line per market, and the figures of all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", type=int, default=3)
    parser.add_argument("--first", type=int, default=1, help="seed of the first market")
    parser.add_argument("--spillover", type=float, default=MarketParameters().spillover)
    given = parser.parse_args()
    print("per way: bias of those that act, covered, false alarms of those that do nothing")
    parts = []
    for seed in range(given.first, given.first + given.worlds):
        start = time.process_time()
        parts.append(one_market(MarketParameters(seed=seed, spillover=given.spillover)))
        print(line(parts[-1], time.process_time() - start), flush=True)
    rows = pd.concat(parts, ignore_index=True)
    print(pd.DataFrame(figures(rows)).T.to_string())
    print(pd.DataFrame(lags(rows)).T.to_string())
    ways = {*WAYS, "overlap", "overlap alone", "lag beside", "lag series"}
    print(rows.loc[~rows["way"].isin(ways), "way"].value_counts().to_dict())


if __name__ == "__main__":
    main()
