"""Who carries a brand: how its positive bond is spread over consumers, from the top to the long tail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from influence_graph.analyses.brand.concentration import gini, lorenz, top_share
from influence_graph.analyses.intervals import Estimate, bootstrap, dot, estimate_text, number_text
from influence_graph.analyses.result import Told
from influence_graph.model.display import short_line
from influence_graph.text import NOT_ON_RECORD, count_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

TOP = 0.01
UNKNOWN_STATUS = f"{NOT_ON_RECORD}: neither people nor ties identify an influencer"
_SHOWN = 10


@dataclass(frozen=True, eq=False, repr=False)
class Carriers(Told):
    """How the sum of the bonds above 0 is spread; intervals resample these bonds.

    Attributes:
        count: Number of bonds above 0.
        total: Their sum.
        ordinary: Share of it from ordinary consumers: neither declared as influencers nor among the 1 %
            with the most followers. Of consumers whose status is on record; None where nobody is identified.
        long_tail: Share from all but the 1 % of strongest bonds.
        top: Share from the 10 % of strongest bonds.
        gini: Gini coefficient: 0 all alike, 1 all from one.
        strongest: consumer, fusion_score, share, influencer (True, False or None) of the ten strongest.
        lorenz: consumers, bond: the weakest share of consumers and their share of the sum.
        known: Number of these consumers whose status is on record; 0 where nobody is identified as an influencer.
    """

    count: int
    total: float
    ordinary: Estimate | None
    long_tail: Estimate | None
    top: Estimate | None
    gini: Estimate | None
    strongest: pd.DataFrame
    lorenz: pd.DataFrame
    known: int

    def __repr__(self) -> str:
        figures = {"bonds above 0": self.count, "sum": self.total, "Gini": estimate_text(self.gini, "{:.2f}")}
        return short_line("Carriers", figures)

    def sentences(self) -> list[str]:
        """Return the findings in words."""
        lines = [f"{count_text(self.count, 'bond')} above 0, together {number_text(self.total, '+')}."]
        if not self.known:
            lines.append(f"Share of ordinary consumers: {UNKNOWN_STATUS}.")
        elif self.known == self.count:
            lines.append(f"Ordinary consumers bring {estimate_text(self.ordinary, '{:.1%}')} of it.")
        else:
            some = f"Of the part of the {count_text(self.known, 'consumer')} whose status is on record"
            lines.append(f"{some}, ordinary ones bring {estimate_text(self.ordinary, '{:.1%}')}.")
        lines.append(f"All but the strongest 1 % bring {estimate_text(self.long_tail, '{:.1%}')}.")
        top, inequality = estimate_text(self.top, "{:.1%}"), estimate_text(self.gini, "{:.2f}")
        return [*lines, f"The strongest 10 % bring {top}; Gini {inequality}."]


def carriers(bonds: pd.DataFrame, influencers: Mapping[str, bool] | None) -> Carriers:
    """Return who carries the positive bond.

    Args:
        bonds: ``fusion_score`` by consumer.
        influencers: Whether each consumer whose status is on record is an influencer; None: nobody is identified.
    """
    positive = bonds.loc[bonds["fusion_score"] > 0, "fusion_score"].sort_values(ascending=False, kind="stable")
    score = positive.to_numpy(np.float64)
    status = [(influencers or {}).get(str(id_)) for id_ in positive.index]
    ordinary = _ordinary(score, status)

    def statistics(count: NDArray[np.float64]) -> list[float]:
        shares = [top_share(count, score, part) for part in (TOP, 0.1)]
        return [1.0 - shares[0], shares[1], gini(count, score)]

    long_tail, top, inequality = bootstrap(score.size, statistics)
    return Carriers(
        count=score.size,
        total=float(score.sum()),
        ordinary=ordinary,
        long_tail=long_tail,
        top=top,
        gini=inequality,
        strongest=_strongest(positive, status),
        lorenz=lorenz(score),
        known=sum(each is not None for each in status),
    )


def _ordinary(score: NDArray[np.float64], status: list[bool | None]) -> Estimate | None:
    """Return the share of those who are no influencers in the *score* of all whose *status* is known."""
    known = [(value, influencer) for value, influencer in zip(score, status, strict=True) if influencer is not None]
    if not known:
        return None
    of_known = np.array([value for value, _ in known])
    of_ordinary = np.array([0.0 if influencer else value for value, influencer in known])

    def statistics(count: NDArray[np.float64]) -> list[float]:
        return [dot(count, of_ordinary) / max(dot(count, of_known), np.finfo(np.float64).tiny)]

    return bootstrap(of_known.size, statistics)[0]


def influencers_of(people: pd.DataFrame | None, ties: pd.DataFrame | None) -> dict[str, bool] | None:
    """Return who is an influencer: declared, or of the 1 % with the most followers.

    Followers are counted from ties of the kinds *follows* (the target is followed) and *friend* (both);
    without ties, ``followers`` of *people* counts.

    Returns:
        Whether each person is one, for those whose status is on record: declared, or with a number of followers. None
        where nobody is identified as an influencer: then nobody is known to be ordinary either.
    """
    declared: dict[str, bool] = {}
    if people is not None and "kind" in people:
        stated = people[people["kind"].notna()]
        declared = dict(zip(stated["id"].astype(str), stated["kind"] == "influencer", strict=True))
    followers = _followers(people, ties)
    count = int(np.ceil(TOP * len(followers)))
    ranked = followers[followers > 0].sort_values(ascending=False, kind="stable")
    counted = dict.fromkeys(map(str, followers.index), False) | dict.fromkeys(map(str, ranked.index[:count]), True)
    status = {id_: bool(declared.get(id_) or counted.get(id_)) for id_ in declared | counted}
    return status if any(status.values()) else None


def _followers(people: pd.DataFrame | None, ties: pd.DataFrame | None) -> Any:  # noqa: ANN401 - a series by person
    if ties is None or ties.empty:
        known = people is not None and "followers" in people
        return people.set_index("id")["followers"].dropna() if known and people is not None else pd.Series(dtype=float)
    kind = ties["kind"].fillna("follows") if "kind" in ties else pd.Series("follows", index=ties.index)
    followed = [ties.loc[kind.isin(["follows", "friend"]), "target"], ties.loc[kind == "friend", "source"]]
    counted = pd.concat(followed).value_counts()
    everyone = pd.Index(pd.unique(pd.concat([ties["source"], ties["target"]]))).union(
        pd.Index([] if people is None else people["id"])
    )
    return counted.reindex(everyone, fill_value=0)


def _strongest(positive: pd.Series, status: list[bool | None]) -> pd.DataFrame:
    first = positive.head(_SHOWN)
    share = first / positive.sum() if len(first) else first
    columns = {"consumer": first.index, "fusion_score": first.to_numpy(), "share": share.to_numpy()}
    return pd.DataFrame(columns).assign(influencer=pd.Series(status[: len(first)], dtype=object))
