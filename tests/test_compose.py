"""docker-compose.yml, its Dockerfile and its configuration: by the schema of Compose, and by what they name.

No container engine runs where this is built: neither the image nor the services are started here.
"""

from __future__ import annotations

import fnmatch
import json
import os
import re
import tomllib
import urllib.request
from pathlib import Path
from typing import Any

import click
import jsonschema
import pytest
import yaml

from influence_graph.cli.main import main
from influence_graph.configuration.load import load
from influence_graph.configuration.place import VARIABLE
from influence_graph.schedule.health import Health
from influence_graph.schedule.metrics import Endpoint, Metrics
from influence_graph.schedule.observability import MetricsSettings

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SCHEDULER: dict[str, Any] = COMPOSE["services"]["scheduler"]
DOCKERFILE = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")


def schema() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / "tests" / "vendor" / "compose-spec.json").read_text())
    return found


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> Any:
    for name in os.environ:
        if name.upper().startswith(("INFLUENCE_GRAPH_", "NEO4J_")):
            monkeypatch.delenv(name)
    return load(ROOT / COMPOSE["configs"]["influence-graph"]["file"]).values


def test_the_file_is_one_of_compose() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    jsonschema.validate(COMPOSE, schema(), jsonschema.Draft202012Validator)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("services", "scheduler", "restrat"), "always"),
        (("services", "scheduler", "ports"), "9464"),
        (("services", "scheduler", "depends_on", "neo4j", "condition"), "healthy"),
        (("services", "scheduler", "healthcheck", "interval"), 30),
        (("volume",), {}),
        (("secrets", "neo4j-auth", "fil"), "x"),
    ],
)
def test_the_schema_would_tell_of_a_mistake(path: tuple[str, ...], value: object) -> None:
    wrong = json.loads(json.dumps(COMPOSE))
    at = wrong
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, schema(), jsonschema.Draft202012Validator)


def test_what_services_name_is_declared_and_there() -> None:
    for name, service in COMPOSE["services"].items():
        for secret in service.get("secrets", []):
            assert secret in COMPOSE["secrets"], name
        for each in service.get("configs", []):
            assert (ROOT / COMPOSE["configs"][each["source"]]["file"]).is_file()
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source in COMPOSE["volumes"] or source == "./inbox"
        for other, wanted in service.get("depends_on", {}).items():
            assert wanted["condition"] == "service_healthy"
            assert "healthcheck" in COMPOSE["services"][other]


def test_ports_are_of_this_machine_alone_and_nobody_is_root() -> None:
    for service in COMPOSE["services"].values():
        assert all(port.startswith("127.0.0.1:") for port in service["ports"])
        assert service["user"].startswith("${INFLUENCE_GRAPH_USER:?")
        assert "healthcheck" in service
    assert re.findall(r"^USER (.+)$", DOCKERFILE, re.MULTILINE)[-1] not in ("root", "0", "0:0")


def test_no_secret_is_a_variable_and_each_is_a_file_that_git_and_images_leave_out() -> None:
    for service in COMPOSE["services"].values():
        for name, value in service["environment"].items():
            assert "password" not in value.lower() or value.startswith("/run/secrets/"), name
            assert not name.endswith("PASSWORD"), name
    ignored = (ROOT / ".gitignore").read_text().splitlines()
    for secret in COMPOSE["secrets"].values():
        assert secret["file"].startswith("./secrets/")
    assert {"/secrets/", "/inbox/", "/.env"} <= set(ignored)
    assert not is_in_image("secrets/neo4j-password")
    assert not is_in_image(".env")
    assert not is_in_image(".git/config")


def test_the_first_lines_make_every_secret() -> None:
    told = "\n".join(line for line in TEXT.splitlines() if line.startswith("#"))
    for secret in COMPOSE["secrets"].values():
        assert f"> {secret['file'].removeprefix('./')}" in told
    assert "umask 077" in told
    assert "INFLUENCE_GRAPH_USER=" in told


def test_variables_and_command_of_the_scheduler_are_ours() -> None:
    assert list(SCHEDULER["environment"]) == [VARIABLE]
    assert SCHEDULER["environment"][VARIABLE] == SCHEDULER["configs"][0]["target"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    [entry] = re.findall(r'^ENTRYPOINT \["(.+)"\]$', DOCKERFILE, re.MULTILINE)
    assert entry in project["scripts"]
    context, command, words = click.Context(main), main, list(SCHEDULER["command"])
    while isinstance(command, click.Group):
        found = command.get_command(context, words[0])
        assert found is not None, words
        command, words = found, words[1:]
    command.parse_args(click.Context(command, resilient_parsing=True), words)


def test_the_configuration_of_the_scheduler_can_be_used_and_fits_its_service(configured: Any) -> None:
    assert list(configured.schedule)
    assert configured.neo4j.uri == "bolt://neo4j:7687"
    assert "neo4j" in COMPOSE["services"]
    assert str(configured.neo4j.password_file) == f"/run/secrets/{SCHEDULER['secrets'][0]}"
    mounted = [volume.split(":")[1] for volume in SCHEDULER["volumes"]]
    assert str(configured.inbox.folder) in mounted
    assert any(configured.cache.is_relative_to(folder) for folder in mounted)
    assert SCHEDULER["ports"] == [f"127.0.0.1:{configured.metrics.port}:{configured.metrics.port}"]
    assert SCHEDULER["read_only"] is True


def test_the_health_check_asks_the_port_of_the_configuration(configured: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    test = SCHEDULER["healthcheck"]["test"]
    assert test[:3] == ["CMD", "python", "-c"]
    assert f":{configured.metrics.port}/health" in test[3]
    health = Health()
    with Endpoint(MetricsSettings(port=0), Metrics(), health) as endpoint:
        code = test[3].replace(str(configured.metrics.port), str(endpoint.port))
        exec(code, {})
        health.degrade("store", "no answer")
        with pytest.raises(urllib.error.HTTPError, match="503"):
            exec(code, {})


def test_the_dockerfile_copies_what_is_there_and_what_the_program_needs() -> None:
    lines = re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
    copied = [source for line in lines for source in line.split()[:-1]]
    for source in copied:
        assert (ROOT / source).exists(), source
        assert is_in_image(source), source
    built = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wheel = built["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = {
        *wheel["packages"],
        *wheel["force-include"],
        built["project"]["readme"],
        *built["project"]["license-files"],
    }
    assert needed <= set(copied)


def test_the_image_has_the_locked_versions_of_the_extra_schedule() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    locks = {name: versions(ROOT / "requirements" / f"{name}.txt") for name in ("base", "dev", "schedule")}
    assert locks["base"].items() <= locks["schedule"].items() <= locks["dev"].items()
    extra = {re.split(r"[<>=!]", each)[0] for each in project["optional-dependencies"]["schedule"]}
    assert extra <= locks["schedule"].keys()
    assert "--require-hashes -r requirements/schedule.txt" in DOCKERFILE


def versions(path: Path) -> dict[str, str]:
    found = re.findall(r"^([\w.-]+)==(\S+)", path.read_text(), re.MULTILINE)
    return dict(found)


def is_in_image(path: str) -> bool:
    """Return whether *path* is sent to the builder: the last line of .dockerignore that fits it decides."""
    sent = True
    for line in (ROOT / ".dockerignore").read_text().splitlines():
        pattern = line.removeprefix("!")
        fits = any(
            fnmatch.fnmatch("/".join(path.split("/")[:count]), pattern) for count in range(1, path.count("/") + 2)
        )
        if line and not line.startswith("#") and fits:
            sent = line.startswith("!")
    return sent
