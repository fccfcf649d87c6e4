"""Questions about ties between people."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse import csgraph

from influence_graph.explore.answers.kept import Kept, best_first, names_of
from influence_graph.stores.base import Reader

_TYPES = {"follows": "FOLLOWS", "friend": "KNOWS", "exposed": "EXPOSED_TO"}
_LONGEST_CHAIN = 15


def audience(view: Reader, person: str, limit: int) -> pd.DataFrame:
    """Return whom a person reaches directly: followers, friends and the exposed."""
    kept = Kept(view)
    ties = kept.ties
    friends = ties[(ties["kind"] == "friend") & (ties["source"] == person)]
    back = ties[ties["target"] == person].rename(columns={"source": "id"})
    rows = pd.concat([back, friends.rename(columns={"target": "id"})], ignore_index=True)
    frame = pd.DataFrame(
        {
            "id": rows["id"],
            "name": names_of(kept.people, rows["id"]),
            "tie": rows["kind"].map(_TYPES),
            "weight": rows["weight"].fillna(1.0),
        }
    )
    return best_first(frame, "weight", "id", "tie").head(limit)


def path(view: Reader, source: str, target: str) -> pd.DataFrame:
    """Return a shortest chain of ties between two people; of several the first by its ids."""
    kept = Kept(view)
    ids = np.sort(kept.people["id"].to_numpy(object))
    here, there = np.searchsorted(ids, [source, target])
    around = _neighbors(kept, ids)
    if source == target or not {source, target} <= set(kept.people.index):
        return pd.DataFrame(columns=["hops", "people", "names"])
    distance = csgraph.dijkstra(around, indices=there, unweighted=True, limit=_LONGEST_CHAIN)
    if not np.isfinite(distance[here]):
        return pd.DataFrame(columns=["hops", "people", "names"])
    chain = [here]
    while chain[-1] != there:  # ids are sorted: the first neighbor that is nearer gives the first chain
        near = around.indices[around.indptr[chain[-1]] : around.indptr[chain[-1] + 1]]
        chain.append(near[distance[near] == distance[chain[-1]] - 1].min())
    people = ids[chain].tolist()
    names = kept.people["name"].reindex(people)
    return pd.DataFrame(
        {"hops": [len(chain) - 1], "people": [people], "names": [names.fillna(pd.Series(people, people)).tolist()]}
    )


def two_hops(view: Reader, person: str, limit: int) -> pd.DataFrame:
    """Return the people within two ties of a person, either way, nearest first."""
    kept = Kept(view)
    ids = np.sort(kept.people["id"].to_numpy(object))
    around = _neighbors(kept, ids)
    start = np.flatnonzero(ids == person)
    near = np.unique(around[start].indices)
    far = np.setdiff1d(np.unique(around[near].indices), near)
    hops = {1: np.setdiff1d(near, start), 2: np.setdiff1d(far, start)}
    rows = pd.concat(
        [pd.DataFrame({"id": ids[each], "hops": count}) for count, each in hops.items()], ignore_index=True
    )
    return rows.assign(name=names_of(kept.people, rows["id"])).head(limit)


def mutual_ties(view: Reader, person: str, limit: int) -> pd.DataFrame:
    """Return who follows a person and is followed back, and friends."""
    kept = Kept(view)
    ties = kept.ties
    follows, friends = (ties[ties["kind"] == kind] for kind in ("follows", "friend"))
    back = follows.loc[follows["target"] == person, "source"]
    both = back[back.isin(follows.loc[follows["source"] == person, "target"])]
    known = pd.concat(
        [friends.loc[friends["source"] == person, "target"], friends.loc[friends["target"] == person, "source"]]
    )
    rows = pd.concat([pd.DataFrame({"id": both, "tie": "FOLLOWS"}), pd.DataFrame({"id": known, "tie": "KNOWS"})])
    rows = rows[rows["id"] != person].drop_duplicates().sort_values(["id", "tie"])
    return rows.assign(name=names_of(kept.people, rows["id"])).head(limit)


def most_followed(view: Reader, limit: int) -> pd.DataFrame:
    """Return people by their followers, friends and the exposed."""
    kept = Kept(view)
    ties = kept.ties
    friends = ties.loc[ties["kind"] == "friend", "source"]
    count = pd.concat([ties["target"], friends]).value_counts()
    people = kept.people.reindex(count.index)
    frame = pd.DataFrame(
        {
            "id": count.index,
            "name": people["name"].to_numpy(),
            "style": people["style"].to_numpy(),
            "tiesOnRecord": count.to_numpy(),
            "statedFollowers": people["followers"].to_numpy(),
        }
    )
    return best_first(frame, "tiesOnRecord", "id").head(limit)


def connected_consumers(view: Reader, brand: str, limit: int) -> pd.DataFrame:
    """Return a brand's consumers by their number of ties with other consumers of it."""
    kept = Kept(view)
    consumers = pd.Index(kept.events(brands=[brand])["consumer"].unique())
    pairs = _pairs(kept)
    pairs = pairs[pairs["source"].isin(consumers)]
    inside = pairs["target"].isin(consumers)
    counted = inside.groupby(pairs["source"]).agg(["sum", "size"])
    frame = pd.DataFrame(
        {
            "id": counted.index,
            "name": names_of(kept.people, counted.index),
            "consumersTied": counted["sum"].to_numpy(),
            "allTied": counted["size"].to_numpy(),
        }
    )
    return best_first(frame, "consumersTied", "id").head(limit)


def unconnected_consumers(view: Reader, brand: str, limit: int) -> pd.DataFrame:
    """Return a brand's consumers who have no tie on record."""
    kept = Kept(view)
    events = kept.events(brands=[brand])
    tied = pd.concat([kept.ties["source"], kept.ties["target"]])
    alone = events[~events["consumer"].isin(tied)]
    found = alone.groupby("consumer")["at"].agg(["size", "max"])
    frame = pd.DataFrame(
        {
            "id": found.index,
            "name": names_of(kept.people, found.index),
            "interactions": found["size"].to_numpy(),
            "last": found["max"].to_numpy(),
        }
    )
    return best_first(frame, "interactions", "id").head(limit)


def _pairs(kept: Kept) -> pd.DataFrame:
    """Return who is tied to whom, once for each pair in both directions."""
    ties = kept.ties[["source", "target"]]
    back = ties.rename(columns={"source": "target", "target": "source"})
    both = pd.concat([ties, back], ignore_index=True).drop_duplicates()
    return both[both["source"] != both["target"]]


def _neighbors(kept: Kept, ids: Any) -> sparse.csr_array:  # noqa: ANN401 - an array of texts
    """Return who is tied to whom, either way, by the positions of *ids*."""
    pairs = _pairs(kept)
    index = pd.Index(ids)
    ends = index.get_indexer(pairs["source"]), index.get_indexer(pairs["target"])
    return sparse.csr_array((np.ones(len(pairs)), ends), shape=(ids.size, ids.size))
