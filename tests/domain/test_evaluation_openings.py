"""When the citizen is asked, how often, by whom, and what silence means."""

from datetime import timedelta

from domain.event import EventKind
from domain.vocabulary import ClockKind, Outcome, Role, Stage
from tests.domain.citizen import (
    ANGRY,
    PLEASED,
    answer_again,
    answered,
    disposed,
    expired,
    refused,
    say,
)
from tests.domain.desk import HOTLINE, STREET, Desk


def openings(desk: Desk) -> list[tuple[int, str]]:
    asked = desk.of(EventKind.EVALUATION_OPENED)
    return [(event.body["opening"], event.body["cause"]) for event in asked]


def test_evaluation_opens_when_the_citizen_clock_expires_and_again_at_completion() -> None:
    desk = expired()
    desk.wait(hours=1)
    desk.take("complete", result="solved", answer="sealed:v1:done")

    assert openings(desk) == [(1, "expiry"), (2, "completion")]
    assert desk.told("evaluation_opened") == [f"citizen:{desk.case.number}"] * 2


def test_a_pack_that_does_not_ask_at_expiry_asks_at_completion_only() -> None:
    desk = expired(pack="cn-jinan", lead="370102")
    assert openings(desk) == []

    desk.take("complete", result="solved", answer="sealed:v1:done")

    assert openings(desk) == [(1, "completion")]


def test_expiry_leaves_the_stage_handling_and_the_ladder_running() -> None:
    desk = expired()
    assert desk.case.stage is Stage.HANDLING

    desk.wait(days=6)

    assert desk.rungs(ClockKind.CITIZEN) == ["citizen.red", "citizen.urge", "citizen.supervise"]


def test_an_opening_is_answered_once() -> None:
    desk = expired()
    say(desk, **ANGRY, opening=1)

    assert refused(desk, **PLEASED, opening=1) == "wrong-stage"
    desk.take("complete", result="solved", answer="sealed:v1:done")
    assert refused(desk, **PLEASED, opening=1) == "already-done"
    say(desk, **PLEASED, opening=2)


def test_an_opening_that_never_was_is_refused() -> None:
    assert refused(expired(), **PLEASED, opening=2) == "unlawful"


def test_an_answer_to_an_earlier_round_is_stale() -> None:
    desk = answered()
    say(desk, **ANGRY)
    answer_again(desk)

    assert refused(desk, **PLEASED, round=1) == "stale-round"
    assert refused(desk, **PLEASED, opening=1) == "already-done"


def test_the_link_of_an_earlier_round_that_nobody_used_is_stale() -> None:
    desk = expired()
    desk.take("complete", result="solved", answer="sealed:v1:done")
    say(desk, **ANGRY, opening=2)
    answer_again(desk)

    assert refused(desk, **PLEASED, opening=1) == "stale-round"


def test_callbacks_follow_the_packs_schedule_and_fall_to_the_hotline() -> None:
    desk = answered()
    done = desk.now
    desk.wait(days=6)

    called = desk.of(EventKind.CALLBACK_DUE)
    assert [event.due_at and event.due_at - done for event in called] == [
        timedelta(hours=2),
        timedelta(hours=27),
        timedelta(hours=55),
    ]
    assert desk.told("callback_due") == [HOTLINE] * 3


def test_whoever_hears_of_a_deferral_may_answer_and_is_not_called() -> None:
    desk = Desk()
    told = {"at": desk.now, "means": "phone"}
    asked = {"reason": "sealed:v1:r", "measures": "sealed:v1:m", "citizen_told": told}
    desk.take("defer", **asked, review_on="2026-03-20")
    desk.take("rule", subject="deferral", decision="upheld")
    desk.wait(days=6)

    assert openings(desk) == [(1, "deferral")]
    assert desk.of(EventKind.CALLBACK_DUE) == []


def test_a_callback_is_never_made_by_the_handling_unit() -> None:
    desk = answered()

    assert desk.act("callback", outcome="answered", role=Role.UNIT) == "wrong-role"
    assert ("callback", None) in desk.allowed()
    assert STREET not in desk.told("callback_due")


def test_a_callback_is_one_attempt_on_the_schedule() -> None:
    desk = answered()
    desk.wait(hours=1)
    desk.take("callback", outcome="no_answer")

    desk.wait(days=6)

    assert [event.body["attempt"] for event in desk.of(EventKind.CALLBACK_DUE)] == [2, 3]


def test_who_refuses_or_is_not_at_that_number_is_not_called_again() -> None:
    for outcome in ("refused", "wrong_number"):
        desk = answered()
        desk.wait(hours=2)
        desk.take("callback", outcome=outcome)
        desk.wait(days=6)

        assert len(desk.of(EventKind.CALLBACK_DUE)) == 1


def test_an_answer_ends_the_callbacks() -> None:
    desk = answered()
    desk.wait(hours=3)
    say(desk, **PLEASED)
    desk.wait(days=6)

    assert len(desk.of(EventKind.CALLBACK_DUE)) == 1


def test_a_callback_needs_an_open_evaluation() -> None:
    assert Desk().act("callback", outcome="answered") == "wrong-stage"


def test_without_a_reachable_contact_there_are_no_callbacks_and_silence_is_no_contact() -> None:
    desk = answered(reachable=False)
    desk.wait(days=10)

    assert desk.of(EventKind.CALLBACK_DUE) == []
    assert desk.told("evaluation_opened") == []
    assert desk.case.outcome is Outcome.NO_CONTACT


def test_without_a_reachable_contact_the_receipt_token_is_still_a_way_in() -> None:
    desk = answered(reachable=False)
    say(desk, **PLEASED)

    assert desk.case.outcome is Outcome.RESOLVED


def test_silence_closes_only_a_round_whose_lead_order_has_ended() -> None:
    desk = answered()
    desk.wait(days=10)

    assert desk.case.stage is Stage.CLOSED
    assert desk.case.outcome is Outcome.NOT_REACHED


def test_an_unanswered_complaint_is_never_closed_by_silence() -> None:
    desk = expired()
    desk.wait(days=400)

    ended = desk.of(EventKind.EVALUATION_ENDED)
    assert [event.body["cause"] for event in ended] == ["silence"]
    assert desk.case.stage is Stage.HANDLING


def test_whoever_does_not_know_yet_may_still_say_by_the_same_link() -> None:
    desk = answered()
    say(desk, resolved="unknown", satisfied="unknown", opening=1)
    desk.wait(days=1)
    say(desk, **PLEASED, opening=1)

    assert desk.case.outcome is Outcome.RESOLVED


def test_after_an_unknown_answer_silence_closes() -> None:
    desk = answered()
    say(desk, contacted="yes")
    desk.wait(days=10)

    assert desk.case.outcome is Outcome.NOT_REACHED


def test_a_disposed_complaint_is_asked_once_and_silence_closes_it_as_disposed() -> None:
    desk = disposed("secret_or_privacy")
    assert openings(desk) == [(1, "disposition")]
    desk.wait(days=10)

    assert desk.case.outcome is Outcome.NOT_ACCEPTED
