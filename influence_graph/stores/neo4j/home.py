"""The home folder of a launched server: its configuration, secrets and remembered state.

Layout: ``conf/neo4j.conf``, ``data/``, ``import/``, ``logs/`` and ``run/`` with ``server.json``
(process and ports), ``command.json`` (how it is started again), ``supervisor.json``, ``password`` (mode 0600) and
``lock``.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from platformdirs import user_state_path

USERNAME = "neo4j"
_SALT_BYTES, _ITERATIONS = 32, 1024


@dataclass(frozen=True)
class ServerState:
    """What is remembered between calls; the ports stay the same from start to start where they are free."""

    pid: int
    bolt_port: int
    http_port: int


@dataclass(frozen=True)
class Restart:
    """A restart by the supervisor: when (ISO 8601, UTC) and why."""

    at: str
    why: str


@dataclass(frozen=True)
class Supervision:
    """The process that restarts the server, and the last restarts."""

    pid: int
    restarts: tuple[Restart, ...] = ()


@dataclass(frozen=True)
class Home:
    """Paths inside the home folder *root*."""

    root: Path

    @property
    def password_file(self) -> Path:
        """The generated password of the user ``neo4j``, mode 0600."""
        return self.root / "run" / "password"

    @property
    def plugins(self) -> Path:
        """The jars of plugins; every start takes what lies here."""
        return self.root / "plugins"

    @property
    def browser(self) -> Path:
        """The jar of the Browser with pages of our own."""
        return self.root / "run" / "browser.jar"

    @property
    def log_file(self) -> Path:
        """Everything that the server prints."""
        return self.root / "logs" / "console.log"

    @property
    def lock_file(self) -> Path:
        """Held while a command starts or stops the server."""
        return self.root / "run" / "lock"

    @property
    def state_file(self) -> Path:
        """The process and the ports, as JSON."""
        return self.root / "run" / "server.json"

    @property
    def command_file(self) -> Path:
        """The command that starts the server, as JSON; no secret is in it."""
        return self.root / "run" / "command.json"

    @property
    def supervisor_file(self) -> Path:
        """Who restarts the server, and when that was done, as JSON."""
        return self.root / "run" / "supervisor.json"

    @property
    def supervisor_log(self) -> Path:
        """A line for each restart."""
        return self.root / "logs" / "supervisor.log"

    def create(self) -> None:
        """Make the folders, private to the user; existing ones stay as they are."""
        for name in ("conf", "data", "import", "logs", "plugins", "run"):
            (self.root / name).mkdir(mode=0o700, parents=True, exist_ok=True)

    def read_state(self) -> ServerState | None:
        """Return the remembered state, or None where there is none or it is incomplete."""
        try:
            state = json.loads(self.state_file.read_text(encoding="utf-8"))
            return ServerState(int(state["pid"]), int(state["bolt_port"]), int(state["http_port"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write_state(self, state: ServerState) -> None:
        """Remember *state*, and which home answers at its Bolt port."""
        _replace(self.state_file, json.dumps(asdict(state)))
        registered = _registered(state.bolt_port)
        registered.parent.mkdir(parents=True, exist_ok=True)
        _replace(registered, json.dumps({"home": str(self.root)}))

    def read_command(self) -> list[str]:
        """Return the command of :meth:`write_command`."""
        return [str(part) for part in json.loads(self.command_file.read_text(encoding="utf-8"))]

    def write_command(self, command: list[str]) -> None:
        """Remember how the server is started."""
        _replace(self.command_file, json.dumps(command))

    def read_supervision(self) -> Supervision | None:
        """Return who restarts the server, or None where that is not on record."""
        try:
            found = json.loads(self.supervisor_file.read_text(encoding="utf-8"))
            restarts = tuple(Restart(str(each["at"]), str(each["why"])) for each in found["restarts"])
            return Supervision(int(found["pid"]), restarts)
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write_supervision(self, supervision: Supervision) -> None:
        """Remember *supervision*."""
        _replace(self.supervisor_file, json.dumps(asdict(supervision)))

    def write_conf(self, settings: dict[str, str]) -> None:
        """Write ``conf/neo4j.conf``."""
        lines = [f"{name}={value}" for name, value in settings.items()]
        _replace(self.root / "conf" / "neo4j.conf", "\n".join(lines) + "\n")

    def ensure_password(self) -> str:
        """Return the password; on first use generate it and leave its salted hash for the first start.

        The server takes the hash from ``data/dbms/auth.ini``, the file that ``neo4j-admin dbms
        set-initial-password`` writes, so the password is in no command line and there is no moment
        with a default one.
        """
        if self.password_file.exists():
            return self.password_file.read_text(encoding="utf-8").strip()
        password = secrets.token_urlsafe(24)
        folder = self.root / "data" / "dbms"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _replace(folder / "auth.ini", f"{USERNAME}:{_hashed(password)}:\n")
        _replace(self.password_file, password + "\n")
        return password


def home_at(bolt_port: int) -> Home | None:
    """Return the home of the server launched at *bolt_port* by this user, or None."""
    try:
        home = Home(Path(json.loads(_registered(bolt_port).read_text(encoding="utf-8"))["home"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    state = home.read_state()
    return home if state is not None and state.bolt_port == bolt_port else None


def launched_addresses() -> list[str]:
    """Return the addresses of the servers that this user has launched and whose homes are still there."""
    ports = sorted(int(path.stem) for path in _registry().glob("*.json") if path.stem.isdigit())
    return [f"bolt://127.0.0.1:{port}" for port in ports if home_at(port) is not None]


def _registry() -> Path:
    return user_state_path("influence-graph") / "neo4j-servers"


def _registered(bolt_port: int) -> Path:
    return _registry() / f"{bolt_port}.json"


def _hashed(password: str) -> str:
    """Return *password* as Neo4j stores it: iterated, salted SHA-256."""
    salt = secrets.token_bytes(_SALT_BYTES)
    digest = hashlib.sha256(salt + password.encode()).digest()
    for _ in range(_ITERATIONS - 1):
        digest = hashlib.sha256(digest).digest()
    return f"SHA-256,{digest.hex()},{salt.hex()},{_ITERATIONS}"


def _replace(path: Path, text: str) -> None:
    """Write *text* to *path* in one step, readable by the user only."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    temporary.replace(path)
