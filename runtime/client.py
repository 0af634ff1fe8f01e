"""The connection to Temporal: where to is said by Temporal's own environment variables."""

import secrets
from collections.abc import Mapping

from temporalio.client import Client
from temporalio.envconfig import ClientConfig

from runtime.master_key import MasterKeys
from runtime.plugin import HotlinePlugin
from runtime.telemetry import telemetry
from settings import Settings


async def connect(
    settings: Settings, master_keys: MasterKeys, lazy: bool = False, role: str = "hotline"
) -> Client:
    """A client with our plugin. A lazy one lets the API start first, and can run no worker."""
    config = ClientConfig.load_client_connect_config()
    config.setdefault("target_host", f"127.0.0.1:{settings.temporal_port}")
    return await Client.connect(
        **config,
        plugins=[HotlinePlugin(master_keys)],
        # The default identity names process and host, and stands unencrypted in every history.
        identity=f"{role}-{secrets.token_hex(3)}",
        lazy=lazy,
        runtime=telemetry(settings.metrics_address),
    )


def configured_address(environment: Mapping[str, str] | None = None) -> str | None:
    """The Temporal server that the operator configured; None means the embedded one."""
    config = ClientConfig.load_client_connect_config(override_env_vars=environment)
    return config.get("target_host")


def configured_namespace() -> str:
    return ClientConfig.load_client_connect_config().get("namespace", "default")
