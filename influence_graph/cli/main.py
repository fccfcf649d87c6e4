"""The ``influence-graph`` command and the one place where errors become exit codes."""

from __future__ import annotations

import os
import signal
import sys
from importlib import import_module
from types import FrameType

import click

from influence_graph.errors import InfluenceGraphError, one_line

COMMANDS = {
    "demo": "demo:demo",
    "ingest": "ingest:ingest",
    "import": "ingest:import_",
    "rank": "analyse:rank",
    "score": "analyse:score",
    "explain": "analyse:explain",
    "brand": "brand:brand",
    "neighbors": "questions:neighbors",
    "path": "questions:path",
    "shared": "questions:shared",
    "query": "query:query",
    "queries": "query:queries",
    "report": "demo:report",
    "policy": "policy:policy",
    "runs": "store:runs",
    "push": "store:push",
    "pull": "store:pull",
    "export": "store:export",
    "migrate": "store:migrate",
    "neo4j": "server:neo4j",
    "doctor": "store:doctor",
}


class _Commands(click.Group):
    """The commands in the order of a first session, each imported when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(f"influence_graph.cli.commands.{module}"), attribute)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        from influence_graph.model.names import did_you_mean

        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            remedy = did_you_mean(args[0], COMMANDS, "see `influence-graph --help`")
            raise click.UsageError(f"no such command {one_line(args[0])!r}; {remedy}", ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="influence-graph")
def main() -> None:
    """Who influences whom, and how strong is the bond of a consumer and a brand?

    \b
    First steps:
      influence-graph demo                       a small town, ranked, scored and explained, as a page
      influence-graph ingest people.csv ties.csv interactions.csv
      influence-graph rank --top 10              who moves whom
      influence-graph score --top 10             the strongest bonds
      influence-graph explain singer sweater     what moved this bond, event by event

    Records are kept in the store of --store or INFLUENCE_GRAPH_STORE: a folder (default
    ./influence-graph-data, no server needed) or the address of a Neo4j.
    """


def run() -> None:
    """Run the command line and exit.

    Exit codes: 0 ok, 1 failure, 2 usage, 3 store unreachable, 4 authentication, 5 lock held, 130 stopped.
    """
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        code = main(standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except InfluenceGraphError as error:
        code = _fail(str(error), error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        code = _fail("stopped; the batch in hand was rolled back, what was stored before stays", 130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the interpreter complains at exit
        code = 0
    except Exception as error:
        if os.environ.get("INFLUENCE_GRAPH_DEBUG"):
            raise
        what = one_line(f"{type(error).__name__}: {error}")
        code = _fail(f"internal error: {what}; set INFLUENCE_GRAPH_DEBUG=1 for details and report it", 1)
    sys.exit(code if isinstance(code, int) else 0)


def _fail(message: str, code: int) -> int:
    click.echo(click.style("error: ", fg="red") + message, err=True)
    return code


def _interrupt(number: int, frame: FrameType | None) -> None:
    del number, frame
    raise KeyboardInterrupt
