"""What was received in time but applied after rungs fired: they stay on file as overtaken."""

from datetime import timedelta

from domain.event import EventKind
from domain.vocabulary import ClockKind, OrderKind, Stage
from tests.domain.desk import OTHER_STREET, STREET, Desk, local


def corrected(desk: Desk) -> list[tuple[str, str]]:
    """Who was told what had been overtaken, by the kinds of the notices that were corrected."""
    kinds = {notice.id: notice.kind for notice in desk.notices}
    return [
        (kinds[notice.corrects], notice.destination)
        for notice in desk.notices
        if notice.corrects is not None
    ]


def test_a_timely_completion_withdraws_the_overdue_and_corrects_every_destination_told() -> None:
    desk = Desk()
    desk.wait_until(local(3, 11, 12))
    assert (desk.citizen.overdue, desk.case.escalation) == (True, 3)
    told = [(n.kind, n.destination) for n in desk.notices if n.kind.startswith("citizen_")]

    desk.take("complete", result="solved", received_at=local(3, 10))

    assert not desk.citizen.overdue
    assert not desk.case.clocks[f"order.{desk.lead.id}"].overdue
    assert [pair for pair in corrected(desk) if pair[0].startswith("citizen_")] == told
    rungs = {e.body["clock"]: e.body["rungs"] for e in desk.of(EventKind.RUNGS_OVERTAKEN)}
    assert rungs["citizen.1"] == ["red", "urge"]
    assert desk.case.escalation == 2, "the first contact is still missing"


def test_an_overtaken_rung_stays_in_the_file() -> None:
    desk = Desk()
    desk.wait_until(local(3, 10, 12))
    before = desk.rungs()

    desk.take("complete", result="solved", received_at=local(3, 9))

    assert desk.rungs() == before
    assert all(f.overtaken for f in desk.citizen.fired.values())


def test_what_rang_before_the_act_came_in_is_not_overtaken() -> None:
    desk = Desk()
    desk.wait_until(local(3, 11, 12))

    desk.take("complete", result="solved", received_at=local(3, 10) + timedelta(seconds=1))

    assert desk.citizen.overdue
    rungs = {e.body["clock"]: e.body["rungs"] for e in desk.of(EventKind.RUNGS_OVERTAKEN)}
    assert rungs["citizen.1"] == ["urge"]


def test_a_timely_contact_overtakes_the_rungs_of_its_clock() -> None:
    desk = Desk()
    desk.sleep_until(local(3, 3, 12))
    assert desk.rungs(ClockKind.CONTACT) == ["contact.most", "contact.red"]

    at = local(3, 3, 8)
    desk.take("contact", at=at, means="phone", reached=True, received_at=at)

    assert desk.of(EventKind.RUNGS_OVERTAKEN)[0].body["rungs"] == ["red"]


def test_a_timely_ruling_overtakes_the_rungs_of_the_desk() -> None:
    desk = Desk()
    desk.take("object", reason="not_my_duty", proposed_unit=OTHER_STREET, basis="duty-list")
    desk.sleep_until(local(3, 4, 3))

    desk.take("rule", subject="objection", decision="rejected", received_at=local(3, 3, 23))

    assert desk.of(EventKind.RUNGS_OVERTAKEN)[0].body["rungs"] == ["red"]


def test_a_timely_dispatch_overtakes_the_rungs_of_the_desk() -> None:
    desk = Desk(until=Stage.TRIAGE)
    desk.sleep_until(local(3, 3, 12))

    desk.take("dispatch", lead=STREET, received_at=local(3, 3, 9))

    assert desk.of(EventKind.RUNGS_OVERTAKEN)[0].body["rungs"] == ["red"]
    assert desk.citizen.start == local(3, 3, 9)


def test_a_timely_answer_of_the_superior_overtakes_the_rungs_of_the_help() -> None:
    desk = Desk()
    desk.take("help")
    helping = desk.order(OrderKind.HELP)
    desk.sleep_until(local(3, 5, 12))

    desk.take("complete", order=helping.id, result="explained", received_at=local(3, 5))

    assert desk.of(EventKind.RUNGS_OVERTAKEN)[0].body["rungs"] == ["red"]
    assert not desk.case.clocks[f"order.{helping.id}"].overdue


def test_an_extension_asked_in_time_and_applied_late_overtakes_what_fired_since() -> None:
    desk = Desk()
    desk.wait_until(local(3, 10, 12))

    told = {"at": local(3, 9), "means": "phone"}
    desk.take("extend", amount="7d", basis="art-15", citizen_told=told, received_at=local(3, 9, 12))

    assert desk.due() == local(3, 17)
    assert not desk.citizen.overdue
    assert ["red"] in [e.body["rungs"] for e in desk.of(EventKind.RUNGS_OVERTAKEN)]


def test_every_rung_is_corrected_once() -> None:
    desk = Desk()
    desk.wait_until(local(3, 15, 12))
    former = desk.order(OrderKind.LEAD)

    desk.take("complete", order=former.id, result="solved", received_at=local(3, 9))

    corrections = [n.corrects for n in desk.notices if n.corrects]
    assert len(corrections) == len(set(corrections))
