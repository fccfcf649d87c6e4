"""What the configuration holds: settings by name, sections of frozen dataclasses, and defaults of commands.

Each value is taken from the environment, else from the file, else it is the default. A setting at the top of the file
has the name of its variable without ``INFLUENCE_GRAPH_``; a key of a section is ``INFLUENCE_GRAPH_SECTION__KEY`` there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, WrapValidator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from influence_graph.errors import InputError
from influence_graph.model.parameters import (
    DEFAULT_STORE,
    InboxParameters,
    RecomputeParameters,
    ScheduleParameters,
)
from influence_graph.schedule.alerts.rules import AnyRule, Delivery
from influence_graph.schedule.observability import LogSettings, MetricsSettings
from influence_graph.schedule.retention import RetentionSettings

PREFIX = "INFLUENCE_GRAPH_"
DELIMITER = "__"
LIMITS = "limits"
"""Type of the errors that a dataclass raises of its own values."""
NEO4J = {
    "uri": "NEO4J_URI",
    "username": "NEO4J_USERNAME",
    "password_file": "NEO4J_PASSWORD_FILE",
    "database": "NEO4J_DATABASE",
}
"""Keys of ``[neo4j]`` and their variables, which are those of Neo4j's own tools."""


@dataclass(frozen=True)
class Neo4jSettings:
    """The server that ``--store neo4j`` means, and the right to use it.

    Attributes:
        uri: Its address, such as ``bolt://localhost:7687``.
        username: The user name.
        password_file: File with the password alone, mode 0600.
        database: Name of the database; None: the server's default.
    """

    uri: str | None = None
    username: str | None = None
    password_file: Path | None = None
    database: str | None = None


def _telling(value: object, handler: Callable[[object], object]) -> object:
    """Let what a dataclass says of its own values be told with the place of the value."""
    try:
        return handler(value)
    except InputError as error:
        raise PydanticCustomError(LIMITS, "{message}", {"message": error.message, "remedy": error.remedy}) from error


_Told = WrapValidator(_telling)


class Configuration(BaseSettings):
    """All settings.

    Attributes:
        store: The store: a folder, an address, or ``neo4j`` for ``[neo4j] uri``.
        timeout: Longest wait for a server; None: that of each command.
        timezone: IANA zone of the days and times shown.
        touchpoints: Touchpoint table in place of the store's.
        policy: Policy file of the Fusion Score.
        cache: Folder of what can be calculated again; None: the user's cache folder.
        neo4j_home: Folder of the server that ``neo4j up`` starts.
        key_file: File of the key of pseudonyms and tombstones.
        allow_remote_plaintext: Let unencrypted connections leave this machine.
        neo4j: The server.
        recompute: What a recalculation does, by schedule or by hand.
        schedule: When results are recalculated, by name of the schedule.
        inbox: The folder that is watched for record files.
        retention: How long a scheduler keeps what has happened.
        alerts: What is watched, one table each.
        delivery: Where alerts go.
        logs: What a scheduler logs.
        metrics: Where a scheduler answers Prometheus and health checks.
        commands: Defaults of the options of commands, by command.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter=DELIMITER,
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        defer_build=True,  # `load` makes the one that is used
    )

    store: str = DEFAULT_STORE
    timeout: timedelta | None = None
    timezone: str = "UTC"
    touchpoints: Path | None = None
    policy: Path | None = None
    cache: Path | None = None
    neo4j_home: Path | None = None
    key_file: Path | None = None
    allow_remote_plaintext: bool = False
    neo4j: Annotated[Neo4jSettings, _Told] = Neo4jSettings()
    recompute: Annotated[RecomputeParameters, _Told] = RecomputeParameters()
    schedule: dict[str, Annotated[ScheduleParameters, _Told]] = {}
    inbox: Annotated[InboxParameters, _Told] | None = None
    retention: Annotated[RetentionSettings, _Told] = RetentionSettings()
    alerts: tuple[Annotated[AnyRule, Field(discriminator="kind"), _Told], ...] = ()
    delivery: Annotated[Delivery, _Told] = Delivery()
    logs: Annotated[LogSettings, _Told] = LogSettings()
    metrics: Annotated[MetricsSettings, _Told] = MetricsSettings()
    commands: dict[str, Any] = {}

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment go before the file, whose content is given as arguments."""
        del settings_cls, dotenv_settings, file_secret_settings
        return env_settings, init_settings
