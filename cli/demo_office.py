"""How the people of the demonstration reach the system: over HTTP, each with their own key."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from domain.vocabulary import Role
from storage import api_keys
from storage.database import Database

GLANCE_SECONDS = 0.5
OVERLAP = timedelta(seconds=2)
View = dict[str, Any]


class Office:
    """Sends acts until they are answered for good, and watches all complaints on one list."""

    def __init__(self, http: httpx.AsyncClient, keys: dict[str, str], database: Database) -> None:
        self._http = http
        self._keys = keys
        self._database = database
        self._unit_keys: dict[str, asyncio.Task[str]] = {}
        self._acts = itertools.count(1)
        self.views: dict[str, View] = {}

    async def get(self, path: str, as_: str = "hotline", **query: Any) -> Any:
        answer = await self._http.get(f"/v1/{path}", params=query, headers=self._bearer(as_))
        answer.raise_for_status()
        return answer.json()

    async def post(self, path: str, as_: str, body: View | None = None) -> httpx.Response:
        """The same request until the answer is final; `as_` is a role or a token."""
        headers = {"Idempotency-Key": f"demo-{next(self._acts)}", **self._bearer(as_)}
        while True:
            answer = await self._http.post(f"/v1/{path}", json=body or {}, headers=headers)
            if answer.status_code not in (202, 503):
                return answer
            await asyncio.sleep(GLANCE_SECONDS)

    async def act_on(self, order: View, path: str, **body: Any) -> bool:
        """By the unit whose order it is; False where the law refused it."""
        key = await self._key_of(order["unit"])
        return (await self.post(f"orders/{order['id']}/{path}", key, body)).is_success

    async def act(self, number: str, path: str, as_: str = "hotline", **body: Any) -> bool:
        return (await self.post(f"complaints/{number}/{path}", as_, body)).is_success

    async def watch(self, changed: Callable[[View], None]) -> None:
        """Calls `changed` with each complaint that is new or other than before, for ever."""
        since = datetime.now(UTC)
        while True:
            asked = datetime.now(UTC)
            async for view in self._changed_since(since - OVERLAP):
                if self.views.get(view["number"]) != view:
                    self.views[view["number"]] = view
                    changed(view)
            since = asked
            await asyncio.sleep(GLANCE_SECONDS)

    async def _changed_since(self, since: datetime) -> AsyncIterator[View]:
        query: dict[str, Any] = {"updated_since": since.isoformat(), "limit": 200}
        while True:
            page = await self.get("complaints", **query)
            for view in page["items"]:
                yield view
            if page["next"] is None:
                return
            query["cursor"] = page["next"]

    async def _key_of(self, unit: str) -> str:
        if unit not in self._unit_keys:
            self._unit_keys[unit] = asyncio.create_task(self._make_key(unit))
        return await asyncio.shield(self._unit_keys[unit])

    async def _make_key(self, unit: str) -> str:
        async with self._database.transaction() as session:
            _, secret = await api_keys.create(session, Role.UNIT, unit=unit, name=f"demo-{unit}")
        return secret

    def _bearer(self, as_: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._keys.get(as_, as_)}"}
