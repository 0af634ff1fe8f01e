"""Every setting of Hotline, read once in the process roots and passed down from there.

How to reach Temporal is not here: the SDK's own environment configuration
(`TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE`, ...) says it, for us and the `temporal` command alike.
"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

CHECKOUT = Path(__file__).resolve().parent

Port = Annotated[int, Field(ge=1, le=65535)]


class SettingsRefused(Exception):
    """The environment holds a value that cannot be used; the message names it, never its value."""


class LogFormat(StrEnum):
    """How log lines look: for eyes in a terminal, for collectors in a container."""

    PLAIN = "plain"
    JSON = "json"


class LogLevel(StrEnum):
    """The lowest level that is written."""

    DEBUG = "DEBUG"
    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"


class Settings(BaseSettings):
    """One field per `HOTLINE_*` environment variable; the description is its row in the README."""

    model_config = SettingsConfigDict(
        env_prefix="HOTLINE_",
        env_ignore_empty=True,  # a compose file passes on as empty what is not set
        frozen=True,
        extra="ignore",
        hide_input_in_errors=True,
    )

    data: Path = Field(
        CHECKOUT / "var",
        description="Folder of everything that must survive: keys, embedded databases, logs.",
    )
    database_url: str | None = Field(
        None, description="PostgreSQL as a SQLAlchemy URL; without it the embedded one is started."
    )
    master_key: SecretStr | None = Field(
        None,
        description="Master keys as `id:base64,...`, the first is current; without it "
        "`master.key` in the data folder, made at the first start.",
    )
    pack: str = Field("cn-beijing", description="The rule pack of complaints that name none.")
    notices: Path | None = Field(
        None, description="TOML file of webhook destinations; without it notices go to the log."
    )
    api_host: str = Field("127.0.0.1", description="Address that the API listens on.")
    api_port: Port = Field(8000, description="Port of the API.")
    temporal_port: Port = Field(
        7233, description="Port of the embedded Temporal server, and where it is looked for."
    )
    ui_port: Port = Field(8233, description="Port of the embedded Temporal UI.")
    codec_host: str = Field("127.0.0.1", description="Address that the codec server listens on.")
    codec_port: Port = Field(8234, description="Port of the codec server.")
    codec_token: SecretStr | None = Field(
        None, description="Bearer token that the codec server asks for; without it none."
    )
    ui_origins: str | None = Field(
        None,
        description="Comma list of web origins whose pages may call the codec server; "
        "without it the embedded UI's.",
    )
    retention_days: int = Field(
        3650, ge=1, description="Days that Temporal keeps the history of a closed complaint."
    )
    deployment_name: str | None = Field(
        None, description="Worker deployment name; set together with the build id, or not at all."
    )
    build_id: str | None = Field(
        None, description="Build id of this worker; turns worker versioning on."
    )
    metrics_address: str | None = Field(
        None, description="`host:port` where the worker serves Prometheus metrics; without it none."
    )
    log_format: LogFormat = Field(LogFormat.PLAIN, description="`plain` or `json`.")
    log_level: LogLevel = Field(LogLevel.INFO, description="`DEBUG`, `INFO`, `WARNING` or `ERROR`.")

    @field_validator("data", "notices")
    @classmethod
    def _absolute(cls, path: Path | None) -> Path | None:
        return None if path is None else path.expanduser().absolute()

    @model_validator(mode="after")
    def _versioned_wholly_or_not_at_all(self) -> Self:
        if (self.deployment_name is None) != (self.build_id is None):
            raise ValueError("set both HOTLINE_DEPLOYMENT_NAME and HOTLINE_BUILD_ID, or neither")
        return self

    @property
    def allowed_ui_origins(self) -> tuple[str, ...]:
        if self.ui_origins is not None:
            return tuple(origin.strip() for origin in self.ui_origins.split(",") if origin.strip())
        return tuple(f"http://{host}:{self.ui_port}" for host in ("localhost", "127.0.0.1"))

    @classmethod
    def environment_variables(cls) -> dict[str, str]:
        """Name and meaning of each variable: what the README's table is tested against."""
        prefix = cls.model_config["env_prefix"]
        return {
            f"{prefix}{name}".upper(): field.description or ""
            for name, field in cls.model_fields.items()
        }

    @classmethod
    def load(cls) -> Self:
        """From the environment; `SettingsRefused` says in one line what is wrong with it."""
        try:
            return cls()
        except ValidationError as error:
            raise SettingsRefused(
                "; ".join(
                    ": ".join([*(f"HOTLINE_{part}".upper() for part in wrong["loc"]), wrong["msg"]])
                    for wrong in error.errors()
                )
            ) from None
