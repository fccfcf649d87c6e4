"""The ``influence-graph`` command and the one place where errors become exit codes."""

from __future__ import annotations

import io
import keyword
import os
import sys
from contextlib import suppress
from importlib import import_module

import click

from influence_graph.cli.configured import config_option, configure, place_of
from influence_graph.cli.failures import EXPECTED, explained, fail
from influence_graph.cli.signals import STOPPED, Watch
from influence_graph.cli.stopping import Stopped
from influence_graph.cli.texts import check_texts
from influence_graph.ending import abandon
from influence_graph.errors import InputError
from influence_graph.text import did_you_mean, one_line

COMMANDS = {
    "demo": "Build a small town, rank it, score its bonds, and leave a page with plots.",
    "inspect": "Show what a file is and what its columns would become; nothing is stored.",
    "ingest": "Add records from CSV, JSON Lines or Parquet files, gzipped or not.",
    "presets": "List the files of services and programs that `ingest --preset` reads.",
    "import": "Add a public data set as it was downloaded, or a generated one.",
    "copresence": "Make ties of who was at the same place on the same day.",
    "rank": "Rank people (or people and brands) by PageRank and other measures.",
    "reach": "Estimate how many people each ID reaches alone, and all together.",
    "seeds": "Choose the people who together reach most, with a certificate.",
    "influencers": "Find who moves others beyond chance, by what they say or in silence.",
    "influencer": "Show what speaks for and against it that one person moves others.",
    "lift": "Tell whether a campaign raised sales, by how much, and what a next one could show.",
    "learn": "Learn how likely influence passes along each tie.",
    "score": "Give the Fusion Score of consumer-brand bonds, strongest first.",
    "explain": "Explain one Fusion Score, event by event.",
    "brand": "Show one brand: health, judgment, profit, carriers, neighbors.",
    "brands": "Compare all brands: bonds, judgment, share of voice, paid or meant, peers.",
    "person": "Show one person: giving and getting, image, influence, history.",
    "neighbors": "List who and what ID is linked to.",
    "path": "Show a shortest path between two nodes.",
    "shared": "List what two nodes have in common.",
    "query": "Answer a question by name, or a query of your own: Cypher or SQL.",
    "queries": "List the questions that `query NAME` answers, by topic.",
    "shell": "Ask one question after the other, with history and completion.",
    "report": "Write one HTML page with plots of the whole store.",
    "touchpoints": "Show, compare and set what each kind of interaction means.",
    "policy": "Show, check, compare and estimate the parameters of the Fusion Score.",
    "recompute": "Bring all results up to date together, only what has changed.",
    "schedule": "Recalculate by schedule, each tick once, and store what an inbox brings.",
    "alerts": "Watch rules, and tell of each crossing once, with its reason.",
    "runs": "List the results kept in the store; tell who rose, who fell, and why.",
    "sources": "List the files that records came from.",
    "pseudonym": "Print by what pseudonym a store has a person.",
    "forget": "Erase people, a source or old records, and calculate again what depended on them.",
    "push": "Copy all records of --store to another store.",
    "pull": "Copy all records of another store into --store.",
    "export": "Write records, or the whole graph, to files.",
    "migrate": "Create or update the store's schema.",
    "neo4j": "Run a Neo4j Community server with its Browser on this machine.",
    "browser": "Open the Neo4j Browser signed in, with a guide, a style and favorites.",
    "config": "Show and check the configuration, influence-graph.toml.",
    "completion": "Complete commands, options, questions and ids at a Tab.",
    "doctor": "Check the installation and the store.",
}
"""Each command with its line in the help; it stands in the module of its name, which is imported when it is used."""


class _Commands(click.Group):
    """The commands in the order of a first session, each imported when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        name = f"{cmd_name}_" if keyword.iskeyword(cmd_name) else cmd_name
        command: click.Command = getattr(import_module(f"influence_graph.cli.commands.{name}"), name)
        check_texts(command)
        configure(ctx, cmd_name, command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            remedy = did_you_mean(args[0], COMMANDS, "see `influence-graph --help`")
            raise click.UsageError(f"no such command {one_line(args[0])!r}; {remedy}", ctx)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; a reader that has seen enough, as `head` has, ends it well."""
        try:
            return super().invoke(ctx)
        except click.BadParameter as error:
            if place := place_of(error):
                raise InputError(f"{place}: {error.message}") from error
            raise
        except BrokenPipeError:  # before click sees it: it would exit with 1
            _discard_output()
            return 0


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="influence-graph")
@config_option
@click.option(
    "--allow-remote-plaintext",
    is_flag=True,
    envvar="INFLUENCE_GRAPH_ALLOW_REMOTE_PLAINTEXT",
    help="Let bolt:// and neo4j:// without TLS leave this machine.",
)
def main(allow_remote_plaintext: bool) -> None:
    """Who influences whom, and how strong is the bond of a consumer and a brand?

    \b
    First steps:
      influence-graph demo                       a small town, ranked, scored and explained, as a page
      influence-graph ingest people.csv ties.csv interactions.csv
      influence-graph rank --top 10              who moves whom
      influence-graph seeds -k 10                whom to win first
      influence-graph score --top 10             the strongest bonds
      influence-graph explain singer sweater     what moved this bond, event by event

    Records are kept in the store of --store or INFLUENCE_GRAPH_STORE: a folder (default
    ./influence-graph-data, no server needed) or the address of a Neo4j. What can be calculated
    again is kept in INFLUENCE_GRAPH_CACHE (default: your cache folder). Options that are always the
    same stand in influence-graph.toml: see `config show`.
    """
    del allow_remote_plaintext  # read by the store options, see options.StoreType


def run() -> None:
    """Run the command line and exit.

    Exit codes: 0 ok, 1 failure, 2 usage, 3 store unreachable, 4 authentication, 5 lock held, 6 an alert fired,
    130 stopped.
    """
    if instruction := os.environ.get("_INFLUENCE_GRAPH_COMPLETE"):
        sys.exit(import_module("influence_graph.cli.completion.shells").answer(main, instruction))
    watch = Watch()
    with suppress(OSError):  # without a process of its own, what holds the interpreter's lock is not ended
        watch.begin()
    try:
        code = outcome(watch)
    except KeyboardInterrupt:  # while an error was told
        code = _stopped(watch)
    if watch.received:  # not by way of the interpreter's end, which waits for threads and for who reads the output
        with suppress(OSError, ValueError):
            sys.stdout.flush()
        abandon()
        watch.dismiss()
        os._exit(code)
    watch.finish()
    sys.exit(code)


def outcome(watch: Watch) -> int:
    """Run the command line, heeding signals, and return the exit code."""
    code: object = 0
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # of a path that is not UTF-8
    try:
        watch.heed()
        code = main(standalone_mode=False, obj=Stopped(watch))
        sys.stdout.flush()
    except BrokenPipeError:
        _discard_output()
    except SystemExit as ended:  # what the command says of its own end holds, also where that was a signal's doing
        return ended.code if isinstance(ended.code, int) else 0
    except (Exception, KeyboardInterrupt) as error:
        # Code in C may turn the interrupt, raised inside its callback, into an error of its own.
        if watch.received or isinstance(error, (KeyboardInterrupt, click.Abort)):
            return _stopped(watch)
        if os.environ.get("INFLUENCE_GRAPH_DEBUG") and not isinstance(error, EXPECTED):
            raise
        return explained(error)
    if watch.received:  # the interrupt was lost on its way
        return _stopped(watch)
    return code if isinstance(code, int) else 0


def _stopped(watch: Watch) -> int:
    return fail(watch.line, STOPPED) if watch.claim() else STOPPED


def _discard_output() -> None:
    """Send what is still buffered nowhere, or the interpreter complains at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
