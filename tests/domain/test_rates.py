"""The three rates, counted from events."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.acts import Actor
from domain.event import Event, EventKind
from domain.rates import GroupBy, Period, Rates, RatesReport, Scoring, rates
from domain.state import ComplaintState, OrderView
from domain.vocabulary import Demand, Role, Stage, Tier

NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SEPTEMBER = Period(since=datetime(2026, 9, 1, tzinfo=UTC), until=datetime(2026, 10, 1, tzinfo=UTC))
ENGINE = Actor(role=Role.ENGINE, key="engine")


def order(nth: int = 1, *, round_: int = 1, unit: str = "U1", **facts: Any) -> OrderView:
    fields = {
        "id": f"1.{round_}.{nth}",
        "round": round_,
        "kind": "lead",
        "unit": unit,
        "state": "completed",
        "opened_at": NOON + HOUR,
        "due_at": NOON + 7 * DAY,
        "contacted_at": NOON + 2 * HOUR,
        "completed_at": NOON + 3 * DAY,
    }
    return OrderView.model_validate(fields | facts)


def closed(*orders: OrderView, **facts: Any) -> ComplaintState:
    fields: dict[str, Any] = {
        "number": "1",
        "pack": "p",
        "pack_version": "1",
        "channel": "web",
        "demand": Demand.COMPLAINT,
        "stage": Stage.CLOSED,
        "round": max((o.round for o in orders), default=1),
        "tier": Tier.GENERAL,
        "district": "D1",
        "received_at": NOON,
        "dispatched_at": NOON + HOUR,
        "closed_at": NOON + 4 * DAY,
        "orders": orders,
        "sequence": 9,
    }
    return ComplaintState.model_validate(fields | facts)


class File:
    """One complaint's events, written in order."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def add(self, kind: EventKind, at: datetime, **facts: Any) -> "File":
        event = Event(
            number="1",
            sequence=len(self.events) + 1,
            kind=kind,
            actor=ENGINE,
            acted_at=facts.pop("acted_at", at),
            due_at=at,
            state=facts.pop("state", None),
            body=facts,
        )
        self.events.append(event)
        return self

    def answered(self, at: datetime, resolved: str, satisfied: str, **facts: Any) -> "File":
        body = {"round": 1, "contacted": "yes", "resolved": resolved, "satisfied": satisfied}
        return self.add(EventKind.EVALUATED, at, **(body | facts))

    def ended(self, at: datetime, state: ComplaintState) -> "File":
        self.add(EventKind.EVALUATION_ENDED, at, cause="answered")
        return self.add(EventKind.CLOSED, at, outcome="resolved", state=state)


def count(*files: File, scoring: Scoring | None = None, by: GroupBy = GroupBy.UNIT) -> RatesReport:
    return rates([f.events for f in files], SEPTEMBER, by, scoring or Scoring())


def total(*files: File, scoring: Scoring | None = None) -> Rates:
    return count(*files, scoring=scoring).total


def satisfied_file() -> File:
    at = NOON + 4 * DAY
    return File().answered(at, "yes", "very").ended(at, closed(order(), outcome="resolved"))


def silent_file() -> File:
    return File().ended(NOON + 4 * DAY, closed(order(), outcome="not_reached"))


def test_a_satisfied_citizen_counts_in_all_three_rates() -> None:
    counted = total(satisfied_file())

    assert counted.response.of_all == counted.resolution.of_all == counted.satisfaction.of_all == 1
    assert counted.on_time == 1
    assert counted.score == 1


def test_silence_is_not_satisfied_and_both_figures_say_so() -> None:
    counted = total(satisfied_file(), silent_file())

    assert (counted.rounds, counted.reached) == (2, 1)
    assert counted.satisfaction.of_reached == 1
    assert counted.satisfaction.of_all == 0.5


def test_contacted_no_overrides_the_units_own_record() -> None:
    at = NOON + 4 * DAY
    file = File().answered(at, "yes", "yes", contacted="no").ended(at, closed(order()))

    counted = total(file)

    assert counted.response.of_all == 0
    assert counted.resolution.of_all == 1


def test_a_contact_past_its_window_is_no_response() -> None:
    at = NOON + 4 * DAY
    late = order(contacted_at=NOON + 2 * DAY)

    file = File().add(EventKind.CLOCK_SET, NOON + DAY, clock_kind="contact", order="1.1.1")

    assert total(file.answered(at, "yes", "yes").ended(at, closed(late))).response.of_all == 0


@pytest.mark.parametrize(("unknown", "of_reached"), [("drop", None), ("count_no", 0.0)])
def test_an_answer_of_unknown_drops_out_or_counts_as_no(
    unknown: str, of_reached: float | None
) -> None:
    at = NOON + 4 * DAY
    file = File().answered(at, "unknown", "unknown").ended(at, closed(order()))

    counted = total(file, scoring=Scoring.model_validate({"unknown": unknown}))

    assert counted.resolution.of_reached == of_reached
    assert counted.resolution.of_all == 0


def test_partly_and_basic_weigh_what_the_scoring_says() -> None:
    at = NOON + 4 * DAY
    file = File().answered(at, "partly", "basic").ended(at, closed(order()))

    counted = total(file, scoring=Scoring(partly=0.25, basic=0.75))

    assert counted.resolution.of_reached == 0.25
    assert counted.satisfaction.of_reached == 0.75


def test_a_withdrawal_is_excluded_and_counted_as_volume() -> None:
    file = File().add(EventKind.CLOSED, NOON + DAY, state=closed(order(), outcome="withdrawn"))

    counted = total(file)

    assert (counted.rounds, counted.excluded) == (0, 1)
    assert counted.score is None


def test_a_disposition_is_excluded() -> None:
    state = closed(disposition="answered_at_once", outcome="answered_at_once")
    file = File().ended(NOON + DAY, state)

    assert total(file).excluded == 1


def test_a_late_answer_is_a_correction_and_moves_no_rate() -> None:
    at = NOON + 4 * DAY
    file = silent_file().answered(at + 2 * DAY, "no", "very_no")
    file.add(EventKind.CORRECTED, at + 2 * DAY, state=closed(order(), outcome="not_reached"))

    counted = total(file)

    assert counted.late_answers == 1
    assert (counted.rounds, counted.reached) == (1, 0)


def test_a_round_belongs_to_the_period_in_which_its_evaluation_ended() -> None:
    october = datetime(2026, 10, 2, tzinfo=UTC)
    file = File().answered(october, "yes", "yes").ended(october, closed(order()))

    assert total(file).rounds == 0


def test_each_round_is_its_leads_own() -> None:
    first, second = NOON + 4 * DAY, NOON + 9 * DAY
    state = closed(order(), order(round_=2, unit="D1"))
    file = File().answered(first, "no", "no")
    file.add(EventKind.EVALUATION_ENDED, first).add(EventKind.ROUND_BEGUN, first, round=2)
    file.answered(second, "yes", "very", round=2).ended(second, state)

    groups = {group.key: group for group in count(file).groups}

    assert groups["U1"].resolution.of_all == 0
    assert groups["D1"].resolution.of_all == 1


def test_a_returned_order_is_a_hop_and_its_hours_are_lost() -> None:
    at = NOON + 4 * DAY
    wrong = order(state="ended", cause="returned", ended_at=NOON + 3 * HOUR, completed_at=None)
    file = File().answered(at, "yes", "yes").ended(at, closed(wrong, order(2, unit="U2")))

    counted = count(file)

    assert [group.key for group in counted.groups] == ["U2"]
    assert (counted.total.hops, counted.total.hours_lost) == (1, 2)


def test_on_time_goes_by_the_legal_instant() -> None:
    at = NOON + 9 * DAY
    late = order(completed_at=NOON + 7 * DAY + timedelta(microseconds=1))

    assert total(File().answered(at, "yes", "yes").ended(at, closed(late))).on_time == 0


def test_the_lag_is_the_engines_and_a_moved_rung_has_none() -> None:
    at = NOON + 4 * DAY
    file = File().add(EventKind.RUNG_FIRED, NOON, acted_at=NOON + timedelta(seconds=8))
    file.add(EventKind.RUNG_FIRED, NOON, acted_at=NOON + HOUR, cause="moved")
    file.answered(at, "yes", "yes").ended(at, closed(order()))

    lag = total(file).lag

    assert (lag.median, lag.p90) == (4, 8)


@pytest.mark.parametrize(
    ("by", "key"),
    [("unit", "U1"), ("district", "D1"), ("tier", "general"), ("category", "none")],
)
def test_groups_bear_the_key_they_are_grouped_by(by: str, key: str) -> None:
    report = count(satisfied_file(), by=GroupBy(by))

    assert [group.key for group in report.groups] == [key]


def test_fewer_rounds_than_the_scoring_asks_for_are_not_ranked() -> None:
    assert not total(satisfied_file()).ranked
    assert total(satisfied_file(), scoring=Scoring(smallest_ranked=1)).ranked


def test_the_hours_from_receipt_to_dispatch_have_median_and_p90() -> None:
    assert total(satisfied_file()).hours_to_dispatch.median == 1


def test_nothing_at_all_gives_no_rate_rather_than_zero() -> None:
    counted = total()

    assert counted.response.of_all is None
    assert counted.lag.p90 is None
