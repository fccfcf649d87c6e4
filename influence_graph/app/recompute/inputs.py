"""The digest of all that a result is calculated from: records, results, touchpoints, parameters and version.

It is written as ``NAME:DIGEST`` of its parts, with blanks between them, so that two of them tell what has changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from influence_graph.app.jobs.channels import WEIGHTS
from influence_graph.app.jobs.winning import left_out
from influence_graph.app.lookups import default_graph, digest_of_records
from influence_graph.app.recompute.view import Renewed
from influence_graph.model.graph import GraphKind
from influence_graph.model.json_values import json_text
from influence_graph.model.parameters import CampaignLiftParameters, InfluencerJobParameters, SeedsParameters, recorded
from influence_graph.model.records import PEOPLE
from influence_graph.model.results import (
    CAMPAIGNS,
    EITHER,
    IF_ANY,
    INFLUENCERS,
    INTERACTIONS,
    RESULTS,
    SALES,
    SCORE,
    TIES,
)
from influence_graph.version import __version__

_NOT_INPUTS = ("keep", "written")
_OF_THE_TABLE = ("table", "kinds")
_NAMES = {
    "version": "the version of influence_graph",
    "parameters": "what was asked for",
    "touchpoints": "the touchpoint table",
    "people": "records of people",
    "nodes": "people or brands",
    "passive": "who is passive",
    TIES: "ties or people",
    **{kind: f"the {kind} run" for kind in RESULTS},
}
"""What a reader calls a part; others are called as they are."""


def digest_of(view: Renewed, kind: str, parameters: Any) -> str:  # noqa: ANN401 - the parameters of any job
    """Return the digest of all that *kind* is calculated from in *view* with *parameters*.

    Raises:
        InputError: the store lacks a record that it needs.
    """
    parts = {"version": __version__, "parameters": _digest(_stated(parameters)), **dict(_read(view, kind, parameters))}
    return " ".join(f"{name}:{value}" for name, value in parts.items())


def changes(before: str, now: str) -> list[str]:
    """Return what differs between two digests, in words."""
    old, new = (dict(part.partition(":")[::2] for part in text.split()) for text in (before, now))
    return [_NAMES.get(name, name) for name in {**old, **new} if old.get(name) != new.get(name)]


def _read(view: Renewed, kind: str, parameters: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401
    """Yield the name and the digest of all that is read from *view*."""
    for need in RESULTS[kind].needs:
        if need == EITHER:
            yield from _graph(view, parameters)
        elif need in (TIES, IF_ANY):
            yield TIES, _ties(view, parameters) if view.counts()["ties"] else "none"
        elif need in (CAMPAIGNS, SALES):
            yield need, digest_of_records(view, need)
        elif need == INTERACTIONS:
            yield INTERACTIONS, view.mark().proof
            yield "touchpoints", view.touchpoints().digest
        elif need != INFLUENCERS.kind:
            yield need, _run(view, need)
    yield from _asked(view, parameters)


def _asked(view: Renewed, parameters: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401
    """Yield the name and the digest of what *parameters* have read besides."""
    if isinstance(parameters, SeedsParameters) and (passive := left_out(view, parameters)):
        yield "passive", _digest(passive)
    if isinstance(parameters, CampaignLiftParameters):
        yield "people", digest_of_records(view, PEOPLE.name, ["id", "city"])
    if getattr(parameters, "brand", None) is not None or getattr(parameters, "campaign", None) is not None:
        yield "interactions", view.mark().proof
    if getattr(parameters, "campaign", None) is not None:
        yield "campaigns", _records(view, "campaigns")
    if getattr(parameters, "target", None) is not None:
        yield SCORE.kind, _run(view, SCORE.kind)
        yield "interactions", view.mark().proof
    if getattr(parameters, "cost_column", None) is not None:
        yield "people", _records(view, PEOPLE.name)


def _graph(view: Renewed, parameters: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401
    used = GraphKind.TIES if parameters.brand is not None else parameters.graph or default_graph(view)
    if used is not GraphKind.INTERACTIONS:
        yield TIES, _ties(view, parameters)
    if used is not GraphKind.TIES:
        graph = view.graph(used)
        yield INTERACTIONS, view.mark().proof
        yield "touchpoints", view.touchpoints().digest
        yield "nodes", _digest([graph.ids.tolist(), None if graph.labels is None else graph.labels.tolist()])


def _ties(view: Renewed, parameters: Any) -> str:  # noqa: ANN401
    """Return the digest of the ties; of parallel ones as summed, and as combined where they are probabilities.

    For influencers and lift their kinds and dates count, too.
    """
    ties = view.graph(GraphKind.TIES)
    digest = f"{ties.digest}+{ties.summed}" if ties.summed else ties.digest  # of which sums, some measures refuse
    if getattr(parameters, "probabilities", None) == WEIGHTS:
        return _digest([digest, view.graph(GraphKind.TIES, None, "probability").digest])
    if isinstance(parameters, InfluencerJobParameters | CampaignLiftParameters):
        return _digest([digest, digest_of_records(view, TIES, ["source", "target", "kind", "since"])])
    return digest


def _run(view: Renewed, kind: str) -> str:
    run = view.current().get(kind)
    return "none" if run is None else run.id


def _records(view: Renewed, kind: str) -> str:
    state = hashlib.blake2b(digest_size=16)
    for table in view.records(kind):
        for batch in table.to_batches():
            state.update(repr(batch.to_pydict()).encode())
    return state.hexdigest()


def _stated(parameters: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return what was asked for; the touchpoint table of a policy is an input of its own."""
    stated = {name: value for name, value in recorded(parameters).items() if name not in _NOT_INPUTS}
    if "policy" in stated:
        stated["policy"] = {name: value for name, value in stated["policy"].items() if name not in _OF_THE_TABLE}
    return stated


def _digest(value: Any) -> str:  # noqa: ANN401 - JSON values
    return hashlib.blake2b(json_text(value, sort_keys=True).encode(), digest_size=16).hexdigest()
