"""Rulings as the workflow hears them, through Temporal's activity environment."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.rulings import Rulings
from domain.acts import Actor
from domain.clock import Clock, Hold
from domain.rulings import (
    ClassificationQuestion,
    ClassificationRuling,
    ClockQuestion,
    ClocksQuestion,
    DispatchQuestion,
    RulesQuestion,
    RulesRuling,
    UnitsQuestion,
)
from domain.submission import Matter, Person, Submission
from domain.vocabulary import Demand, Role, Tier, WindowName
from domain.window import Window
from packs.classifier import OpenedWords
from packs.loader import load_pack

NOW = datetime(2026, 9, 24, 8, 30, tzinfo=UTC)
"""Thursday 16:30 in Beijing, the day before Mid-Autumn."""

DAY = timedelta(days=1)
WASTE = "urban.municipal.waste"


def submission(pack: str = "cn-beijing", demand: Demand = Demand.COMPLAINT) -> Submission:
    return Submission(
        number="1",
        pack=pack,
        channel="web",
        demand=demand,
        received_at=NOW,
        actor=Actor(role=Role.CHANNEL, key="k"),
        matter=Matter(text="sealed"),
        person=Person(kind="person"),
    )


def rulings(title: str = "", text: str = "", address: str = "") -> Rulings:
    async def open_words(asked: Submission) -> OpenedWords:
        return OpenedWords(title=title, text=text, address=address, demand=asked.demand)

    return Rulings(open_words, now=lambda: NOW)


async def ask(activity: Callable[[Any], Awaitable[Any]], question: object) -> Any:
    return await ActivityEnvironment().run(activity, question)


async def test_rules_are_those_of_the_pack_with_its_desks() -> None:
    ruling = await ask(
        rulings().rules, RulesQuestion(pack="cn-beijing", demand=Demand.HELP, tier=Tier.COMPLEX)
    )

    assert ruling.rules == load_pack("cn-beijing").case_rules(Demand.HELP, Tier.COMPLEX)
    assert [desk.code for desk in ruling.desks] == ["hotline", "supervision", "executive-meeting"]
    assert ruling.category_known


async def test_without_a_tier_the_category_decides_and_an_unknown_one_is_told() -> None:
    water = RulesQuestion(
        pack="cn-beijing", demand=Demand.HELP, category="urban.utilities.water_outage"
    )
    unknown = RulesQuestion(pack="cn-beijing", demand=Demand.HELP, category="no.such")

    assert (await ask(rulings().rules, water)).rules.tier is Tier.UTILITY
    assert (await ask(rulings().rules, unknown)).rules.tier is Tier.GENERAL
    assert not (await ask(rulings().rules, unknown)).category_known


async def test_without_a_tier_the_rules_are_none_less_urgent_than_the_words_called_for() -> None:
    async def tier(category: str, named: Tier | None, at_least: Tier | None) -> Tier:
        question = RulesQuestion(
            pack="cn-beijing",
            demand=Demand.HELP,
            category=category,
            tier=named,
            at_least=at_least,
        )
        ruling: RulesRuling = await ask(rulings().rules, question)
        return ruling.rules.tier

    water, waste = "urban.utilities.water_outage", "urban.municipal.waste"
    assert await tier(waste, None, Tier.EMERGENCY) is Tier.EMERGENCY
    assert await tier(water, None, Tier.GENERAL) is Tier.UTILITY
    assert await tier(waste, Tier.GENERAL, Tier.EMERGENCY) is Tier.GENERAL


async def test_a_pack_that_nobody_knows_is_refused_for_good() -> None:
    with pytest.raises(ApplicationError) as refused:
        await ask(rulings().rules, RulesQuestion(pack="atlantis", demand=Demand.HELP))

    assert refused.value.type == "UnknownPack"
    assert refused.value.non_retryable


async def test_classification_gives_category_tier_place_and_the_rules_that_bind() -> None:
    ruling: ClassificationRuling = await ask(
        rulings("垃圾无人清运", "小区垃圾桶堆放多日", "朝阳区建外街道").classify,
        ClassificationQuestion(submission=submission()),
    )

    assert (ruling.category, ruling.sure) == (WASTE, True)
    assert (ruling.district, ruling.subdistrict) == ("110105", "110105001")
    assert ruling.rules == load_pack("cn-beijing").case_rules(Demand.COMPLAINT, Tier.GENERAL, WASTE)


async def test_classification_quotes_no_word_of_the_complaint() -> None:
    secret = "垃圾桶旁住着李小明"
    ruling = await ask(
        rulings(secret, secret, secret).classify, ClassificationQuestion(submission=submission())
    )

    assert "李小明" not in ruling.model_dump_json()


async def test_danger_binds_the_rules_of_the_emergency_tier() -> None:
    ruling = await ask(
        rulings(text="楼道着火了").classify, ClassificationQuestion(submission=submission())
    )

    assert ruling.tier is Tier.EMERGENCY
    assert str(ruling.rules.windows[WindowName.HANDLING].window.budget) == "2h"


async def test_dispatch_names_lead_helpers_and_all_above_them() -> None:
    ruling = await ask(
        rulings().dispatch,
        DispatchQuestion(
            pack="cn-beijing", category=WASTE, subdistrict="110105001", co_handlers=("ecology",)
        ),
    )

    assert ruling.lead.code == "110105001"
    assert [unit.code for unit in ruling.co_handlers] == ["ecology"]
    assert {unit.code for unit in ruling.units} == {
        "110105001", "110105", "ecology", "110000", "supervision", "executive-meeting",
    }  # fmt: skip


async def test_the_community_that_the_address_names_is_named_as_assistant() -> None:
    found: ClassificationRuling = await ask(
        rulings("物业收费", "物业公司乱收费", "建外街道永安里社区3号").classify,
        ClassificationQuestion(submission=submission()),
    )
    ruling = await ask(
        rulings().dispatch,
        DispatchQuestion(
            pack="cn-beijing",
            category="urban.housing.property_service",
            subdistrict=found.subdistrict,
            community=found.community,
        ),
    )

    assert found.community == "110105001026"
    assert ruling.lead.code == "110105001"
    assert "the community of the place assists: 永安里社区 (110105001026)" in ruling.reasons
    assert [unit.kind for unit in ruling.co_handlers] == []


async def test_classification_tells_the_area_and_not_the_point() -> None:
    async def open_words(asked: Submission) -> OpenedWords:
        return OpenedWords(text="sign", demand=asked.demand, latitude=42.3359, longitude=-71.0431)

    ruling = await ask(
        Rulings(open_words).classify,
        ClassificationQuestion(submission=submission("us-boston-2015")),
    )

    assert ruling.area == "05"
    assert "42.33" not in ruling.model_dump_json()


async def test_dispatch_to_a_unit_that_nobody_knows_is_refused_for_good() -> None:
    with pytest.raises(ApplicationError) as refused:
        await ask(rulings().dispatch, DispatchQuestion(pack="cn-beijing", lead="moon-base"))

    assert (refused.value.type, refused.value.non_retryable) == ("UnknownUnit", True)


async def test_units_tells_unknown_codes_apart() -> None:
    ruling = await ask(
        rulings().units, UnitsQuestion(pack="cn-beijing", codes=("metro", "moon-base"))
    )

    assert [unit.code for unit in ruling.units] == [
        "metro", "transport", "supervision", "executive-meeting",
    ]  # fmt: skip
    assert ruling.unknown == ("moon-base",)


SEVEN_DAYS = Window(amount=7, unit="natural_days")


def question(clock: Clock | None = None, calendar: str = "cn") -> ClockQuestion:
    clock = clock or Clock(window=SEVEN_DAYS, start=NOW)
    return ClockQuestion(id="c", clock=clock, calendar=calendar)


async def test_a_hold_past_the_clocks_own_due_changes_nothing() -> None:
    late_hold = Clock(window=SEVEN_DAYS, start=NOW, holds=(Hold(starts_at=NOW + 30 * DAY),))
    clocks = (question(late_hold), question())
    ruling = await ask(rulings().clocks, ClocksQuestion(clocks=clocks, duty_calendar="cn"))

    held, plain = ruling.clocks
    assert held.due_at == plain.due_at is not None


async def test_a_bad_clock_says_why_and_spoils_no_other() -> None:
    ruling = await ask(
        rulings().clocks,
        ClocksQuestion(
            clocks=(
                question(calendar="moon"),
                question(Clock(window=SEVEN_DAYS, start=datetime(1999, 1, 1, tzinfo=UTC))),
                question(),
            ),
            duty_calendar="cn",
        ),
    )

    moon, early, good = ruling.clocks
    assert "moon" in moon.error
    assert "start" in early.error
    assert (moon.due_at, early.due_at) == (None, None)
    assert good.due_at is not None
