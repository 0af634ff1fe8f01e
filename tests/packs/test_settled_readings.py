"""Each pack's law as worked examples, counted by hand on the published calendars."""

import pytest

from cli.deadline_pack import deadline_from_pack
from domain.errors import InvalidRule
from domain.vocabulary import Demand, StartFact, WindowName
from packs.loader import load_pack

THURSDAY_BEFORE_MID_AUTUMN = "2026-09-24T16:30+08:00"

EXAMPLES = [
    # Beijing: seven and fifteen natural days, the day of dispatch not counted, to midnight.
    ("cn-beijing", {}, THURSDAY_BEFORE_MID_AUTUMN, "2026-10-02T00:00:00+08:00"),
    ("cn-beijing", {"tier": "complex"}, THURSDAY_BEFORE_MID_AUTUMN, "2026-10-10T00:00:00+08:00"),
    ("cn-beijing", {"tier": "utility"}, THURSDAY_BEFORE_MID_AUTUMN, "2026-09-25T16:30:00+08:00"),
    ("cn-beijing", {"tier": "emergency"}, THURSDAY_BEFORE_MID_AUTUMN, "2026-09-24T18:30:00+08:00"),
    ("cn-beijing", {"window": "dispatch"}, THURSDAY_BEFORE_MID_AUTUMN, "2026-09-25T16:30:00+08:00"),
    (
        "cn-beijing",
        {"window": "dispatch", "tier": "emergency"},
        THURSDAY_BEFORE_MID_AUTUMN,
        "2026-09-24T17:30:00+08:00",
    ),
    # Jinan: five working days; 25 September and the National Day week are holidays.
    ("cn-jinan", {}, THURSDAY_BEFORE_MID_AUTUMN, "2026-10-10T00:00:00+08:00"),
    # Guangdong: two, ten and fifteen working days by demand; 10 October is a make-up day.
    (
        "cn-guangdong",
        {"demand": "consult"},
        THURSDAY_BEFORE_MID_AUTUMN,
        "2026-09-30T00:00:00+08:00",
    ),
    ("cn-guangdong", {"demand": "help"}, THURSDAY_BEFORE_MID_AUTUMN, "2026-10-16T00:00:00+08:00"),
    ("cn-guangdong", {"demand": "report"}, THURSDAY_BEFORE_MID_AUTUMN, "2026-10-23T00:00:00+08:00"),
    # Shandong: fifteen working days, seven more on application.
    ("cn-shandong-2017", {}, THURSDAY_BEFORE_MID_AUTUMN, "2026-10-23T00:00:00+08:00"),
    (
        "cn-shandong-2017",
        {"extensions": ("7wd",)},
        THURSDAY_BEFORE_MID_AUTUMN,
        "2026-11-03T00:00:00+08:00",
    ),
    # Korea: more than five days in working days, the first included; "immediately" in hours.
    ("kr-petition", {}, "2026-09-07T10:00+09:00", "2026-09-16T00:00:00+09:00"),
    ("kr-petition", {"tier": "emergency"}, "2026-09-07T16:30+09:00", "2026-09-08T10:30:00+09:00"),
    # England: ten working days; Boxing Day falls on a Saturday and is made up on the Monday.
    ("uk-housing", {}, "2026-12-21T09:00+00:00", "2027-01-08T00:00:00+00:00"),
    ("uk-housing", {"window": "redo"}, "2026-06-01T09:00+01:00", "2026-06-30T00:00:00+01:00"),
    # India: twenty-one calendar days.
    ("in-cpgrams-2024", {}, "2026-09-01T10:00+05:30", "2026-09-23T00:00:00+05:30"),
    # Boston: ten working days from the Monday opening, Presidents' Day not counted.
    (
        "us-boston-2015",
        {"category": "street-lights.street-light-outages"},
        "2015-02-07T22:00",
        "2015-02-24T08:30:00-05:00",
    ),
    # The demonstration runs in seconds.
    ("demo-fast", {}, "2026-09-24T16:30:00+08:00", "2026-09-24T16:30:20+08:00"),
]


@pytest.mark.parametrize(("pack", "asked", "start", "due"), EXAMPLES)
def test_a_worked_example(pack: str, asked: dict[str, str], start: str, due: str) -> None:
    found = deadline_from_pack(pack, start, **asked)  # type: ignore[arg-type]

    assert found["due_local"] == due
    assert found["provisional"] is False


@pytest.mark.parametrize(
    ("pack", "demand", "fact"),
    [
        ("cn-beijing", Demand.COMPLAINT, StartFact.DISPATCHED),
        ("cn-guangdong", Demand.CONSULT, StartFact.DISPATCHED),
        ("cn-shandong-2017", Demand.COMPLAINT, StartFact.DISPATCHED),
        ("kr-petition", Demand.COMPLAINT, StartFact.DISPATCHED),
        ("uk-housing", Demand.COMPLAINT, StartFact.ACKNOWLEDGED),
        ("in-cpgrams-2024", Demand.COMPLAINT, StartFact.RECEIVED),
        ("us-boston-2015", Demand.COMPLAINT, StartFact.RECEIVED),
    ],
)
def test_receipt_by_the_unit_is_the_dispatch(pack: str, demand: Demand, fact: StartFact) -> None:
    window = load_pack(pack).case_rules(demand).windows[WindowName.HANDLING]

    assert window.starts_at is fact


def test_an_extension_in_another_unit_than_the_window_is_refused() -> None:
    with pytest.raises(InvalidRule, match="own unit"):
        deadline_from_pack("cn-jinan", THURSDAY_BEFORE_MID_AUTUMN, extensions=("7d",))


def test_a_suspension_moves_the_deadline_and_an_open_one_takes_it_away() -> None:
    over_monday = ("2026-09-28T09:00..2026-09-29T09:00",)
    held = deadline_from_pack("cn-jinan", THURSDAY_BEFORE_MID_AUTUMN, suspensions=over_monday)
    open_hold = deadline_from_pack(
        "cn-jinan", THURSDAY_BEFORE_MID_AUTUMN, suspensions=("2026-09-28T09:00..",)
    )

    assert held["due_local"] == "2026-10-11T00:00:00+08:00"
    assert open_hold["due_at"] is None


def test_the_account_adds_up_to_the_budget() -> None:
    found = deadline_from_pack("cn-jinan", THURSDAY_BEFORE_MID_AUTUMN)

    assert sum(line["counted"] for line in found["explanation"]) == 5


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"window": "lunch"}, "window"),
        ({"tier": "royal"}, "tier"),
        ({"demand": "praise"}, "demand"),
        ({"category": "no.such"}, "category"),
        ({"suspensions": ("monday",)}, "suspend"),
        ({"extensions": ("7 wd",)}, "amount"),
    ],
)
def test_what_the_pack_does_not_know_is_refused_by_name(asked: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidRule) as refused:
        deadline_from_pack("cn-jinan", THURSDAY_BEFORE_MID_AUTUMN, **asked)  # type: ignore[arg-type]

    assert refused.value.field == field


def test_a_start_that_is_no_instant_is_refused() -> None:
    with pytest.raises(InvalidRule, match="must be an instant"):
        deadline_from_pack("cn-jinan", "tomorrow")
