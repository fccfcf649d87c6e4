"""StackExchange Android cascades (Sankar, Zhang, Krishnan, Han 2020) with the users' links.

Line *n* of ``cascades.txt`` is a seed user, then pairs of user and seconds since the seed; it
becomes the brand ``question-n`` and one ``mention`` per activation, the seed's at second 0: 679
seeds and 28,343 activations, 29,022 interactions. The publisher gives no calendar date: second 0 is
2010-01-01T00:00:00Z unless ``at`` is given.

``u,v`` of ``edges.txt`` is stored as "u follows v". The direction of a link is not
documented; the evidence for this one: the hubs are in the second column (3,666 links into one user,
521 out of one), and an activated user has an earlier-active v in 45 % of all activations, an
earlier-active u in 32 %.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from influence_graph.errors import UnreadableFile
from influence_graph.ingest.batching import make_batch
from influence_graph.ingest.importers import columns as c
from influence_graph.ingest.importers.base import ImportOptions
from influence_graph.model.records import INTERACTIONS, TIES, Batch


def read(files: Sequence[Path], options: ImportOptions) -> Iterator[Batch]:
    """Yield people, brands, ties and interactions of *files*.

    Raises:
        UnreadableFile: a file is not the published one.
    """
    edges, cascades = files
    links = _links(edges)
    active = _activations(cascades)
    source, target = (c.prefixed(pa.array(links[name], pa.string()), options.prefix) for name in ("u", "v"))
    users = c.prefixed(pa.array(active["user"], pa.string()), options.prefix)
    link_lines, lines = np.arange(1, len(links) + 1), active["line"].to_numpy()
    questions = pa.array(np.unique(lines))

    yield c.people_batch(*c.distinct((source, link_lines), (target, link_lines), (users, lines)), edges)
    brands = c.joined(f"{options.prefix}question", questions, separator="-")
    yield c.brands_batch(brands, questions, cascades, category="Android question")
    yield make_batch(TIES, {"source": source, "target": target, "kind": "follows"}, link_lines, edges)
    start = options.date_or(2010, 1, 1)
    values = {
        "event_id": c.joined("stackexchange", pa.array(lines), pa.array(active["user"], pa.string())),
        "at": [start + timedelta(seconds=second) for second in active["second"].tolist()],
        "consumer": users,
        "brand": c.joined(f"{options.prefix}question", pa.array(lines), separator="-"),
        "kind": "mention",
        "channel": "online",
        "platform": "Stack Exchange",
    }
    yield make_batch(INTERACTIONS, values, lines, cascades)


def _links(path: Path) -> pd.DataFrame:
    """Return the links ``u, v`` of a file of ``u,v`` lines."""
    try:
        return pd.read_csv(path, header=None, names=["u", "v"], dtype=str, keep_default_na=False)
    except (ValueError, OSError) as error:
        raise UnreadableFile(f"{path}: {error}", remedy="each line must be `user,user`") from error


def _activations(path: Path) -> pd.DataFrame:
    """Return ``line, user, second`` of every activation, the seed of a line at second 0."""
    rows: list[tuple[int, str, int]] = []
    try:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if not line.strip():
                continue
            seed, _, rest = line.partition(" ")
            rows.append((number, seed, 0))
            for pair in filter(str.strip, rest.split(",")):
                user, second = pair.split()
                rows.append((number, user, int(second)))
    except (ValueError, OSError) as error:
        raise UnreadableFile(
            f"{path}, line {len(rows) and rows[-1][0]}: {error}",
            remedy="each line must be a seed user, a blank, then `user seconds,` pairs",
        ) from error
    return pd.DataFrame(rows, columns=["line", "user", "second"])
