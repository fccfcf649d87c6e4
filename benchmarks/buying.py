"""How well purchases of a held-out half year of CDNOW are foretold: by the model of buying, recency and the score.

Run ``python -m benchmarks.buying [FOLDER OF CDNOW]``, by default ``../shared/data/cdnow``.
"""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from influence_graph.analyses.brand.bonds import brand_ledger
from influence_graph.analyses.brand.buying import fit_buying
from influence_graph.analyses.brand.customers import customers_until
from influence_graph.analyses.brand.forecast import forecast
from influence_graph.analyses.brand.risk import at_risk
from influence_graph.analyses.fusion.scores import fusion_scores
from influence_graph.analyses.interactions.ledger import read_ledger
from influence_graph.analyses.intervals import estimate_text
from influence_graph.model.policy.policy import FusionPolicy
from tests.public_data import BESIDE_THE_PROJECT

SPLIT, DAYS = pd.Timestamp("1997-12-31T23:00:00Z"), 181
HALF_LIVES = (np.inf, 365.0, 180.0, 90.0)


def cdnow(folder: Path) -> pd.DataFrame:
    """Return the purchases as interactions."""
    names = ["consumer", "date", "count", "value"]
    given = pd.read_csv(
        folder / "CDNOW_master.txt", sep=r"\s+", skiprows=1, names=names, dtype={"consumer": str, "date": str}
    )
    at = pd.to_datetime(given.pop("date"), utc=True)
    events = [f"e{n}" for n in range(len(given))]
    return given.drop(columns="count").assign(at=at, brand="cdnow", kind="purchase", event_id=events, currency="USD")


def bought_after(records: pd.DataFrame, consumers: pd.Series) -> np.ndarray:
    """Return the number of days with a purchase after the split, of each of *consumers*."""
    later = records[records["at"] > SPLIT].drop_duplicates(["consumer", "at"])
    return later.groupby("consumer").size().reindex(consumers, fill_value=0).to_numpy()


def auc(score: np.ndarray, outcome: np.ndarray) -> float:
    """Return the probability that one with the outcome has the greater score; ties count half."""
    rank, with_it = rankdata(score), int(outcome.sum())
    return float((rank[outcome].sum() - with_it * (with_it + 1) / 2) / (with_it * (outcome.size - with_it)))


def deciles(predicted: np.ndarray, outcome: np.ndarray) -> pd.DataFrame:
    """Return mean prediction and share with the outcome by tenth of the prediction, ties in random order."""
    shuffled = np.random.default_rng(0).permutation(predicted.size)
    tenth = np.empty(predicted.size, np.int64)
    tenth[shuffled[np.argsort(predicted[shuffled], kind="stable")]] = np.arange(predicted.size) * 10 // predicted.size
    frame = pd.DataFrame({"tenth": tenth + 1, "predicted": predicted, "observed": outcome.astype(float)})
    return frame.groupby("tenth").mean()


def chance_to_buy(model, histories) -> np.ndarray:
    """Return the probability of at least one purchase in the held-out time."""
    rng = np.random.default_rng(0)
    draws = model.draws[:200]
    return np.mean([model.simulated(histories, DAYS, each, rng) > 0 for each in draws], axis=0)


def compared(records: pd.DataFrame, customers: pd.DataFrame, scores: dict[str, np.ndarray]) -> dict[str, float]:
    """Return the AUC of a purchase in the held-out time, by what foretells it."""
    past = records[records["at"] <= SPLIT]
    for days in HALF_LIVES:
        policy = FusionPolicy(half_life_days=days, outcome="loyalty")
        frame = fusion_scores(past, SPLIT.to_pydatetime(), policy).set_index("consumer")["fusion_score"]
        scores[f"Fusion Score, loyalty, half-life {days:g} days"] = frame.reindex(customers["consumer"]).to_numpy()
    outcome = bought_after(records, customers["consumer"]) > 0
    return {name: auc(score, outcome) for name, score in scores.items()}


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else BESIDE_THE_PROJECT / "cdnow"
    records = cdnow(folder)
    until = SPLIT.to_pydatetime()
    bought = customers_until(records, "cdnow", until, None)
    customers, histories = bought.frame, bought.histories
    later = bought_after(records, customers["consumer"])
    model = fit_buying(histories)
    chance = chance_to_buy(model, histories)
    print(f"{model}; {len(customers):,} customers, {(later > 0).mean():.1%} bought after {SPLIT:%Y-%m-%d}")
    print(
        "chance to buy in the held-out half year, by tenth:", deciles(chance, later > 0).round(3).to_string(), sep="\n"
    )
    risk = at_risk(brand_ledger(read_ledger(records), "cdnow", FusionPolicy(), until))
    gone = risk.consumers["p_gone"].to_numpy()
    print(*risk.sentences())
    print("probability of being gone, and share that bought no more:")
    print(deciles(gone, later == 0).round(3).to_string())
    found = forecast(bought, timedelta(days=DAYS))
    value = records.loc[records["at"] > SPLIT, "value"].sum()
    print(f"forecast: {estimate_text(found.purchases, '{:,.0f}')} days with a purchase, {later.sum():,} came")
    print(f"forecast: {estimate_text(found.value)} USD, {value:,.0f} came")
    inside = (found.customers["purchases_low"] <= later) & (later <= found.customers["purchases_high"])
    print(f"inside the interval of the customer: {inside.mean():.1%}")
    published = fit_buying(histories, leaves_after_first=False)
    shown = {
        "expected purchases": model.expected_purchases(histories, DAYS),
        "probability alive": model.p_alive(histories),
        "BG/NBD, expected purchases": published.expected_purchases(histories, DAYS),
        "recency: days since the last purchase": histories.recency - histories.age,
        "frequency": histories.frequency,
    }
    for name, area in compared(records, customers, shown).items():
        print(f"AUC {area:.4f}  {name}")


if __name__ == "__main__":
    main()
