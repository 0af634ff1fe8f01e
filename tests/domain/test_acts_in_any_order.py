"""Whatever is done to a complaint, in whatever order: it stays whole and always has a clock."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.act_table import ACTS
from domain.view import view
from domain.vocabulary import Role, Stage, Tier
from tests.domain.bodies import lawful
from tests.domain.desk import Desk


@dataclass(frozen=True)
class Step:
    """Hours that pass, with the engine up or down; then an act, received some hours ago.

    The act is the nth of those that are allowed, or any at all.
    """

    hours: int
    down: bool
    allowed: bool
    nth: int
    choice: int
    late: int


STEPS = st.lists(
    st.builds(
        Step,
        hours=st.sampled_from([0, 0, 1, 5, 20, 40, 100, 300, 1500]),
        down=st.booleans(),
        allowed=st.booleans(),
        nth=st.integers(0, 100),
        choice=st.integers(0, 6),
        late=st.sampled_from([0, 0, 0, 0, 2, 30, 200]),
    ),
    min_size=4,
    max_size=14,
)
ALL_PATHS = settings(
    derandomize=True,
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow],
)


def do(desk: Desk, step: Step) -> None:
    instant = desk.now + timedelta(hours=step.hours)
    if step.down:
        desk.sleep_until(instant)
    else:
        desk.wait_until(instant)
    acts = allowed(desk) if step.allowed else anything(desk)
    if acts:
        name, order, role = acts[step.nth % len(acts)]
        received_at = max(desk.case.submission.received_at, desk.now - timedelta(hours=step.late))
        fields = lawful(name, desk, order, step.choice)
        desk.act(name, role=role, received_at=received_at, **fields)


def allowed(desk: Desk) -> list[tuple[str, str | None, Role]]:
    return [
        (action.act, action.order, role)
        for action in view(desk.case).allowed_actions
        for role in action.roles
        if action.act not in ("add_facts", "attach")
    ]


def anything(desk: Desk) -> list[tuple[str, str | None, Role]]:
    orders = [order.id for order in desk.case.orders] or [f"{desk.case.number}.1.1"]
    return [
        (name, order, role)
        for name, spec in ACTS.items()
        for role in sorted(spec.roles)
        for order in (orders if spec.on_order else [None])
    ]


@pytest.mark.parametrize(
    ("pack", "lead", "tier"),
    [
        ("cn-beijing", "110105001", Tier.GENERAL),
        ("cn-beijing", "110105001", Tier.EMERGENCY),
        ("cn-shandong-2017", "works", Tier.GENERAL),
    ],
)
@ALL_PATHS
@given(steps=STEPS)
def test_any_sequence_of_acts_and_hours_leaves_one_next_instant_and_a_party(
    steps: list[Step], pack: str, lead: str, tier: Tier
) -> None:
    desk = Desk(pack, lead=lead, tier=tier)

    for step in steps:
        do(desk, step)

    desk.wait(days=100)


@ALL_PATHS
@given(steps=STEPS)
def test_a_complaint_that_waits_in_triage_is_never_without_a_clock_either(
    steps: list[Step],
) -> None:
    desk = Desk(until=Stage.TRIAGE, objection={"pauses_clock": True, "max_redispatch": 1})

    for step in steps:
        do(desk, step)

    desk.wait(days=100)
