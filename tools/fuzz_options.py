"""Values of every option and argument of every command, by its type: hostile ones, in the real command's error path."""

from __future__ import annotations

import io
import os
import random
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from influence_graph.cli import main as cli
from influence_graph.cli.options import DurationType, SizeType, StoreType, TimeType
from influence_graph.cli.signals import Watch
from influence_graph.cli.zones import ZoneType

SECONDS = 30
"""Of calculation that a command may take."""
CODES = frozenset({0, 1, 2, 3, 4, 5})
_LEFT_OUT = {("neo4j", "up"), ("browser",), ("demo",)}
"""Commands that start a server, wait for a browser or build a town: only their options are read."""
_SURROGATE = os.fsdecode(b"caf\xe9")
_TEXTS = (
    "", " ", _SURROGATE, f"{_SURROGATE}=1", f"at={_SURROGATE}", "=", "a=", "=a", "=" * 50, "-", "--", ",",
    "\n", "a\nb", "\r", "\t", "\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "\u202eabc", "\ufeff", "a\u0301", "🐈", "ñ" * 500,
    "x" * 1_000_000, "[" * 100_000, "a=" + "[" * 100_000, "a=" + '{"a":' * 50_000, "a=" + "9" * 5_000, "a=1e400",
    "a=NaN", "a=Infinity", "a=-0", 'a=datetime("0001-01-01T00:00+14:00")', 'a=datetime("9999-12-31T23:59-14:00")',
    'a=date("10000-01-01")', 'a=date("0001-01-01")', f'a="{_SURROGATE}"', 'a="\\ud800"', "a=18446744073709551616",
    "a=170141183460469231731687303715884105728", "a=-9223372036854775809", "a=[null]", "a={}", 'a={"b":[1,"x",null]}',
    "at=x + " * 5_000, "at=digest", "value=a scale nan..inf", "value=a scale 1..1", "value=a scale 1e400..2",
    "at=a format %", "at=a format %Q%Q", "at=a unit furlong", "at=a zone Mars", "kind=x", "brand=" + "b" * 100_000,
    "../../etc/passwd", "/", "/dev/null/x", ".", "..", "a/b" * 2_000, "%s%n", "{0}", "${HOME}", "`id`", "' OR 1=1 --",
    "a\\u0060b", "`", "\\", "__proto__", "<script>", "null", "true", "inf", "nan", "1e400", "-1", "0", "sweater", "singer",
)  # fmt: skip
_NUMBERS = (
    "0", "-0", "-1", "1", "2", "0.5", "1e-400", "1e400", "-1e400", "inf", "-inf", "nan", "1e308", "1e-308", "5e-324",
    "1e10", "18446744073709551615", "18446744073709551616", "9223372036854775808", "9" * 400, "9" * 5_000, "0x10",
    "1_000", "１２", "٣", " 7 ", "7\n", "", "+3", "1,5", "50%", "1e", "--1", "0.9999999999999999", "1.0000000000000002",
)  # fmt: skip
_TIMES = (
    "0001-01-01", "9999-12-31", "0001-01-01T00:00+14:00", "9999-12-31T23:59:59.999999-14:00", "1677-09-21", "2262-04-12",
    "1900-01-01", "2200-01-02", "2026-02-30", "2026-06-01T25:00", "2026-06-01T12:00+99:00", "20260601", "2026-W01-1",
    "2026-06-01T12:00:00.0000000001Z", "2026-06-01T02:30+23:59:59.999999", "now", "0000-00-00", "10000-01-01", "1e9",
    "2026-06-01", "٢٠٢٦-٠١-٠١", "-0001-01-01",
)  # fmt: skip
_SPANS = (
    "1e308d", "1e400d", "nand", "infd", "-infs", "-1s", "0", "0s", "1e-400s", "1e-9s", "999999999d", "1000000000d",
    "86400s", "1e10", "inf", "nan", "d", "1dd", "１d", "1 d", "1_0d", "30d", "2739726d",
)  # fmt: skip
_SIZES = ("1e30G", "nanG", "infM", "-1G", "-1", "0", "0K", "1", "1e308", "GB", "B", "1.5K", "1e400G", "９G", "1_0M")
_ADDRESSES = (
    "bolt://127.0.0.1:1", "bolt://u:hunter2@127.0.0.1:1", "bolt:/u:hunter2@h", "neo4j//u:hunter2@h",
    "BOLT://u:hunter2@h:1", "u:hunter2@h", "http://u:hunter2@h", "bolt://[::1", "bolt://[u:hunter2@::1]:1",
    "bolt://u:hunter2@[::1", "bolt://h:99999999", "bolt://:1", "bolt://", "://", "neo4j", "neo4j://127.0.0.1:1/x?y#z",
    "bolt://127.0.0.1:0x1", "bolt://127.0.0.1:-1", "bolt://127.0.0.1:1\n", f"bolt://{_SURROGATE}:1", "bolt://\x1b[31m",
    "bolt://" + "a" * 100_000, "bolt://" + "a" * 64 + ".invalid:1", "bolt://xn--a.invalid:1", "", " ", ".", "/dev/null",
    "/proc/1", "x" * 5_000, "a\nb", _SURROGATE, "bolt+s://127.0.0.1:1",
)  # fmt: skip
_ZONES = ("Mars/Base", "../../etc/passwd", "/etc/passwd", "", ".", "UTC\n", _SURROGATE, "Europe", "europe/berlin", "x" * 5_000,
          "Europe/Berlin", "Pacific/Kiritimati", "Etc/GMT+12", "posixrules", "Europe/\x00", "C:\\", "tzdata.zi")  # fmt: skip
_PATHS = (
    "", ".", "/", "missing", "missing/x.svg", "a\nb.html", f"{_SURROGATE}.html", f"{_SURROGATE}.csv", "x" * 300, "x" * 5_000,
    "/dev/null/x.png", "/proc/self/x.svg", "out.svg", "out.png", "out.html", "out.toml", "out", "-", "a\x1b[31m.svg",
    "people.csv", "odd.toml", "deep.toml",
)  # fmt: skip
_SWITCH = "INFLUENCE_GRAPH_ALLOW_REMOTE_PLAINTEXT"
_VARIABLES = (
    "INFLUENCE_GRAPH_STORE", "INFLUENCE_GRAPH_TIMEZONE", "INFLUENCE_GRAPH_POLICY", "INFLUENCE_GRAPH_TOUCHPOINTS",
    _SWITCH, "NEO4J_URI", "NEO4J_USERNAME", "NEO4J_PASSWORD", "NEO4J_DATABASE",
    "COLUMNS", "NO_COLOR", "TZ", "FORCE_COLOR", "LINES", "XDG_STATE_HOME", "XDG_CACHE_HOME",
)  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """What a command came to: its exit code, what it wrote, and whether it broke the rules."""

    arguments: list[str]
    environment: Mapping[str, str]
    code: object
    out: bytes
    err: str

    @property
    def fault(self) -> str:  # noqa: PLR0911 - one rule after the other
        """What is wrong with it, "" where nothing is."""
        if "internal error" in self.err or "Traceback" in self.err:
            return "internal error"
        if "output cannot be written" in self.err:
            return "an error of the system without its cause"
        if self.code not in CODES:
            return f"exit code {self.code!r}"
        if "hunter2" in self.err or b"hunter2" in self.out:
            return "a password"
        if "\x1b" in self.err or (b"\x1b" in self.out and "parquet" not in self.arguments):
            return "an escape"
        if self.code and not self.err.strip() and not self.out.strip():
            return "no word on a failure"
        lines = [line for line in self.err.splitlines() if line.lower().startswith("error")]
        answered = self.code in (0, 1) or self.arguments[0] == "doctor"  # `neo4j status` answers with 1
        told = len(lines) == 1 or (answered and not lines)
        return "" if told else f"{len(lines)} error lines"


class TooSlow(BaseException):
    """A command took longer than it may."""


def commands() -> list[tuple[tuple[str, ...], click.Command]]:
    """Return every command with its words; those that would not end by themselves do nothing."""
    found: list[tuple[tuple[str, ...], click.Command]] = []

    def walk(words: tuple[str, ...], command: click.Command) -> None:
        if isinstance(command, click.Group):
            for name, each in command.commands.items():
                walk((*words, name), each)
        if not isinstance(command, click.Group) or command.invoke_without_command:
            found.append((words, command))

    context = click.Context(cli.main)
    for name in cli.COMMANDS:
        command = cli.main.get_command(context, name)
        assert command is not None
        walk((name,), command)
    return found


@contextmanager
def harmless() -> Iterator[None]:
    """Let the commands that start servers, wait or build something large do nothing in the ``with`` block."""
    former = [(command, command.callback) for words, command in commands() if words in _LEFT_OUT]
    for command, _ in former:
        command.callback = lambda **_: None
    try:
        yield
    finally:
        for command, callback in former:
            command.callback = callback


def value_of(param: click.Parameter, dice: random.Random) -> str:
    """Return a value for *param*: mostly a hostile one of its type, at times one of any type."""
    return dice.choice(_of_type(param.type) if dice.random() < 0.8 else _TEXTS)


def _of_type(type_: click.ParamType[Any]) -> tuple[str, ...]:
    for kinds, values in _VALUES:
        if isinstance(type_, kinds):
            return values
    if isinstance(type_, click.Choice):
        return (*map(str, type_.choices), *_TEXTS[:6], str(type_.choices[0]).upper())
    return _TEXTS


_VALUES: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (StoreType, _ADDRESSES),
    (TimeType, _TIMES),
    (DurationType, _SPANS),
    (SizeType, _SIZES),
    (ZoneType, _ZONES),
    (click.Path, _PATHS),
    ((type(click.INT), type(click.FLOAT), click.IntRange, click.FloatRange), _NUMBERS),
)


def arguments_of(words: tuple[str, ...], command: click.Command, param: click.Parameter, value: str, dice: random.Random
                 ) -> list[str]:  # fmt: skip
    """Return a command line that gives *value* to *param*, and the others what a user would give."""
    options: list[str] = []
    places: list[str] = []
    for each in command.params:
        values = [value if each is param else "" for _ in range(max(1, each.nargs))]
        if isinstance(each, click.Argument):
            usual = [dice.choice(_USUAL.get(each.name or "", ("sweater", "singer"))) for _ in values]
            if each is param or each.required:
                places += values if each is param else usual
        elif isinstance(each, click.Option) and each is param and not each.is_flag:
            options += [each.opts[0], *values]
        elif isinstance(each, click.Option) and each is param:
            options.append(each.opts[0])
    return [*words, *options, *(["--"] if dice.random() < 0.5 else []), *places]


_USUAL = {
    "files": ("people.csv", "ties.csv"), "file": ("people.csv", "odd.toml"), "consumer": ("singer", "june"), "brand": ("sweater",),
    "text": ("brand-bonds", "SELECT 1", "SELECT $a"), "dataset": ("story", "edges"), "name": ("story", "edges"),
    "path": ("ties.csv",), "url": ("bolt://127.0.0.1:1",), "source": ("other",), "target": ("other",),
}  # fmt: skip


def run(arguments: list[str], environment: Mapping[str, str] | None = None) -> Outcome:
    """Run the command in this process, in the folder that is current, as the real one does: with its error path."""
    kept = {name: os.environ.get(name) for name in (environment or {})}
    former = sys.argv, sys.stdin, sys.stdout, sys.stderr
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGPROF)}
    out, err = io.BytesIO(), io.BytesIO()
    sys.argv = ["influence-graph", *arguments]
    sys.stdin = io.TextIOWrapper(io.BytesIO(b""), "utf-8")
    sys.stdout = io.TextIOWrapper(out, "utf-8", write_through=True)
    sys.stderr = io.TextIOWrapper(err, "utf-8", "backslashreplace", write_through=True)
    code: object = None
    watch = Watch()
    try:
        os.environ.update(environment or {})
        signal.signal(signal.SIGPROF, _too_slow)
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        code = cli.outcome(watch)
    except TooSlow:
        code = "slow"
    except BaseException as error:  # noqa: BLE001 - what escapes is what is looked for
        code = f"{type(error).__name__}: {error}"[:300]
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        written = out.getvalue(), err.getvalue().decode()
        for number, handler in handlers.items():
            signal.signal(number, handler)
        for name, value in kept.items():
            os.environ.pop(name, None)
            os.environ.update({} if value is None else {name: value})
        sys.argv, sys.stdin, sys.stdout, sys.stderr = former
    return Outcome(arguments, environment or {}, code, *written)


def _too_slow(number: int, frame: object) -> None:
    del number, frame
    raise TooSlow


def prepare(folder: Path) -> None:
    """Make files and a store in *folder* that the commands are run on; they find them in the current folder."""
    (folder / "people.csv").write_text("id,name\nann,Ann\n")
    (folder / "ties.csv").write_text("source,target\nann,june\n")
    (folder / "odd.toml").write_text('[weights]\n"x" = nan\n')
    (folder / "deep.toml").write_text("a = " + "[" * 5_000)
    for name in ("influence-graph-data", "other"):
        outcome = run(["import", "story", "--store", str(folder / name)])
        assert outcome.code == 0, outcome.err


def cases(dice: random.Random) -> Iterator[tuple[list[str], dict[str, str]]]:
    """Yield command lines with their environment without end."""
    every = [(words, command, param) for words, command in commands() for param in command.params]
    while True:
        dice.shuffle(every)
        for words, command, param in every:
            value = value_of(param, dice)
            environment = {}
            if dice.random() < 0.1:
                variable = dice.choice(_VARIABLES)
                addresses = () if variable == _SWITCH else _ADDRESSES  # nobody writes a password there
                given = dice.choice((*addresses, *_ZONES, *_PATHS, *_NUMBERS, *_TEXTS))
                environment[variable] = (
                    given.replace("\0", "")[:100_000]
                    .encode("utf-8", "surrogateescape")
                    .decode("utf-8", "surrogateescape")
                    if "\ud800" not in given
                    else "x"
                )
            yield arguments_of(words, command, param, value.replace("\0", ""), dice), environment
