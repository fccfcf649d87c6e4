"""Held-out figures of learned probabilities on the StackExchange `android` cascades, against both baselines.

Run ``python -m benchmarks.learning_android [FOLDER]``; the folder has cascades.txt and edges.txt.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.graphs import public_data
from influence_graph.analyses.learning.evaluate import FIGURES, HeldOut, evaluate_learning
from influence_graph.model.graph import Graph

RUNS = (("u -> v", "random"), ("u -> v", "folds"), ("v -> u", "random"), ("both ways", "random"))


def read_cascades(folder):
    """Return user, item (the line), time: the seed of a line at 0, then the pairs."""
    rows = []
    for item, line in enumerate((folder / "cascades.txt").read_text().splitlines()):
        seed, _, rest = line.partition(" ")
        rows.append((seed, item, 0.0))
        pairs = (pair.split() for pair in rest.split(",") if pair.strip())
        rows += [(user, item, float(time)) for user, time in pairs]
    return pd.DataFrame(rows, columns=["user", "item", "time"])


def read_graph(folder, direction="u -> v"):
    """Return the graph of the links as written, reversed, or both ways."""
    ends = pd.read_csv(folder / "edges.txt", header=None, names=["u", "v"], dtype=str)
    if direction == "both ways":
        pairs = pd.DataFrame(np.vstack([ends.to_numpy(), ends.to_numpy()[:, ::-1]]), columns=["u", "v"])
        ends = pairs.drop_duplicates()
    source, target = ("v", "u") if direction == "v -> u" else ("u", "v")
    return Graph.from_edges(ends[source].to_numpy(), ends[target].to_numpy())


def with_interval(frame, name, digits):
    cells = zip(frame[name], frame[f"{name}_low"], frame[f"{name}_high"], strict=True)
    return [f"{value:.{digits}f} [{low:.{digits}f}, {high:.{digits}f}]" for value, low, high in cells]


def better(frame):
    """Return per figure if the interval of its gain over the best baseline is above 0 (+), below (-) or neither (=)."""
    words = []
    for _, row in frame.iterrows():
        ends = [(row[f"{name}_gain_low"], row[f"{name}_gain_high"]) for name in FIGURES]
        words.append("".join("+" if low > 0 else "-" if high < 0 else "=" for low, high in ends))
    return words


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else public_data("stackexchange_android")
    actions = read_cascades(folder)
    for direction, split in RUNS:
        options = HeldOut(split=split, simulations=50)
        frame = evaluate_learning(read_graph(folder, direction), actions, seed=1, options=options)
        first, held_out = frame.iloc[0], frame.attrs["cascades_held_out"]
        print(f"\ninfluence {direction}, {split} split: {held_out} of {actions['item'].nunique()} cascades held out")
        print(f"{first['exposed']:,} exposed users, {first['acted']:,} acted")
        shown = pd.DataFrame({"method": frame["method"], "prior": frame["prior"]})
        shown["log-likelihood per exposed"] = with_interval(frame, "log_likelihood", 4)
        shown["total"] = frame["total"].round().astype(int)
        shown["impossible"] = frame["impossible"]
        shown["AUC next"] = with_interval(frame, "auc", 3)
        shown["RMSE size"] = with_interval(frame, "rmse", 1)
        shown["gains"] = better(frame)
        print(shown.to_string(index=False))


if __name__ == "__main__":
    main()
