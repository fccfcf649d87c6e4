"""``config show|check``: the configuration, and where each value of it comes from."""

from __future__ import annotations

from pathlib import Path

import click
import pandas as pd

from influence_graph.cli.configured import check_commands, configuration
from influence_graph.cli.options import FILE, format_option, shown
from influence_graph.cli.output import emit, note
from influence_graph.schedule.retention import announced
from influence_graph.text import count_text


@click.group(epilog="Example: influence-graph config show")
def config() -> None:
    """Show and check the configuration: influence-graph.toml in this folder, or what --config names.

    What holds is the option of a command, else the environment, else the file, else the default.
    """


@config.command(epilog="Example: influence-graph config show --format csv")
@click.option("--changed", is_flag=True, help="Only what is not the default.")
@format_option
def show(changed: bool, format_: str | None) -> None:
    """List all settings with their values and where each comes from; what may be a secret is hidden."""
    loaded = configuration()
    rows = [(key, _text(value), origin) for key, value, origin in loaded.rows()]
    if changed:
        rows = [row for row in rows if row[2] != "default"]
    emit(pd.DataFrame(rows, columns=["key", "value", "from"]), format_, top=0)
    if loaded.file is None:
        note("there is no influence-graph.toml in this folder, and --config names none")


@config.command(epilog="Example: influence-graph config check")
@click.argument("file", type=FILE, required=False)
@click.pass_context
def check(ctx: click.Context, file: Path | None) -> None:
    """Check FILE, or the configuration that holds, as a whole: keys, values, options of commands, files of secrets.

    Exit code 2 with the line and the reason where something is wrong.
    """
    from influence_graph.configuration.load import load
    from influence_graph.configuration.whole import check_whole

    loaded = configuration() if file is None else load(file)
    commands = list(check_commands(ctx.find_root().command, loaded))
    check_whole(loaded)
    stated = sum(origin != "default" for _, _, origin in loaded.rows())
    parts = [count_text(stated, "value"), count_text(len(loaded.values.schedule), "schedule")]
    parts += [count_text(len(loaded.values.alerts), "alert"), f"defaults of {count_text(len(commands), 'command')}"]
    note(f"{loaded.file or 'the environment'} can be used: {', '.join(parts)}")
    if loaded.values.retention.older_than is not None:
        note(announced(loaded.values.retention.older_than))


def _text(value: object) -> str | None:
    """Return *value* as the file would state it; a list by commas."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return ", ".join(str(shown(item)) for item in value)
    return str(shown(value))
