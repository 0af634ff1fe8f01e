"""Two things at one instant, or an act that is applied after the rung that it had forestalled.

Judged by the trusted `received_at`: at the due instant is in time. What fired meanwhile stays in
the file, and whoever was told hears the correction.
"""

from datetime import timedelta

from domain.event import EventKind
from domain.file_facts import FileFacts, facts_of
from domain.view import view
from domain.vocabulary import ClockKind, EndCause, OrderKind, OrderState, Outcome, Resolved, Stage
from tests.domain.citizen import ANGRY, PLEASED, answer_again, answered, expired, refused, say
from tests.domain.desk import DISTRICT, HOTLINE, OTHER_STREET, STREET, Desk, local

INSTANT = timedelta(microseconds=1)
MOMENT = timedelta(minutes=5)


def facts_now(desk: Desk) -> FileFacts:
    """What the file says to the statistics."""
    *earlier, last = desk.events
    facts = facts_of([*earlier, last.model_copy(update={"state": view(desk.case)})])
    assert facts is not None
    return facts


def silent() -> Desk:
    """Closed by silence on 10 March at 24:00, a moment ago."""
    desk = answered()
    desk.wait_until(local(3, 11) + MOMENT)
    assert desk.case.stage is Stage.CLOSED
    return desk


def test_an_answer_at_the_due_instant_is_in_time() -> None:
    desk = expired()
    desk.take("complete", result="solved", answer="sealed:v1:done", received_at=local(3, 10))

    assert not view(desk.case).overdue
    facts = facts_now(desk)
    assert facts.rounds[0].on_time


def test_an_answer_an_instant_after_the_due_is_late() -> None:
    desk = expired()
    late = local(3, 10) + INSTANT
    desk.now = late
    desk.take("complete", result="solved", answer="sealed:v1:done", received_at=late)

    facts = facts_now(desk)
    assert not facts.rounds[0].on_time


def test_a_completion_in_the_instant_of_the_deadline_overtakes_the_rung_that_fired() -> None:
    desk = Desk()
    desk.take("sign_off")
    desk.take("contact", at=desk.now, means="phone", reached=True)
    desk.wait_until(local(3, 10))
    told = [n.id for n in desk.notices if n.kind == "citizen_red"]
    desk.wait(minutes=5)
    desk.take("complete", result="solved", answer="sealed:v1:done", received_at=local(3, 10))

    assert "citizen.red" in desk.rungs(), "it stays in the file"
    assert desk.of(EventKind.RUNGS_OVERTAKEN)[-1].body["rungs"] == ["red"]
    corrections = {n.corrects: n.destination for n in desk.notices if n.kind == "correction"}
    assert list(corrections) == told
    assert list(corrections.values()) == [STREET, DISTRICT, HOTLINE]
    assert desk.case.escalation == 1, "the yellow one before the deadline stands"


def test_a_completion_received_before_supervision_began_takes_its_place_back() -> None:
    desk = expired()
    desk.wait_until(local(3, 15) + MOMENT)
    assert desk.order(OrderKind.SUPERVISION).live
    lead = desk.order(OrderKind.LEAD)
    received = local(3, 15) - INSTANT
    desk.take(
        "complete", order=lead.id, result="solved", answer="sealed:v1:d", received_at=received
    )

    assert lead.state is OrderState.COMPLETED
    assert not desk.order(OrderKind.SUPERVISION).live
    assert desk.case.stage is Stage.EVALUATING


def test_a_completion_received_after_supervision_began_is_refused() -> None:
    desk = expired()
    desk.wait_until(local(3, 15) + MOMENT)
    lead = desk.order(OrderKind.LEAD)

    answer = {"order": lead.id, "result": "solved", "answer": "sealed:v1:done"}
    assert desk.act("complete", **answer) is not None
    assert lead.cause is EndCause.SUPERSEDED


def test_a_timely_objection_stands_although_the_rung_fired() -> None:
    desk = Desk()
    desk.wait_until(local(3, 4) + MOMENT)
    assert desk.rungs(ClockKind.SIGN_OFF)[-1] == "sign_off.red"
    objection = {"reason": "not_my_area", "proposed_unit": OTHER_STREET, "basis": "art-12"}
    desk.take("object", **objection, received_at=local(3, 4))

    assert desk.case.stage is Stage.OBJECTED
    assert desk.rungs(ClockKind.SIGN_OFF)[-1] == "sign_off.red"


def test_a_return_and_an_escalation_in_one_instant_are_judged_by_what_was_received() -> None:
    desk = Desk()
    desk.take("sign_off")
    objection = {"reason": "not_my_area", "proposed_unit": OTHER_STREET, "basis": "art-12"}
    desk.take("object", **objection)
    desk.wait_until(local(3, 10) + MOMENT)
    upheld = {"subject": "objection", "decision": "upheld", "unit": OTHER_STREET}
    desk.take("rule", **upheld, received_at=local(3, 10))

    assert desk.order(OrderKind.LEAD, 0).cause is EndCause.RETURNED
    assert desk.lead.unit == OTHER_STREET
    assert "citizen.red" in desk.rungs(), "the citizen has waited too long all the same"
    assert view(desk.case).overdue


def test_a_return_that_comes_after_supervision_has_begun_returns_nothing() -> None:
    desk = Desk()
    desk.take("sign_off")
    objection = {"reason": "not_my_area", "proposed_unit": OTHER_STREET, "basis": "art-12"}
    desk.take("object", **objection)
    desk.wait_until(local(3, 15) + MOMENT)

    assert desk.act("rule", subject="objection", decision="upheld") == "wrong-stage"
    assert desk.order(OrderKind.SUPERVISION).live


def test_an_evaluation_at_the_instant_of_silent_close_counts() -> None:
    desk = silent()
    say(desk, **PLEASED, received_at=local(3, 11))

    assert (desk.case.stage, desk.case.outcome) == (Stage.CLOSED, Outcome.RESOLVED)
    assert desk.of(EventKind.CORRECTED)[-1].body["cause"] == "answered_in_time"
    facts = facts_now(desk)
    answer = facts.rounds[0].answer
    assert answer is not None
    assert answer.resolved is Resolved.YES
    assert facts.rounds[0].late_answers == 0


def test_an_evaluation_an_instant_after_silent_close_is_a_late_one() -> None:
    desk = silent()
    say(desk, **PLEASED, received_at=local(3, 11) + INSTANT)

    assert desk.case.outcome is Outcome.NOT_REACHED
    assert desk.of(EventKind.CORRECTED)[-1].body["cause"] == "late_evaluation"
    facts = facts_now(desk)
    assert facts.rounds[0].late_answers == 1


def test_a_negative_evaluation_at_the_instant_of_silent_close_starts_the_round() -> None:
    desk = silent()
    say(desk, **ANGRY, received_at=local(3, 11))

    assert (desk.case.round, desk.case.stage) == (2, Stage.DISPATCHED)


def test_a_second_negative_at_the_instant_of_silent_close_brings_supervision() -> None:
    desk = answered()
    say(desk, **ANGRY)
    answer_again(desk)
    desk.wait_until(local(3, 11) + MOMENT)
    assert desk.case.stage is Stage.CLOSED
    say(desk, **ANGRY, received_at=local(3, 11))

    assert desk.order(OrderKind.SUPERVISION).live


def test_a_timely_answer_that_silence_overtook_is_taken_once() -> None:
    desk = silent()
    say(desk, **PLEASED, received_at=local(3, 11), opening=1)

    assert refused(desk, **ANGRY, received_at=local(3, 11), opening=1) == "already-done"


def test_of_two_timely_answers_without_a_link_the_second_is_a_correction() -> None:
    desk = silent()
    say(desk, **PLEASED, received_at=local(3, 11))
    say(desk, **PLEASED, received_at=local(3, 11))

    causes = [event.body["cause"] for event in desk.of(EventKind.CORRECTED)]
    assert causes == ["answered_in_time", "late_evaluation"]


def test_a_timely_answer_before_completion_counts_although_silence_was_recorded() -> None:
    desk = expired()
    silence = local(3, 17)
    desk.wait_until(silence + MOMENT)
    assert desk.case.open_opening() is None
    assert refused(desk, **PLEASED, received_at=silence + INSTANT) == "wrong-stage"

    say(desk, **PLEASED, received_at=silence)

    assert desk.case.outcome is Outcome.RESOLVED
