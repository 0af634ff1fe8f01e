"""After the legal closing: late answers, and the end of the file."""

from datetime import timedelta

from domain.event import EventKind
from domain.view import view
from domain.vocabulary import ClockKind, Outcome, Stage
from tests.domain.citizen import ANGRY, PLEASED, answer_again, answered, disposed, refused, say
from tests.domain.desk import DISTRICT, HOTLINE, Desk, local


def silent() -> Desk:
    """Closed by silence, in aftercare."""
    desk = answered()
    desk.wait(days=10)
    assert desk.case.stage is Stage.CLOSED
    return desk


def test_in_aftercare_the_named_party_is_the_hotline() -> None:
    desk = answered()
    say(desk, **PLEASED)  # on Tuesday 3 March

    state = view(desk.case)
    assert state.waiting_on == HOTLINE
    assert state.next_due_at == local(4, 3)


def test_at_the_end_of_aftercare_the_file_freezes_and_takes_nothing_more() -> None:
    desk = answered()
    say(desk, **PLEASED)
    desk.wait_until(local(4, 3))

    assert desk.case.frozen
    assert [event.due_at for event in desk.of(EventKind.FROZEN)] == [local(4, 3)]
    assert refused(desk, **ANGRY) == "file-frozen"
    assert desk.allowed() == set()


def test_a_late_negative_evaluation_starts_the_automatic_round_if_it_is_unused() -> None:
    desk = silent()
    say(desk, **ANGRY)

    assert (desk.case.round, desk.case.stage) == (2, Stage.DISPATCHED)
    assert desk.lead.unit == DISTRICT
    assert desk.case.outcome is None
    assert desk.case.closed_at is None
    assert desk.case.clock_of(ClockKind.AFTERCARE) is None


def test_a_late_negative_evaluation_after_the_automatic_round_counts_as_a_correction() -> None:
    desk = answered()
    say(desk, **ANGRY)
    answer_again(desk)
    desk.wait(days=10)
    say(desk, **ANGRY)

    corrected = desk.of(EventKind.CORRECTED)[-1]
    assert corrected.body["was"] == Outcome.NOT_REACHED
    assert corrected.body["verdict"] == Outcome.UNRESOLVED
    assert (desk.case.round, desk.case.stage) == (2, Stage.CLOSED)


def test_a_late_answer_that_is_not_negative_counts_as_a_correction() -> None:
    desk = silent()
    say(desk, **PLEASED)

    assert desk.of(EventKind.CORRECTED)[-1].body["verdict"] == Outcome.RESOLVED
    assert desk.case.stage is Stage.CLOSED


def test_a_late_answer_that_knows_nothing_corrects_nothing() -> None:
    desk = silent()
    say(desk, contacted="yes")

    assert "verdict" not in desk.of(EventKind.CORRECTED)[-1].body


def test_after_supervision_a_late_negative_evaluation_is_a_correction_whatever_is_unused() -> None:
    desk = Desk()
    desk.take("supervise")
    answer_again(desk, "redone")
    desk.wait(days=10)
    say(desk, **ANGRY)

    assert (desk.case.round, desk.case.stage) == (1, Stage.CLOSED)


def test_an_answer_at_the_end_of_aftercare_is_in_time_and_one_after_it_is_not() -> None:
    desk = silent()
    end = desk.clock(ClockKind.AFTERCARE).due_at
    assert end is not None
    late = end + timedelta(microseconds=1)

    assert refused(desk, **ANGRY, received_at=late) == "window-closed"
    say(desk, **ANGRY, received_at=end)


def test_a_complaint_disposed_of_is_not_begun_again_by_a_late_answer() -> None:
    desk = disposed("unlawful")
    desk.wait(days=10)
    say(desk, **ANGRY)

    assert (desk.case.stage, desk.case.outcome) == (Stage.CLOSED, Outcome.NOT_ACCEPTED)
