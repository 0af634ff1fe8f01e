"""`hotline deadline --json-in`: a list in, a list out, and one refusal per bad case."""

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from cli.deadline import deadline
from cli.deadline_cases import answer

OFFICE = {
    "zone": "Asia/Shanghai",
    "weekend": [6, 7],
    "holidays": ["2026-09-25"],
    "working_days": ["2026-09-20"],
    "intervals": [["09:00", "12:00"], ["13:00", "17:00"]],
    "published_from": "2026-01-01",
    "published_through": "2026-12-31",
}
CASE: dict[str, Any] = {
    "id": "whole",
    "window": {
        "amount": 5,
        "unit": "working_days",
        "first_day": "next",
        "ends": "midnight",
        "snap": "none",
        "roll": "none",
    },
    "calendar": OFFICE,
    "start": "2026-09-24T16:30+08:00",
    "suspensions": [["2026-09-28T17:00+08:00", "2026-09-29T09:00+08:00"]],
    "extensions": [{"amount": 2, "unit": "working_days"}],
}

app = typer.Typer()
app.command()(deadline)


def case(**changes: Any) -> dict[str, Any]:
    """The whole case with some of its parts replaced."""
    return {**CASE, **changes}


def window(**changes: Any) -> dict[str, Any]:
    return case(window={**CASE["window"], **changes}, suspensions=None, extensions=None)


def calendar(**changes: Any) -> dict[str, Any]:
    return case(calendar={**OFFICE, **changes}, suspensions=None, extensions=None)


REFUSED: dict[str, tuple[Any, str]] = {
    "a case that is no object": ("soon", "case"),
    "no case at all": (None, "case"),
    "an id that is a list": ({"id": []}, "id"),
    "no window": (case(window=None), "window"),
    "a window that is a list": (case(window=[]), "window"),
    "half a day": (window(amount=1.5), "window.amount"),
    "a truth value as amount": (window(amount=True), "window.amount"),
    "an amount as text": (window(amount="5"), "window.amount"),
    "no amount": (window(amount=None), "window.amount"),
    "an unknown unit": (window(unit="weeks"), "window.unit"),
    "a unit that no law counts in": (window(unit="seconds"), "window.unit"),
    "an option that the unit does not have": (
        window(unit="hours", roll="forward"),
        "window.roll",
    ),
    "an unknown ending": (window(ends="noon"), "window.ends"),
    "no calendar where days are counted": (case(calendar=None), "calendar"),
    "a calendar without its zone": (calendar(zone=None), "calendar.zone"),
    "a zone that does not exist": (calendar(zone="Asia/Peking"), "calendar.zone"),
    "a zone that is not text": (calendar(zone=8), "calendar.zone"),
    "an eighth weekday": (calendar(weekend=[8]), "calendar.weekend"),
    "a holiday that is no date": (calendar(holidays=["2026-02-30"]), "calendar.holidays"),
    "a holiday that is a number": (calendar(holidays=[20260925]), "calendar.holidays"),
    "holidays that are no list": (calendar(holidays="2026-09-25"), "calendar.holidays"),
    "a holiday that is not published": (calendar(holidays=["2027-01-01"]), "calendar.holidays"),
    "a published span that is no date": (
        calendar(published_through=2026),
        "calendar.published_through",
    ),
    "intervals that overlap": (
        calendar(intervals=[["09:00", "13:00"], ["12:00", "17:00"]]),
        "calendar.intervals",
    ),
    "no start": (case(start=None), "start"),
    "a start without its offset": (case(start="2026-09-24T16:30"), "start"),
    "a start that is a number": (case(start=1), "start"),
    "a start before the published span": (case(start="2025-12-31T23:00+08:00"), "start"),
    "a start before all years": (case(start="0001-01-01T00:00+08:00"), "start"),
    "a start after all years": (case(start="9999-12-31T23:59-08:00"), "start"),
    "a suspension that is no pair": (case(suspensions=[["2026-09-28T17:00+08:00"]]), "suspensions"),
    "a suspension without a beginning": (
        case(suspensions=[[None, "2026-09-28T17:00+08:00"]]),
        "suspensions",
    ),
    "a suspension that ends before it begins": (
        case(suspensions=[["2026-09-28T17:00+08:00", "2026-09-28T16:00+08:00"]]),
        "suspensions",
    ),
    "a suspension after the due instant": (
        case(suspensions=[["2027-09-28T17:00+08:00", None]]),
        "suspensions",
    ),
    "an extension in another unit": (
        case(extensions=[{"amount": 2, "unit": "natural_days"}]),
        "extensions",
    ),
    "an extension of nothing": (
        case(extensions=[{"amount": 0, "unit": "working_days"}]),
        "extensions.amount",
    ),
}


@pytest.mark.parametrize(("given", "field"), REFUSED.values(), ids=REFUSED)
def test_a_bad_case_is_refused_by_field_and_rule(given: Any, field: str) -> None:
    refused = answer(given)

    assert refused.keys() == {"id", "error"}
    assert refused["error"]["field"] == field
    assert refused["error"]["rule"]


def test_a_whole_case_is_due_and_explained() -> None:
    answered = answer(CASE)

    assert {**answered, "explanation": []} == {
        "id": "whole",
        "due_at": "2026-10-07T16:00:00Z",
        "provisional": False,
        "explanation": [],
    }
    assert sum(line["counted"] for line in answered["explanation"]) == 7
    assert answered["explanation"][1] == {
        "day": "2026-09-25",
        "counted": 0,
        "rule": "holiday",
        "source": "calendar as given",
    }


def test_null_or_absent_means_the_default() -> None:
    bare: dict[str, Any] = {
        "id": 1,
        "window": {"amount": 5, "unit": "working_days"},
        "calendar": {"zone": "Asia/Shanghai"},
        "start": "2026-09-24T16:30+08:00",
    }
    nulls = {
        **bare,
        "window": {**dict.fromkeys(CASE["window"]), **bare["window"]},
        "calendar": {**dict.fromkeys(OFFICE), **bare["calendar"]},
        "suspensions": None,
        "extensions": None,
    }

    assert answer(bare) == answer(nulls)
    assert answer(bare)["due_at"] == "2026-10-01T16:00:00Z"


def test_unknown_keys_are_ignored() -> None:
    noisy = case(note=1, window={**CASE["window"], "x": 1}, calendar={**OFFICE, "y": []})

    assert answer(noisy) == answer(CASE)


def test_exact_time_needs_no_calendar() -> None:
    given = {"window": {"amount": 2, "unit": "hours"}, "start": "2026-09-24T16:30:00.5+08:00"}

    assert answer(given)["due_at"] == "2026-09-24T10:30:00.500000Z"


def test_an_open_suspension_leaves_no_due_instant() -> None:
    answered = answer(case(suspensions=[["2026-09-28T17:00+08:00", None]]))

    assert answered["due_at"] is None
    assert answered["provisional"] is False


def run(argument: str, stdin: str | None = None) -> tuple[int, str, str]:
    ran = CliRunner().invoke(app, ["--json-in", argument], input=stdin)
    return ran.exit_code, ran.stdout, ran.stderr


class TestCommand:
    def test_it_answers_a_file_case_by_case(self, tmp_path: Path) -> None:
        file = tmp_path / "cases.json"
        file.write_text(json.dumps([CASE, {"id": "bad"}, CASE]), encoding="utf-8")

        code, out, err = run(str(file))

        assert (code, err) == (0, "")
        assert ["due_at" in answered for answered in json.loads(out)] == [True, False, True]

    def test_it_reads_stdin(self) -> None:
        code, out, _ = run("-", "[]")

        assert (code, json.loads(out)) == (0, [])

    @pytest.mark.parametrize("text", ["{}", "null", "not json", "", "[" * 100_000])
    def test_what_is_not_a_list_is_an_error_on_stderr(self, text: str) -> None:
        code, out, err = run("-", text)

        assert (code, out) == (2, "")
        assert err.startswith("hotline deadline: ")

    def test_a_missing_file_is_an_error_on_stderr(self, tmp_path: Path) -> None:
        code, out, err = run(str(tmp_path / "none.json"))

        assert (code, out) == (2, "")
        assert "No such file" in err

    def test_a_file_in_another_encoding_is_an_error_on_stderr(self, tmp_path: Path) -> None:
        file = tmp_path / "cases.json"
        file.write_bytes('["诉求"]'.encode("gb18030"))

        assert run(str(file))[0] == 2
