"""The scripts in real shells: installed by the command, found by a new shell, and what a Tab makes of a line."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest
from click.testing import CliRunner

from influence_graph.cli.main import main
from tests.warm import write_program

ROOT = Path(__file__).resolve().parents[3]
CONTROL = re.compile(r"\x1b\[[0-9;?>]*[ -/]*[@-~]|\x1b\][^\x07]*\x07|\x1b[=>(]B?|\r")
SHELLS = [
    pytest.param(name, marks=pytest.mark.skipif(shutil.which(name) is None, reason=f"{name} is not installed"))
    for name in ("bash", "zsh", "fish")
]
LOADER = Path("/usr/share/bash-completion/bash_completion")


class Typist:
    """Somebody with an account of her own, who types into her shell."""

    def __init__(self, shell: str, home: Path) -> None:
        programs = home / "bin"
        programs.mkdir()
        write_program(programs / "influence-graph")
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("INFLUENCE_GR", "XDG_", "NEO"))
        }
        self.environment = {
            **kept, "HOME": str(home), "PATH": f"{programs}:{kept['PATH']}", "PYTHONPATH": str(ROOT),
            "TERM": "xterm", "SHELL": f"/bin/{shell}",
        }  # fmt: skip
        self.shell, self.home = shell, home
        self._child: pexpect.spawn[str] | None = None

    def command(self, *arguments: str) -> str:
        """Run the command without a shell; return all that it prints."""
        done = pexpect.run(
            "influence-graph " + " ".join(arguments), env=self.environment, cwd=str(self.home), timeout=60
        )
        return str(done.decode()).replace("\r\n", "\n")

    @property
    def child(self) -> pexpect.spawn[str]:
        """The running shell."""
        if self._child is None:
            self._child = pexpect.spawn(
                self.shell, ["-i"], env=self.environment, cwd=str(self.home), encoding="utf-8", timeout=60,
                dimensions=(50, 220),
            )  # fmt: skip
            if self.shell == "bash" and LOADER.exists():
                self._child.sendline(f"source {LOADER}")  # as /etc/bash.bashrc does where it is switched on
            elif self.shell == "bash":
                self._child.sendline("source .local/share/bash-completion/completions/influence-graph")
        return self._child

    def completed(self, line: str) -> list[str]:
        """Return the words, as the shell reads them, that one Tab makes of *line*."""
        self.child.send(f"{line}\t")
        self.child.send("\x01printf '[%s]' \x05; echo 'en''d'\r")
        self.child.expect_exact("]end")
        shown = CONTROL.sub("", self.child.before or "")
        return re.findall(r"\[([^][]*)\]", shown[shown.rfind("[influence-graph]") :] + "]")

    def offered(self, line: str, *words: str) -> None:
        """Wait until all *words* stand on the screen below *line* after a Tab; take the line back."""
        self.child.send(f"{line}\t" if self.shell == "fish" else f"{line}\t\t")
        left = list(words)
        while left:
            left.pop(self.child.expect_exact(left))
        self.child.send("\x03")
        self.child.send("\x03\r")

    def close(self) -> None:
        """Hang up."""
        if self._child is not None:
            self._child.close(force=True)


@pytest.fixture(scope="module", params=SHELLS)
def typist(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Typist]:
    home = tmp_path_factory.mktemp(request.param)
    store = str(home / "influence-graph-data")
    CliRunner().invoke(main, ["import", "story", "--store", store], catch_exceptions=False)
    (home / "notes.csv").write_text('id,name\n"Ann, of: the $hill",Ann\nzy\'hara,Maureen\n')
    CliRunner().invoke(main, ["ingest", str(home / "notes.csv"), "--as", "people", "--store", store])
    if request.param == "zsh":
        (home / ".zshrc").write_text("export MINE=1")
    someone = Typist(request.param, home)
    someone.command("completion", "install")
    yield someone
    someone.close()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("completion unin", ["completion", "uninstall"]),
        ("explain singer sw", ["explain", "singer", "sweater"]),
        (
            "explain --store influence-graph-data singer snea",
            ["explain", "--store", "influence-graph-data", "singer", "sneakers"],
        ),
        ("explain Ann", ["explain", "Ann, of: the $hill"]),
        ("explain 'Ann", ["explain", "Ann, of: the $hill"]),
        ("explain zy", ["explain", "zy'hara"]),
        ("query brand-b", ["query", "brand-bonds"]),
        ("query brand-bonds --param br", ["query", "brand-bonds", "--param", "brand="]),
        ("query brand-bonds --param brand=sw", ["query", "brand-bonds", "--param", "brand=sweater"]),
        ("query top-by --param measure=hits-a", ["query", "top-by", "--param", "measure=hits-authority"]),
        ("rank --by hits-a", ["rank", "--by", "hits-authority"]),
        ("rank --by=hits-a", ["rank", "--by=hits-authority"]),
        ("rank --store infl", ["rank", "--store", "influence-graph-data"]),
        ("rank --store=./infl", ["rank", "--store=./influence-graph-data"]),
        ("rank --store bolt:", ["rank", "--store", "bolt://"]),
        ("ingest note", ["ingest", "notes.csv"]),
        ("ingest --preset shopi", ["ingest", "--preset", "shopify-orders"]),
        ("import lastf", ["import", "lastfm"]),
        ("runs --timezone Europe/Berl", ["runs", "--timezone", "Europe/Berlin"]),
        ("rank --noth", ["rank", "--noth"]),
    ],
)
def test_a_tab_completes_the_word(typist: Typist, line: str, words: list[str]) -> None:
    assert typist.completed(f"influence-graph {line}") == ["influence-graph", *words]


@pytest.mark.parametrize(
    ("line", "words"),
    [("query ", ["audience", "brand-bonds", "top-by"]), ("explain singer ", ["raincoat", "sweater"])],
)
def test_a_tab_offers_what_there_is(typist: Typist, line: str, words: list[str]) -> None:
    typist.offered(f"influence-graph {line}", *words)


def test_installing_again_changes_nothing_and_uninstalling_takes_all_back(typist: Typist) -> None:
    def state() -> dict[Path, bytes]:
        skipped = (".cache", "bin", "influence-graph-data", ".local/share/fish", ".zcompdump", ".config/fish/fish_v")
        files = (path for path in sorted(typist.home.rglob("*")) if path.is_file())
        shown = {path.relative_to(typist.home): path for path in files}
        return {name: path.read_bytes() for name, path in shown.items() if not str(name).startswith(skipped)}

    before = state()
    assert "wrote" not in typist.command("completion", "install", typist.shell)
    assert state() == before
    assert "removed" in typist.command("completion", "uninstall", typist.shell)
    assert not [name for name, text in state().items() if b"INFLUENCE_GRAPH_COMPLETE" in text or b"compdef" in text]
    assert typist.command("completion", "uninstall").strip() == f"nothing was installed for {typist.shell}"
    assert typist.command("completion", "install", typist.shell).count("wrote") == 1
