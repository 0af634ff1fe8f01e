"""The engine was down: what came due fires once, with its lag, and reminders say it only once."""

from datetime import UTC, datetime

from domain.event import EventKind
from domain.vocabulary import ClockKind
from tests.domain.citizen import expired
from tests.domain.desk import STREET, Desk, local


def test_after_an_outage_what_is_due_fires_once_with_its_lag() -> None:
    desk = Desk()
    desk.sleep_until(local(3, 10, 6))
    desk.wait(days=1)

    late = [e for e in desk.of(EventKind.RUNG_FIRED) if e.acted_at == local(3, 10, 6)]
    by_key = {f"{e.body['clock'].split('.')[0]}.{e.body['rung']}": e.body["lag"] for e in late}
    assert by_key["citizen.red"] == 6 * 3600
    assert by_key["order.yellow"] == 30 * 3600
    assert by_key["contact.urge"] > 5 * 24 * 3600
    assert len(late) == len(by_key)
    assert late == sorted(late, key=lambda e: e.due_at or datetime.min.replace(tzinfo=UTC))


def test_after_an_outage_reminders_collapse_into_the_last_one() -> None:
    desk = Desk()
    desk.take("sign_off")
    desk.sleep_until(local(3, 9, 12))

    assert desk.rungs(ClockKind.ORDER) == ["order.most", "order.yellow"]
    most = next(
        e
        for e in desk.of(EventKind.RUNG_FIRED)
        if e.body["rung"] == "most" and e.body["clock"].startswith("order")
    )
    assert most.body["collapsed"] == ["half"]
    assert most.due_at == local(3, 8, 11, 24)
    assert desk.told("order_remind") == [STREET]


def test_after_an_outage_the_weekly_repetitions_collapse_into_the_last_one() -> None:
    desk = expired()
    desk.wait(days=16)
    desk.sleep_until(local(4, 20))

    weekly = desk.rungs(ClockKind.CITIZEN)[3:]
    assert weekly == ["citizen.last_resort", "citizen.last_resort.4"]
    last = [e for e in desk.of(EventKind.RUNG_FIRED) if e.body["clock"] == "citizen.1"][-1]
    assert last.body["collapsed"] == ["last_resort.2", "last_resort.3"]
    desk.wait(days=7)
    assert desk.rungs(ClockKind.CITIZEN)[-1] == "citizen.last_resort.5"


def test_without_an_outage_nothing_collapses() -> None:
    desk = Desk()
    desk.wait(days=120)

    assert all("collapsed" not in e.body for e in desk.of(EventKind.RUNG_FIRED))


def test_an_outage_after_a_change_is_still_lag() -> None:
    desk = Desk()
    extension = {"amount": "3d", "basis": "art-15", "reason": "sealed:v1:r"}
    desk.take("extend", **extension, citizen_told={"at": desk.now, "means": "phone"})
    desk.wait_until(local(3, 12))
    desk.sleep_until(local(3, 13, 2))

    red = [e for e in desk.of(EventKind.RUNG_FIRED) if e.body["rung"] == "red"][-1]
    assert (red.body["cause"], red.body["lag"]) == ("due", 2 * 3600)
