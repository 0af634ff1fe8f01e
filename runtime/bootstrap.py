"""What must be there before a worker starts: the namespace, its retention, the search attributes.

Idempotent, run at every start. A workflow that sets an unregistered search attribute has its task
fail until somebody registers it; a namespace with the default retention forgets a closed complaint
after a day or three.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from datetime import timedelta
from typing import Any

from google.protobuf.duration_pb2 import Duration
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.operatorservice.v1 import (
    AddSearchAttributesRequest,
    ListSearchAttributesRequest,
)
from temporalio.api.workflowservice.v1 import (
    DescribeNamespaceRequest,
    RegisterNamespaceRequest,
    UpdateNamespaceRequest,
)
from temporalio.client import Client
from temporalio.common import SearchAttributeKey
from temporalio.service import RPCError, RPCStatusCode

logger = logging.getLogger(__name__)

PATIENCE_SECONDS = 60
# Each service of a cluster re-reads the namespaces this often, and until then refuses what is new.
NAMESPACE_REFRESH_SECONDS = 2


class SearchAttributeConflict(Exception):
    """The namespace has a search attribute of this name and another type; it cannot be changed."""


async def bootstrap(
    client: Client,
    search_attributes: Collection[SearchAttributeKey[Any]],
    retention: timedelta,
) -> None:
    """Returns when a worker can start: everything is registered and usable."""
    created = await _ensure_namespace(client, retention)
    added = await _ensure_search_attributes(client, search_attributes)
    await _until(lambda: _queryable(client, search_attributes), "search attributes are usable")
    if created or added:
        await asyncio.sleep(NAMESPACE_REFRESH_SECONDS)


async def wait_for_temporal(client: Client) -> None:
    """Until the server serves; the client must be lazy."""
    await _until(lambda: _serves(client), "Temporal serves")


async def _serves(client: Client) -> bool:
    try:
        return await client.service_client.check_health()
    except (RPCError, RuntimeError):  # the SDK reports a refused connection as a RuntimeError
        return False


async def _ensure_namespace(client: Client, retention: timedelta) -> bool:
    wanted = Duration()
    wanted.FromTimedelta(retention)
    described = await _describe(client)
    if described is None:
        request = RegisterNamespaceRequest(
            namespace=client.namespace, workflow_execution_retention_period=wanted
        )
        await _accepting_repeats(client.workflow_service.register_namespace(request))
        logger.info("created namespace %s", client.namespace)
    await _until(lambda: _visible(client), f"namespace {client.namespace} is visible")
    if described is None:
        return True
    if described.workflow_execution_retention_ttl != wanted:
        config = NamespaceConfig(workflow_execution_retention_ttl=wanted)
        await client.workflow_service.update_namespace(
            UpdateNamespaceRequest(namespace=client.namespace, config=config)
        )
        logger.info("histories are kept %d days after closing", retention.days)
    return False


async def _ensure_search_attributes(
    client: Client, keys: Collection[SearchAttributeKey[Any]]
) -> bool:
    present = await _registered(client)
    for key in keys:
        if present.get(key.name, key.indexed_value_type) != key.indexed_value_type:
            raise SearchAttributeConflict(key.name)
    missing = {
        key.name: IndexedValueType.ValueType(key.indexed_value_type)
        for key in keys
        if key.name not in present
    }
    if missing:
        request = AddSearchAttributesRequest(namespace=client.namespace, search_attributes=missing)
        await _accepting_repeats(client.operator_service.add_search_attributes(request))
        logger.info("registered %d search attributes", len(missing))
    return bool(missing)


async def _registered(client: Client) -> dict[str, int]:
    request = ListSearchAttributesRequest(namespace=client.namespace)
    response = await client.operator_service.list_search_attributes(request)
    return dict(response.custom_attributes)


async def _describe(client: Client) -> NamespaceConfig | None:
    request = DescribeNamespaceRequest(namespace=client.namespace)
    try:
        response = await client.workflow_service.describe_namespace(request)
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return None
        raise
    return response.config


async def _visible(client: Client) -> bool:
    """A new namespace can be described before any other call finds it."""
    try:
        await _registered(client)
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return False
        raise
    return True


async def _queryable(client: Client, keys: Collection[SearchAttributeKey[Any]]) -> bool:
    """A query is refused while one of its attributes is unknown, so it proves them all at once."""
    query = " AND ".join(f"{key.name} IS NULL" for key in keys)
    try:
        await client.count_workflows(query)
    except RPCError as error:
        if error.status in (RPCStatusCode.INVALID_ARGUMENT, RPCStatusCode.NOT_FOUND):
            return False
        raise
    return True


async def _accepting_repeats(call: Awaitable[object]) -> None:
    """Two bootstraps at once are one bootstrap."""
    try:
        await call
    except RPCError as error:
        if error.status is not RPCStatusCode.ALREADY_EXISTS:
            raise


async def _until(holds: Callable[[], Awaitable[bool]], what: str) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await holds():
            logger.debug("waiting until %s", what)
            await asyncio.sleep(0.2)
