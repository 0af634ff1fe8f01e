"""Acts, orders and clocks on the real engine: looked up, measured and timed by it."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from domain.event import EventKind
from domain.state import ComplaintState, OrderView
from domain.vocabulary import ClockKind, EndCause, OrderKind, OrderState, Stage, Tier
from tests.workflows.city import DISTRICT, STREET, WASTE, Case, City

pytestmark = pytest.mark.anyio

OTHER_STREET, THIRD_STREET = "110105002", "110105003"
SECOND = timedelta(seconds=1)
OBJECTION = {"reason": "not_my_duty", "basis": "duty-list"}


@pytest.fixture
async def case(city: City) -> Case:
    case = await city.complain()
    await case.until_stage(Stage.DISPATCHED)
    return case


def the(state: ComplaintState, kind: OrderKind) -> OrderView:
    return [order for order in state.orders if order.kind is kind][-1]


async def test_an_objection_is_ruled_on_and_the_order_goes_on_with_the_remaining_time(
    case: Case,
) -> None:
    before = await case.state()
    objected = await case.act("object", proposed_unit=OTHER_STREET, **OBJECTION)
    assert objected.state.stage is Stage.OBJECTED
    ruling = [clock for clock in objected.state.clocks if clock.kind is ClockKind.RULING]
    assert [clock.party for clock in ruling] == ["hotline"]

    ruled = await case.act("rule", subject="objection", decision="upheld")

    assert ruled.state.orders[0].cause is EndCause.RETURNED
    assert (ruled.state.stage, ruled.state.unit) == (Stage.DISPATCHED, OTHER_STREET)
    assert ruled.state.due_at == ruled.state.orders[1].due_at == before.due_at


async def test_only_a_tier_that_a_person_names_is_less_urgent_than_the_words(city: City) -> None:
    case = await city.complain("隔壁老爷子躺地上怎么喊都不应", category=None)
    triage = await case.until_stage(Stage.TRIAGE)
    assert triage.tier is Tier.EMERGENCY

    silent = await case.act("classify", category=WASTE)
    assert (silent.state.category, silent.state.tier) == (WASTE, Tier.EMERGENCY)

    other = await city.complain("隔壁老爷子躺地上怎么喊都不应", category=None)
    await other.until_stage(Stage.TRIAGE)
    named = await other.act("classify", category=WASTE, tier=Tier.GENERAL)
    assert named.state.tier is Tier.GENERAL


async def test_an_arbitration_falls_to_the_district_although_no_act_ever_named_it(
    city: City,
) -> None:
    case = await city.complain(category=None, text="……")
    await case.until_stage(Stage.TRIAGE)
    await case.act("dispatch", lead="water")
    for proposed in ("transport", "ecology", "health"):
        await case.act("object", proposed_unit=proposed, **OBJECTION)
        last = await case.act("rule", role="supervisor", subject="objection", decision="upheld")

    assert last.refusal is None
    assert last.state.unit == DISTRICT


async def test_silence_past_the_sign_off_window_counts_as_accepted(case: Case) -> None:
    state = await case.state()
    window = next(clock for clock in state.clocks if clock.kind == "sign_off")
    assert window.due_at is not None

    state = await case.pass_until(window.due_at + SECOND)

    assert (state.stage, state.orders[0].state) == (Stage.HANDLING, OrderState.ACCEPTED)
    (accepted,) = await case.events(EventKind.ACCEPTED_BY_SILENCE)
    assert accepted.due_at == window.due_at


async def test_a_suspension_holds_every_rung_and_ends_by_itself(case: Case) -> None:
    until = await case.now() + timedelta(days=12)
    held = await case.act("suspend", cause="force_majeure", until=until)
    assert (held.state.suspended, held.state.due_at) == (True, None)

    state = await case.pass_until(until - SECOND)
    assert state.suspended
    assert not [rung for rung in await case.rungs() if rung.startswith(("order", "citizen"))]
    state = await case.pass_until(until + SECOND)

    assert not state.suspended
    assert state.due_at is not None
    (resumed,) = await case.events(EventKind.RESUMED)
    assert (resumed.due_at, resumed.body["cause"]) == (until, "cap")


async def test_an_extension_told_to_the_citizen_moves_the_timer_too(case: Case) -> None:
    before = (await case.state()).due_at
    assert before is not None
    told = {"at": await case.now(), "means": "phone"}
    extended = await case.act("extend", amount="7d", basis="art-15", citizen_told=told)
    assert extended.state.due_at == before + timedelta(days=7)

    state = await case.pass_until(before + timedelta(hours=1))

    assert not state.overdue
    assert "citizen.red" not in await case.rungs()


async def test_an_extension_that_needs_approval_counts_back_from_then(city: City) -> None:
    case = await city.complain(pack="cn-shandong-2017", category=None, text="……")
    await case.until_stage(Stage.TRIAGE)
    dispatched = await case.act("dispatch", lead="works")
    due = dispatched.state.due_at
    assert due is not None
    await case.pass_until(due - timedelta(hours=1))
    await case.act("extend", amount="7wd", basis="policy")
    assert (await case.pass_until(due + timedelta(hours=1))).overdue

    approved = await case.act("rule", subject="extension", decision="upheld")

    assert not approved.state.overdue
    assert approved.state.due_at is not None
    assert approved.state.due_at > due + timedelta(days=7)
    assert await case.events(EventKind.RUNGS_OVERTAKEN)


async def test_co_handling_and_help_have_clocks_of_their_own(case: Case) -> None:
    assisted = await case.act("co_handle", unit=OTHER_STREET)
    helped = await case.act("help")
    co, help_order = (the(helped.state, kind) for kind in (OrderKind.CO_HANDLING, OrderKind.HELP))
    assert (co.unit, help_order.unit) == (OTHER_STREET, DISTRICT)
    assert co.due_at is not None
    assert assisted.state.due_at is not None
    assert co.due_at <= assisted.state.due_at

    early = await case.act("complete", result="solved", order=helped.state.orders[0].id)
    assert early.refusal is not None
    assert early.refusal.code == "co-handling-open"
    await case.pass_until(co.due_at + timedelta(minutes=1))
    done = await case.act("complete", result="solved", order=helped.state.orders[0].id)

    assert done.state.stage is Stage.EVALUATING
    assert the(done.state, OrderKind.CO_HANDLING).cause is EndCause.MISSED
    assert the(done.state, OrderKind.HELP).cause is EndCause.SUPERSEDED


async def test_a_deferral_comes_back_for_review_in_the_same_round(case: Case) -> None:
    now = await case.now()
    review_on = (now + timedelta(days=200)).date()
    told = {"at": now, "means": "visit"}
    await case.act("defer", review_on=review_on, citizen_told=told)
    deferred = await case.act("rule", subject="deferral", decision="upheld")
    assert (deferred.state.stage, deferred.state.evaluation_open) == (Stage.DEFERRED, True)

    review = datetime(review_on.year, review_on.month, review_on.day, 16, tzinfo=UTC)
    assert (await case.pass_until(review - SECOND)).stage is Stage.DEFERRED
    state = await case.pass_until(review + SECOND)

    assert (state.stage, state.round) == (Stage.HANDLING, 1)
    assert state.due_at is not None


async def test_a_faster_tier_is_looked_up_in_the_pack_and_an_unknown_category_refused(
    case: Case,
) -> None:
    unknown = await case.act("classify", category="no.such.thing")
    assert unknown.refusal is not None
    assert unknown.refusal.field == "category"

    faster = await case.act("classify", category=WASTE, tier="utility")

    assert faster.state.tier is Tier.UTILITY
    assert faster.state.due_at is not None
    assert faster.state.due_at - await case.now() <= timedelta(hours=24)


async def test_an_outage_is_given_back_and_a_closed_units_order_moves_without_its_clock(
    case: Case,
) -> None:
    before = (await case.state()).due_at
    assert before is not None
    await case.pass_time(days=3)
    now = await case.now()
    lost = {"since": now - timedelta(hours=48), "until": now - timedelta(hours=24)}
    given_back = await case.act("amend", kind="outage", reason="power cut", **lost)
    assert given_back.state.due_at == before + timedelta(days=1)

    moved = await case.act("amend", kind="unit", reason="merged", unit=STREET)

    assert moved.state.orders[0].unit == DISTRICT
    assert moved.state.due_at == given_back.state.due_at
    helped = await case.act("help")
    assert the(helped.state, OrderKind.HELP).unit == "supervision"


async def test_a_repeat_at_the_same_time_gets_the_first_outcome(case: Case) -> None:
    act = await case.build("interim", text="on our way")

    outcomes = await asyncio.gather(
        *(
            case.handle.execute_update("interim", act.model_copy(), id=f"{act.id}-{n}")
            for n in range(4)
        )
    )

    assert sorted(outcome["repeated"] for outcome in outcomes) == [False, True, True, True]
    assert {str(outcome["refusal"]) for outcome in outcomes} == {"None"}
    assert len(await case.events(EventKind.INTERIM_REPORTED)) == 1


async def test_acts_that_come_at_once_are_applied_one_at_a_time(case: Case) -> None:
    acts = [await case.build("co_handle", unit=unit) for unit in (OTHER_STREET, THIRD_STREET)]
    acts += [await case.build("sign_off") for _ in range(2)]
    names = ["co_handle", "co_handle", "sign_off", "sign_off"]

    outcomes = await asyncio.gather(*map(case.send, names, acts))

    refused = [outcome.refusal.code for outcome in outcomes if outcome.refusal]
    assert refused == ["already-done"]
    state = await case.state()
    assert [order.id[-3:] for order in state.orders] == ["1.1", "1.2", "1.3"]
    events = await case.events()
    assert [event.sequence for event in events] == list(range(1, len(events) + 1))


async def test_a_refused_act_changes_nothing_but_the_file(case: Case) -> None:
    before = await case.state()

    outcome = await case.act("complete", result="redone")

    assert outcome.refusal is not None
    assert outcome.state == before.model_copy(update={"sequence": before.sequence + 1})


async def test_a_round_that_has_passed_is_stale(case: Case) -> None:
    former = (await case.state()).orders[0]
    await case.act("complete", result="solved")
    await case.act("evaluate", role="citizen", round=1, resolved="no")

    late = await case.act("evaluate", role="citizen", round=1, resolved="yes")
    stale = await case.act("interim", order=former.id, text="more")

    codes = [outcome.refusal.code for outcome in (late, stale) if outcome.refusal]
    assert codes == ["stale-round", "stale-round"]
    refused = await case.events(EventKind.ACT_REFUSED)
    assert [event.body["act"] for event in refused] == ["evaluate", "interim"]


async def test_once_every_ladder_has_been_climbed_a_review_rings_weekly(case: Case) -> None:
    state = await case.pass_time(days=110)

    assert state.waiting_on == "executive-meeting"
    assert state.next_due_at is not None
    assert state.next_due_at - await case.now() <= timedelta(days=7)
    assert (await case.rungs())[-1].startswith("standing_review.last_resort")
