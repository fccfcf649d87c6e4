"""The words that values are completed with, and which parameter takes which."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

import click

from influence_graph.cli.options import StoreType
from influence_graph.explore.catalogue import catalogue
from influence_graph.explore.parameters import LABELS, Parameter
from influence_graph.ingest.importers import IMPORTERS
from influence_graph.ingest.presets import presets

_BY_NAME = {
    "brand": "brand",
    "compare": "brand",
    "consumer": "consumer",
    "person": "consumer",
    "ids": "consumer",
    "exclude": "consumer",
    "won": "consumer",
    "personalize": "node",
    "start": "node",
    "end": "node",
    "first": "node",
    "second": "node",
    "bond": "node",
    "preset": "preset",
    "timezone": "zone",
    "probabilities": "probabilities",
    "param": "assignment",
    "show": "question_name",
    "topic": "topic",
    "shell": "shell",
}
"""The completers of parameters that have a name; see :data:`influence_graph.cli.completion.values.COMPLETERS`."""
_BY_COMMAND = {
    ("brand", "id_"): "brand",
    ("influencer", "id_"): "consumer",
    ("person", "id_"): "consumer",
    ("neighbors", "id_"): "node",
    ("query", "text"): "question",
    ("import", "name"): "dataset",
    ("policy diff", "a"): "file",
    ("policy diff", "b"): "file",
    ("touchpoints set", "what"): "file",
}
"""The completers of the parameters of single commands."""


def completer_of(path: tuple[str, ...], parameter: click.Parameter) -> str:
    """Return the name of the completer of *parameter* of the command at *path*, "" where nothing can be offered."""
    name = parameter.name or ""
    if isinstance(parameter.type, click.Choice):
        return "choices"
    if isinstance(parameter.type, click.Path):
        return "file" if parameter.type.file_okay else "dir"
    if isinstance(parameter.type, StoreType):
        return "store"
    return _BY_COMMAND.get((" ".join(path), name)) or ("" if _is_switch(parameter) else _BY_NAME.get(name, ""))


def words() -> dict[str, Any]:
    """Return the words by what they are: pairs of word and help, of questions their titles and parameters."""
    questions = catalogue()
    return {
        "presets": [(name, each.about) for name, each in presets().items()],
        "datasets": [(each.name, each.about) for each in IMPORTERS.values()],
        "zones": [(zone, "") for zone in sorted(available_timezones())],
        "probabilities": [
            ("learned", "those of `learn --write`"),
            ("weighted-cascade", "one over the number of incoming ties"),
            ("weights", "the weights of the ties"),
        ],
        "shells": [(shell, "") for shell in ("bash", "zsh", "fish")],
        "topics": [(topic, "") for topic in dict.fromkeys(each.topic for each in questions.values())],
        "questions": {
            name: {"title": each.title, "parameters": {one.name: _told(one) for one in each.parameters}}
            for name, each in questions.items()
        },
    }


def _told(parameter: Parameter) -> dict[str, Any]:
    labels = [LABELS[parameter.type]] if parameter.type in LABELS else []
    return {"about": parameter.described(), "choices": list(parameter.choices), "labels": labels}


def _is_switch(parameter: click.Parameter) -> bool:
    return isinstance(parameter, click.Option) and parameter.is_flag
