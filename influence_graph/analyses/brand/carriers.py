"""Who carries a brand: how its positive bond is spread over consumers, from the top to the long tail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from influence_graph.analyses.brand.concentration import gini, lorenz, top_share
from influence_graph.analyses.intervals import Estimate, bootstrap, count_text, dot, estimate_text, number_text
from influence_graph.model.display import short_line

if TYPE_CHECKING:
    from numpy.typing import NDArray

TOP = 0.01
_SHOWN = 10


@dataclass(frozen=True, eq=False, repr=False)
class Carriers:
    """How the sum of the bonds above 0 is spread; intervals resample these bonds.

    Attributes:
        count: Number of bonds above 0.
        total: Their sum.
        ordinary: Share of it from ordinary consumers: neither declared as influencers nor among the 1 %
            with the most followers; also None where neither people nor ties identify them.
        long_tail: Share from all but the 1 % of strongest bonds.
        top: Share from the 10 % of strongest bonds.
        gini: Gini coefficient: 0 all alike, 1 all from one.
        strongest: consumer, fusion_score, share, influencer (True, False or None) of the ten strongest.
        lorenz: consumers, bond: the weakest share of consumers and their share of the sum.
        known: Whether people or ties identify influencers.
    """

    count: int
    total: float
    ordinary: Estimate | None
    long_tail: Estimate | None
    top: Estimate | None
    gini: Estimate | None
    strongest: pd.DataFrame
    lorenz: pd.DataFrame
    known: bool

    def __repr__(self) -> str:
        figures = {"bonds above 0": self.count, "sum": self.total, "Gini": estimate_text(self.gini, "{:.2f}")}
        return short_line("Carriers", figures)

    def sentences(self) -> list[str]:
        """Return the findings in words."""
        lines = [f"{count_text(self.count, 'bond')} above 0, together {number_text(self.total, '+')}."]
        if not self.known:
            lines.append("Neither people nor ties identify influencers.")
        else:
            lines.append(f"Ordinary consumers bring {estimate_text(self.ordinary, '{:.1%}')} of it.")
        lines.append(f"All but the strongest 1 % bring {estimate_text(self.long_tail, '{:.1%}')}.")
        top, inequality = estimate_text(self.top, "{:.1%}"), estimate_text(self.gini, "{:.2f}")
        return [*lines, f"The strongest 10 % bring {top}; Gini {inequality}."]


def carriers(bonds: pd.DataFrame, influencers: frozenset[str] | None) -> Carriers:
    """Return who carries the positive bond; *bonds* has ``fusion_score`` by consumer."""
    positive = bonds.loc[bonds["fusion_score"] > 0, "fusion_score"].sort_values(ascending=False, kind="stable")
    score = positive.to_numpy(np.float64)
    is_influencer = np.zeros(score.size, np.bool_) if influencers is None else positive.index.isin(list(influencers))
    ordinary_score = np.where(is_influencer, 0.0, score)

    def statistics(count: NDArray[np.float64]) -> list[float]:
        ordinary = dot(count, ordinary_score) / max(dot(count, score), np.finfo(np.float64).tiny)
        shares = [top_share(count, score, part) for part in (TOP, 0.1)]
        return [ordinary, 1.0 - shares[0], shares[1], gini(count, score)]

    ordinary, long_tail, top, inequality = bootstrap(score.size, statistics)
    return Carriers(
        count=score.size,
        total=float(score.sum()),
        ordinary=None if influencers is None else ordinary,
        long_tail=long_tail,
        top=top,
        gini=inequality,
        strongest=_strongest(positive, None if influencers is None else is_influencer),
        lorenz=lorenz(score),
        known=influencers is not None,
    )


def influencers_of(people: pd.DataFrame | None, ties: pd.DataFrame | None) -> frozenset[str] | None:
    """Return the declared influencers and the 1 % of people with the most followers; None if unknown.

    Followers are counted from ties of the kinds *follows* (the target is followed) and *friend* (both);
    without ties, ``followers`` of *people* counts.
    """
    described = people is not None and any(
        name in people and people[name].notna().any() for name in ("kind", "followers")
    )
    if not described and (ties is None or ties.empty):
        return None
    declared = set()
    if people is not None and "kind" in people:
        declared = set(people.loc[people["kind"] == "influencer", "id"])
    followers = _followers(people, ties)
    count = int(np.ceil(TOP * len(followers)))
    ranked = followers[followers > 0].sort_values(ascending=False, kind="stable")
    return frozenset(map(str, declared | set(ranked.index[:count])))


def _followers(people: pd.DataFrame | None, ties: pd.DataFrame | None) -> Any:  # noqa: ANN401 - a series by person
    if ties is None or ties.empty:
        known = people is not None and "followers" in people
        return people.set_index("id")["followers"].fillna(0) if known and people is not None else pd.Series(dtype=float)
    kind = ties["kind"].fillna("follows") if "kind" in ties else pd.Series("follows", index=ties.index)
    followed = [ties.loc[kind.isin(["follows", "friend"]), "target"], ties.loc[kind == "friend", "source"]]
    counted = pd.concat(followed).value_counts()
    everyone = pd.Index(pd.unique(pd.concat([ties["source"], ties["target"]]))).union(
        pd.Index([] if people is None else people["id"])
    )
    return counted.reindex(everyone, fill_value=0)


def _strongest(positive: pd.Series, is_influencer: NDArray[np.bool_] | None) -> pd.DataFrame:
    first = positive.head(_SHOWN)
    flags = [None] * len(first) if is_influencer is None else is_influencer[: len(first)].tolist()
    share = first / positive.sum() if len(first) else first
    columns = {"consumer": first.index, "fusion_score": first.to_numpy(), "share": share.to_numpy()}
    return pd.DataFrame(columns).assign(influencer=pd.Series(flags, dtype=object))
