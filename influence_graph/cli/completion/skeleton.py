"""The commands and their parameters without the code behind them, kept in a file: a Tab must not wait for imports."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import click

from influence_graph.caches import cache_folder, make_private, write_private
from influence_graph.cli.completion.values import COMPLETERS

_PACKAGE = Path(__file__).resolve().parents[2]
_SOURCES = ("cli", "ingest/presets", "_data/cypher", "../cypher")
"""Where what is kept comes from; a change of one of these files makes it anew."""


def skeleton(root: click.Group) -> tuple[click.Group, dict[str, Any]]:
    """Return *root* without code behind it, and the words for its values; from the kept file where that is fresh.

    Args:
        root: The command line.

    Returns:
        The group, of plain parameters with completion, and the words: see
        :func:`influence_graph.cli.completion.words.words`.
    """
    path, key = _kept_file(), _key()
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        kept = {}
    if not isinstance(kept, dict) or kept.get("key") != key:
        kept = json.loads(json.dumps({"key": key, **_made(root)}))
        _keep(path, json.dumps(kept))
    return _group("influence-graph", kept["tree"], kept["words"]), kept["words"]


def _made(root: click.Group) -> dict[str, Any]:
    from influence_graph.cli.completion.words import completer_of, words

    return {"tree": _described(root, (), completer_of), "words": words()}


def _kept_file() -> Path:
    place = hashlib.sha256(str(_PACKAGE).encode()).hexdigest()[:16]
    return cache_folder("completion") / f"{place}.json"


def _keep(path: Path, text: str) -> None:
    """Write *text* to *path*; where that cannot be, the next Tab is as slow as this one."""
    try:
        make_private(path.parent)
        write_private(path, text.encode("utf-8"))
    except OSError:
        return


def _key() -> str:
    """Return a digest of the names, sizes and times of the files that the kept one depends on."""
    digest = hashlib.sha256()
    for source in _SOURCES:
        for path in sorted((_PACKAGE / source).rglob("*.*")):
            if path.suffix in (".py", ".toml", ".cypher"):
                known = path.stat()
                digest.update(f"{path} {known.st_size} {known.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _described(
    command: click.Command, path: tuple[str, ...], completer_of: Callable[[tuple[str, ...], click.Parameter], str]
) -> dict[str, Any]:
    parameters = [_parameter(each) | {"values": completer_of(path, each)} for each in command.params]
    told: dict[str, Any] = {"help": command.get_short_help_str(limit=100), "parameters": parameters}
    if isinstance(command, click.Group):
        context = click.Context(command)
        below = {name: command.get_command(context, name) for name in command.list_commands(context)}
        told["commands"] = {
            name: _described(each, (*path, name), completer_of) for name, each in below.items() if each is not None
        }
    return told


def _parameter(parameter: click.Parameter) -> dict[str, Any]:
    told: dict[str, Any] = {"name": parameter.name, "opts": parameter.opts, "nargs": parameter.nargs}
    if isinstance(parameter, click.Option):
        help_ = " ".join((parameter.help or "").partition("  ")[0].split())
        told |= {
            "help": help_,
            "secondary": parameter.secondary_opts,
            "flag": parameter.is_flag,
            "multiple": parameter.multiple,
            "envvar": parameter.envvar,
        }
    if isinstance(parameter.type, click.Choice):
        told["choices"] = [str(choice) for choice in parameter.type.choices]
    if parameter.name == "store" and isinstance(parameter.default, str):
        told["default"] = parameter.default
    return told


class _Ordered(click.Group):
    """A group whose commands are in the order of the help."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(self.commands)


def _group(name: str, told: dict[str, Any], words: dict[str, Any]) -> click.Group:
    below = {each: _command(each, kept, words) for each, kept in told["commands"].items()}
    return _Ordered(name, below, **_settings(told, words))


def _command(name: str, told: dict[str, Any], words: dict[str, Any]) -> click.Command:
    return _group(name, told, words) if "commands" in told else click.Command(name, **_settings(told, words))


def _settings(told: dict[str, Any], words: dict[str, Any]) -> dict[str, Any]:
    return {
        "params": [_rebuilt(each, words) for each in told["parameters"]],
        "short_help": told["help"],
        "context_settings": {"help_option_names": ["-h", "--help"]},
    }


def _rebuilt(told: dict[str, Any], words: dict[str, Any]) -> click.Parameter:
    attributes: dict[str, Any] = {"nargs": told["nargs"], "required": False, "default": told.get("default")}
    attributes["shell_complete"] = partial(COMPLETERS[told["values"]], words, told.get("choices", []))
    if "flag" not in told:
        return click.Argument([told["name"]], **attributes)
    flags = ["/".join((told["opts"][-1], *told["secondary"]))] if told["secondary"] else [told["opts"][-1]]
    declared = [told["name"], *told["opts"][:-1], *flags]
    if told["flag"]:
        return click.Option(declared, is_flag=True, default=False, help=told["help"])
    return click.Option(declared, multiple=told["multiple"], envvar=told["envvar"], help=told["help"], **attributes)
