"""Options from the configuration: what neither the command line nor the environment states is taken from the file."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from influence_graph.configuration.place import FILE_NAME, VARIABLE, configuration_file
from influence_graph.errors import InputError
from influence_graph.text import did_you_mean

if TYPE_CHECKING:
    from influence_graph.configuration.load import Loaded

_KEY = "influence_graph.configuration"
_PREFIX = "INFLUENCE_GRAPH_"
_VARIABLES = {"cache": f"{_PREFIX}CACHE", "key_file": f"{_PREFIX}KEY_FILE"}
"""Settings that are read as variables where they are needed, not as options."""
_STATED_EACH_TIME = (("forget", "older_than"), ("forget", "source"))
"""Options of commands that are never taken from a file: they would erase more than was asked for."""
_SECTIONS = {"recompute": "recompute"}
"""Commands whose options are a section's keys, too."""


def _read(ctx: click.Context, param: click.Parameter, file: Path | None) -> None:
    """Read the configuration, if there is one, before the other options are looked at; a callback of click."""
    del param
    found = None if ctx.resilient_parsing else configuration_file(file)
    if found is None:
        return
    from influence_graph.configuration.load import load

    loaded = ctx.meta[_KEY] = load(found)
    ctx.default_map = {"allow_remote_plaintext": loaded.values.allow_remote_plaintext}
    _set_variables(ctx, loaded)


config_option = click.option(
    "--config",
    type=click.Path(dir_okay=False, path_type=Path),
    envvar=VARIABLE,
    is_eager=True,  # before all that it may state
    expose_value=False,
    callback=_read,
    metavar="FILE",
    help=f"Configuration.  [default: {FILE_NAME}, if it is there]  [env: {VARIABLE}]",
)


def configuration() -> Loaded:
    """Return the configuration of the running command: that of its file, else of environment and defaults."""
    from influence_graph.configuration.load import load

    loaded: Loaded | None = click.get_current_context().meta.get(_KEY)
    return loaded or load(None)


def configure(ctx: click.Context, name: str, command: click.Command) -> None:
    """Let the options of *command*, which is called *name*, have the defaults that the configuration states.

    Raises:
        InputError: the configuration names a command or an option that there is not.
    """
    loaded: Loaded | None = ctx.meta.get(_KEY)
    if loaded is not None:
        ctx.default_map = {**(ctx.default_map or {}), name: defaults_of(command, name, loaded)}


def defaults_of(command: click.Command, name: str, loaded: Loaded) -> dict[str, Any]:
    """Return the defaults that *loaded* states for the options of *command*, by parameter, and of those within it.

    Raises:
        InputError: an option is unknown.
    """
    stated = loaded.values.commands.get(name, {})
    defaults = _defaults(command, stated, ("commands", name), loaded)
    section = loaded.given.get(_SECTIONS.get(name, ""), {})
    options = _options(command)
    return {**defaults, **{options[key].name: value for key, value in section.items() if key in options}}


def place_of(error: click.BadParameter) -> str:
    """Return where the configuration states the value that *error* is about, "" where it does not."""
    ctx, param = error.ctx, error.param
    if ctx is None or param is None or param.name is None:
        return ""
    loaded: Loaded | None = ctx.meta.get(_KEY)
    value_from = ctx.get_parameter_source(param.name)
    if loaded is None or (value_from is not None and value_from is not click.core.ParameterSource.DEFAULT_MAP):
        return ""
    names = ctx.command_path.split()[1:]
    key, setting = key_of(param), str(param.envvar or "").removeprefix(_PREFIX).lower()
    paths = (("commands", *names, key), (_SECTIONS.get(names[0], "") if names else "", key), (setting,))
    return next((place for place in map(loaded.origin, paths) if place != "default"), "")


def check_commands(root: click.Command, loaded: Loaded) -> Iterator[str]:
    """Yield the names of the commands of *root* for which *loaded* states options, each checked.

    Raises:
        InputError: a command or an option is unknown, or a value is not one of the option.
    """
    if not isinstance(root, click.Group):
        return
    known = root.list_commands(click.Context(root))
    for name in loaded.values.commands:
        command = root.get_command(click.Context(root), name)
        if command is None:
            raise _unknown(("commands", name), known, loaded)
        defaults_of(command, name, loaded)
        _check_values(command, loaded.values.commands[name], ("commands", name), loaded)
        yield name


def key_of(param: click.Parameter) -> str:
    """Return the key by which the configuration states *param*: its long option with _ for -."""
    names = [name for name in param.opts if name.startswith("--")]
    return max(names, key=len, default="").removeprefix("--").replace("-", "_")


def _defaults(command: click.Command, stated: Any, path: tuple[str, ...], loaded: Loaded) -> dict[str, Any]:  # noqa: ANN401
    if not isinstance(stated, Mapping):
        message = f"{loaded.origin(path)}: {'.'.join(path)} must be a table"
        raise InputError(message, remedy=f"write [{'.'.join(path)}]")
    within = command.commands if isinstance(command, click.Group) else {}
    options = _options(command)
    for key in stated:
        if key not in within and _named(key) not in options:
            raise _unknown((*path, key), [*within, *options], loaded)
        if (*path[1:], _named(key)) in _STATED_EACH_TIME:
            message = f"{loaded.origin((*path, key))}: {'.'.join((*path, key))} is not taken from a file"
            raise InputError(message, remedy="state it on the command line each time: it erases")
    settings = {_PREFIX + key.upper(): value for key, value in loaded.given.items()}
    shared = {param.name: settings[str(param.envvar)] for param in options.values() if str(param.envvar) in settings}
    own = {options[_named(key)].name: value for key, value in stated.items() if key not in within}
    below = {name: _defaults(each, stated.get(name, {}), (*path, name), loaded) for name, each in within.items()}
    return {str(name): value for name, value in {**shared, **own, **below}.items()}


def _named(key: str) -> str:
    """Return *key* as :func:`key_of` gives it: both spellings are usual."""
    return key.replace("-", "_")


def _options(command: click.Command) -> dict[str, click.Option]:
    return {key_of(param): param for param in command.params if isinstance(param, click.Option) and key_of(param)}


def _check_values(command: click.Command, stated: Mapping[str, Any], path: tuple[str, ...], loaded: Loaded) -> None:
    within = command.commands if isinstance(command, click.Group) else {}
    options, context = _options(command), click.Context(command)
    for key, value in stated.items():
        if key in within:
            _check_values(within[key], value, (*path, key), loaded)
            continue
        try:
            options[_named(key)].type_cast_value(context, value)
        except click.BadParameter as error:
            place = loaded.origin((*path, key))
            raise InputError(f"{place}: {'.'.join((*path, key))}: {error.message}") from error
    context.close()


def _unknown(path: tuple[str, ...], names: list[str], loaded: Loaded) -> InputError:
    remedy = did_you_mean(path[-1], names, f"use {', '.join(names)}")
    return InputError(f"{loaded.origin(path)}: unknown key {'.'.join(path)}", remedy=remedy)


def _set_variables(ctx: click.Context, loaded: Loaded) -> None:
    """Let the file's settings that are read as variables stand in for those that are not set, until *ctx* ends."""
    from influence_graph.configuration.sections import NEO4J

    wanted = {name: getattr(loaded.values, key) for key, name in _VARIABLES.items()}
    wanted |= {name: getattr(loaded.values.neo4j, key) for key, name in NEO4J.items()}
    if os.environ.get("NEO4J_PASSWORD"):
        del wanted[NEO4J["password_file"]]
    for name, value in wanted.items():
        if value is not None and not os.environ.get(name):
            os.environ[name] = str(value)
            ctx.call_on_close(lambda name=name: os.environ.pop(name, None))
