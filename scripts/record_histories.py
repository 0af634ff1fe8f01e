"""Records one history per main path of a complaint, for the replay test of every later release.

    python scripts/record_histories.py tests/replay/histories/<release>

Real time on the pack `demo-fast` and a server without time skipping, whose events no real history
has. A folder is written once: a history that no longer replays is an open complaint that a
deployment would break, and is never recorded anew to make it pass.
"""

import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from temporalio.testing import WorkflowEnvironment

from activities.notices import Notices
from domain.state import ComplaintState
from domain.submission import IntakeDisposition
from domain.vocabulary import Demand, DispositionKind, Stage
from runtime.plugin import HotlinePlugin
from sealing.keys import SealingKeys
from sealing.vault import Vault
from settings import Settings
from storage.database import Database
from storage.migrate import upgrade
from tests.replay.golden_keys import GOLDEN_KEYS
from tests.servers import running_postgres
from tests.workflows.city import Case, City
from worker import workers
from workflows.visibility import KEYS

BRIEFLY = {"contacted": "yes", "role": "citizen"}
PACK = "demo-fast"


class LiveCase(Case):
    """A complaint whose time is everybody's."""

    async def now(self) -> datetime:
        return datetime.now(UTC)

    async def pass_time(self, **duration: float) -> ComplaintState:
        await asyncio.sleep(timedelta(**duration).total_seconds())
        return await self.state()

    async def answer(self) -> None:
        await self.act("complete", result="solved", answer="已处理")

    async def judge(self, round: int, resolved: str, satisfied: str) -> None:
        await self.act("evaluate", round=round, resolved=resolved, satisfied=satisfied, **BRIEFLY)


async def resolved(city: City) -> LiveCase:
    case = await opened(city)
    await case.act("sign_off")
    await case.act("contact", at=await case.now(), means="phone", reached=True)
    await case.act("interim", text="正在处理")
    await case.answer()
    await case.judge(1, "yes", "very")
    return case


async def escalated_to_supervision(city: City) -> LiveCase:
    case = await opened(city)
    await case.pass_time(seconds=30)
    await case.act("complete", result="redone", answer="督办后已办结")
    await case.judge(1, "yes", "basic")
    return case


async def second_round_at_a_higher_hand(city: City) -> LiveCase:
    case = await opened(city)
    await case.answer()
    await case.judge(1, "no", "no")
    await case.until_stage(Stage.DISPATCHED)
    await case.act("sign_off")
    state = await case.state()
    helper = next(o.id for o in state.orders if o.kind == "co_handling" and o.round == 2)
    await case.act("complete", order=helper, result="solved", answer="已配合")
    await case.answer()
    await case.judge(2, "yes", "yes")
    return case


async def objected_and_dispatched_again(city: City) -> LiveCase:
    case = await opened(city)
    await case.act("sign_off")
    await case.act("object", reason="not_my_duty", proposed_unit="110105002", basis="art-12")
    await case.act("rule", role="hotline", subject="objection", decision="upheld")
    await case.answer()
    await case.judge(1, "yes", "yes")
    return case


async def extended_and_suspended(city: City) -> LiveCase:
    case = await opened(city)
    told = {"at": await case.now(), "means": "phone"}
    await case.act("extend", amount="10s", basis="art-15", reason="需要施工", citizen_told=told)
    until = await case.now() + timedelta(seconds=4)
    cause = "awaiting_complainant"
    await case.act("suspend", cause=cause, until=until, evidence="等待补充材料")
    await case.pass_time(seconds=6)
    await case.answer()
    await case.judge(1, "yes", "yes")
    return case


async def deferred(city: City) -> LiveCase:
    case = await opened(city)
    told = {"at": await case.now(), "means": "phone"}
    on = (await case.now() + timedelta(days=30)).date()
    await case.act("defer", reason="管网改造", measures="临时措施", review_on=on, citizen_told=told)
    await case.act("rule", role="hotline", subject="deferral", decision="upheld")
    await case.pass_time(seconds=12)
    await case.answer()
    await case.judge(1, "yes", "yes")
    return case


async def withdrawn(city: City) -> LiveCase:
    case = await opened(city)
    await case.act("withdraw", role="citizen", reason="已自行解决")
    return case


async def silent_citizen(city: City) -> LiveCase:
    case = await opened(city)
    await case.answer()
    return case


async def answered_at_once_and_contested(city: City) -> LiveCase:
    answer = IntakeDisposition(kind=DispositionKind.ANSWERED_AT_ONCE, answer=None, basis="art-11")
    case = await begun(city, disposition=answer, demand=Demand.CONSULT)
    await case.until_stage(Stage.EVALUATING)
    await case.act("contest", role="citizen", reason="答非所问")
    await case.act("rule", role="supervisor", person="s2", subject="contest", decision="upheld")
    await case.until_stage(Stage.DISPATCHED)
    await case.answer()
    await case.judge(1, "yes", "yes")
    return case


async def triaged_by_a_person(city: City) -> LiveCase:
    case = await begun(city, category=None, text="？")
    await case.until_stage(Stage.TRIAGE)
    await case.act("classify", role="hotline", category="urban.municipal.waste")
    await case.until_stage(Stage.DISPATCHED)
    await case.act("co_handle", unit="110105002", task="协助清运")
    await case.act("help", reason="需要协调")
    await case.pass_time(seconds=14)
    await case.answer()
    await case.judge(1, "yes", "yes")
    return case


async def broken_messages(city: City) -> LiveCase:
    case = await opened(city)
    await case.handle.signal("complete", "no object")
    await case.handle.signal("dance", {})
    await case.handle.signal("interim", {"order": f"{case.number}.1.1", "text": "plain words"})
    await case.handle.cancel()
    await case.answer()
    await case.judge(1, "yes", "yes")
    return case


PATHS: tuple[Callable[[City], Awaitable[LiveCase]], ...] = (
    resolved,
    escalated_to_supervision,
    second_round_at_a_higher_hand,
    objected_and_dispatched_again,
    extended_and_suspended,
    deferred,
    withdrawn,
    silent_citizen,
    answered_at_once_and_contested,
    triaged_by_a_person,
    broken_messages,
)


async def begun(city: City, **facts: Any) -> LiveCase:
    case = await city.complain(pack=PACK, **facts)
    return LiveCase(case.city, case.handle, case.number, case.data_key)


async def opened(city: City) -> LiveCase:
    case = await begun(city)
    await case.until_stage(Stage.DISPATCHED)
    return case


async def record(path: Callable[[City], Awaitable[LiveCase]], city: City, folder: Path) -> None:
    case = await path(city)
    outcome = await case.handle.result()
    history = await case.handle.fetch_history()
    (folder / f"{path.__name__}.json").write_text(history.to_json() + "\n")
    print(f"{path.__name__:34} {outcome:18} {len(history.events):4} events")


async def main(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as scratch, running_postgres(Path(scratch)) as running:
        running.server.ensure_database()
        upgrade(running.server.url())
        keys = SealingKeys.derived(GOLDEN_KEYS)
        database = Database(running.server.url(), "recorder")
        async with AsyncExitStack() as stack:
            environment = await stack.enter_async_context(
                await WorkflowEnvironment.start_local(
                    plugins=[HotlinePlugin(GOLDEN_KEYS)],
                    search_attributes=KEYS,
                    dev_server_existing_path=str(Path(sys.executable).parent / "temporal"),
                )
            )
            stack.push_async_callback(database.close)
            for worker in workers(
                environment.client, database, keys, Notices(database, {}, keys), Settings()
            ):
                await stack.enter_async_context(worker)
            city = City(environment, database, Vault(keys))
            await asyncio.gather(*(record(path, city, folder) for path in PATHS))


if __name__ == "__main__":
    release = Path(sys.argv[1])
    release.mkdir(parents=True)
    asyncio.run(main(release))
