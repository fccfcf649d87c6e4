"""Questions about complaints and recoveries; both are what :mod:`influence_graph.analyses.brand.recovery` says."""

from __future__ import annotations

import pandas as pd

from influence_graph.explore.answers.kept import Kept, best_first, days_between, names_of, since
from influence_graph.stores.base import Reader

_COMPLAINTS = ("complaint", "blame")
_RECOVERY = "problem_recovery"


class _Care:
    """What a brand's consumers complained about, each with the first recovery that followed."""

    def __init__(self, view: Reader, brand: str) -> None:
        self.kept = Kept(view)
        self.events = self.kept.events(brands=[brand])
        self.bonds = self.kept.bonds[self.kept.bonds["brand"] == brand]
        recovers, valence = self.events["touchpoint"] == _RECOVERY, self.events["valence"]
        given = self.events["direction"] == "to_brand"
        kinds = self.events["kind"].astype(object).str.strip().str.lower()
        complaints = self.events[given & (valence < 0) & (recovers | kinds.isin(_COMPLAINTS))]
        answers = self.events[~given & (valence > 0) & recovers]
        self.recoveries = len(answers)
        answers = answers[["at", "consumer", "kind"]].assign(recoveredAt=answers["at"])
        self.complaints = pd.merge_asof(
            complaints.sort_values(["at", "eventId"]),
            answers.rename(columns={"kind": "recoveryKind"}).drop_duplicates(["at", "consumer"]),
            on="at",
            by="consumer",
            direction="forward",
        )

    def open(self) -> pd.DataFrame:
        """Return the complaints that no recovery followed."""
        return self.complaints[self.complaints["recoveredAt"].isna()]

    def named(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Return *rows* with the names of the consumers and the time of the scores."""
        return rows.assign(name=names_of(self.kept.people, rows["consumer"]), asOf=self.kept.as_of)


def open_complaints(view: Reader, brand: str, limit: int) -> pd.DataFrame:
    """Return the complaints to a brand that no recovery followed, the oldest first."""
    care = _Care(view, brand)
    rows = care.open().head(limit)
    return care.named(rows).assign(openDays=days_between(rows["at"], care.kept.now), recoveries=care.recoveries)


def owed_today(view: Reader, brand: str, days: int, limit: int) -> pd.DataFrame:
    """Return the consumers who complained within the time for a recovery and got none since, the most urgent first."""
    care = _Care(view, brand)
    rows = since(care.open(), care.kept.now, days).groupby("consumer")
    found = rows.agg(complaints=("at", "size"), firstAt=("at", "min"), worst=("valence", "min")).reset_index()
    found = found.merge(care.bonds[["consumer", "fusionScore"]], on="consumer")
    found = found.assign(daysLeft=days - days_between(found["firstAt"], care.kept.now))
    return care.named(found.sort_values(["firstAt", "consumer"]).head(limit))


def recovered_complaints(view: Reader, brand: str, limit: int) -> pd.DataFrame:
    """Return the complaints to a brand with the first recovery that followed, the slowest first."""
    care = _Care(view, brand)
    rows = care.complaints[care.complaints["recoveredAt"].notna()]
    rows = rows.assign(days=days_between(rows["at"], rows["recoveredAt"]))
    return care.named(best_first(rows, "days", "eventId").head(limit))


def complaints_by_kind(view: Reader, brand: str, days: int, limit: int) -> pd.DataFrame:
    """Return how many complaints of each kind a brand has, and which share it recovered in time."""
    return _recovered_by("kind", view, brand, days, limit)


def complaints_by_channel(view: Reader, brand: str, days: int, limit: int) -> pd.DataFrame:
    """Return how many complaints of each channel a brand has, and which share it recovered in time."""
    return _recovered_by("channel", view, brand, days, limit)


def repeat_complainers(view: Reader, brand: str, complaints: int, limit: int) -> pd.DataFrame:
    """Return the consumers with several complaints to a brand, the most first."""
    care = _Care(view, brand)
    marked = care.complaints.assign(open=care.complaints["recoveredAt"].isna()).groupby("consumer")
    rows = marked.agg(
        complaints=("at", "size"), open=("open", "sum"), firstAt=("at", "min"), lastAt=("at", "max"),
        worst=("valence", "min"),
    ).reset_index()  # fmt: skip
    return care.named(best_first(rows[rows["complaints"] >= complaints], "complaints", "consumer").head(limit))


def came_back(view: Reader, brand: str, limit: int) -> pd.DataFrame:
    """Return the consumers whose complaint a brand recovered, with what they did first for it after that."""
    care = _Care(view, brand)
    recovered = care.complaints.groupby("consumer")["recoveredAt"].max().dropna().reset_index()
    good = care.events[(care.events["direction"] == "to_brand") & (care.events["valence"] > 0)]
    good = good[["at", "consumer", "kind"]].merge(recovered, on="consumer")
    first = good[good["at"] > good["recoveredAt"]].drop_duplicates("consumer").rename(columns={"at": "backAt"})
    rows = recovered.merge(first[["consumer", "backAt", "kind"]], on="consumer", how="left")
    rows = rows.assign(days=days_between(rows["recoveredAt"], rows["backAt"]))
    return care.named(best_first(rows, "recoveredAt", "consumer").head(limit))


def _recovered_by(key: str, view: Reader, brand: str, days: int, limit: int) -> pd.DataFrame:
    care = _Care(view, brand)
    within, found = pd.Timedelta(days=days), care.complaints
    followed = found["at"] <= care.kept.now - within
    marked = found.assign(followed=followed, recovered=followed & (found["recoveredAt"] <= found["at"] + within))
    rows = marked.groupby(key, dropna=False).agg(
        complaints=("at", "size"), consumers=("consumer", "nunique"), followed=("followed", "sum"),
        recovered=("recovered", "sum"),
    ).reset_index()  # fmt: skip
    known = (rows["followed"] > 0) & (care.recoveries > 0)
    rows = rows.assign(rate=(rows["recovered"] / rows["followed"]).where(known), recoveries=care.recoveries)
    return best_first(rows, "complaints", key).head(limit)
