"""`hotline amend`: what an amendment would move is shown before it moves."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from cli import moves
from cli.amend import NotAmended, apply_to, dry_run, fingerprint, read
from cli.moves import Amendment, Move
from domain.calendar import Calendar
from domain.state import ClockView, ComplaintState
from domain.vocabulary import ClockKind, Demand, Stage, Tier
from domain.window import Window
from tests.api.town import DISTRICT, STREET, WATER, Town

NOON = datetime(2026, 9, 21, 4, tzinfo=UTC)  # a Monday, 12:00 in Beijing


def outage(since: datetime) -> Amendment:
    reason = "the database was down"
    return Amendment(kind="outage", reason=reason, since=since, until=datetime.now(UTC))


async def shown(town: Town, amendment: Amendment, number: str) -> list[Move]:
    found = await dry_run(town.shared.database, amendment)
    return [move for move in found if move.number == number]


async def test_an_outage_moves_what_the_dry_run_said(town: Town) -> None:
    since = datetime.now(UTC)
    number = (await town.complain(category=WATER))["number"]
    await town.lead_order(number)
    amendment = outage(since)

    said = await shown(town, amendment, number)
    status = await apply_to(town.shared, amendment, number)

    await town.events(number, "amended")
    clocks = (await town.get(f"complaints/{number}", "hotline")).json()["clocks"]
    due = {clock["id"]: datetime.fromisoformat(clock["due_at"]) for clock in clocks}
    assert status == 200
    assert any(move.subject == "citizen.1" for move in said)
    assert {m.subject: datetime.fromisoformat(m.becomes) for m in said}.items() <= due.items()


async def test_an_amendment_is_applied_once_however_often_it_is_run(town: Town) -> None:
    since = datetime.now(UTC)
    number = (await town.complain())["number"]
    await town.lead_order(number)
    amendment = outage(since)

    statuses = [await apply_to(town.shared, amendment, number) for _ in range(2)]

    await town.post(f"complaints/{number}/withdrawal", "hotline")
    await town.until(number, "closed")
    page = (await town.get(f"complaints/{number}/events", "auditor", limit=500)).json()
    assert statuses == [200, 200]
    assert [line["kind"] for line in page["items"]].count("amended") == 1


async def test_the_orders_of_a_unit_that_ended_go_to_its_heir(town: Town) -> None:
    number = (await town.complain())["number"]
    order = await town.lead_order(number)
    amendment = Amendment(kind="unit", reason="merged", unit=STREET)

    said = await shown(town, amendment, number)
    await apply_to(town.shared, amendment, number)

    await town.events(number, "amended")
    read_ = (await town.get(f"complaints/{number}", "hotline")).json()
    assert [(move.subject, move.was, move.becomes) for move in said] == [(order, STREET, DISTRICT)]
    assert read_["orders"][0]["unit"] == DISTRICT


async def test_a_published_holiday_moves_working_days_and_says_why(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    old = Calendar(id="city", version="1", zone="Asia/Shanghai")
    new = old.model_copy(update={"version": "2", "holidays": frozenset({date(2026, 9, 23)})})
    on_file = {None: new, "1": old}
    monkeypatch.setattr(moves, "calendar_of", lambda _, version=None: on_file[version])
    state = waiting(working_days=3, due_at=datetime(2026, 9, 24, 16, tzinfo=UTC))

    (move,) = moves.moves(state, Amendment(kind="calendar", reason="published", calendar="city"))

    assert move.becomes == datetime(2026, 9, 25, 16, tzinfo=UTC).isoformat()
    assert move.why == "city 1 -> 2"


async def test_another_calendar_moves_nothing() -> None:
    state = waiting(working_days=3, due_at=datetime(2026, 9, 24, 16, tzinfo=UTC))

    assert moves.moves(state, Amendment(kind="calendar", reason="x", calendar="kr")) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('kind = "flood"\nreason = "x"', "kind must be one of"),
        ('kind = "outage"\nreason = "x"', "outage needs since, until"),
        ('kind = "unit"\nreason = "x"\ncolour = 1', "colour"),
        ('kind = "calendar"\nreason = "x"\ncalendar = "mars"', "no calendar is on file"),
        ("kind = ", "Invalid value"),
    ],
)
def test_a_file_that_is_no_amendment_is_refused(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "amendment.toml"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(NotAmended, match=told):
        read(file)


def test_json_says_the_same_as_toml(tmp_path: Path) -> None:
    toml, json = tmp_path / "a.toml", tmp_path / "a.json"
    toml.write_text('kind = "unit"\nreason = "merged"\nunit = "u"', encoding="utf-8")
    json.write_text('{"kind": "unit", "reason": "merged", "unit": "u"}', encoding="utf-8")

    assert fingerprint(read(toml)) == fingerprint(read(json))


def waiting(working_days: int, due_at: datetime) -> ComplaintState:
    clock = ClockView(
        id="citizen.1",
        kind=ClockKind.CITIZEN,
        party="u",
        start=NOON,
        window=Window.model_validate({"amount": working_days, "unit": "working_days"}),
        calendar="city",
        calendar_version="1",
        basis="demo",
        source="-",
        due_at=due_at,
    )
    return ComplaintState(
        number="1",
        pack="p",
        pack_version="1",
        channel="web",
        demand=Demand.COMPLAINT,
        stage=Stage.HANDLING,
        round=1,
        tier=Tier.GENERAL,
        received_at=NOON,
        clocks=(clock,),
        sequence=1,
    )
