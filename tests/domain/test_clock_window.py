"""Windows, amounts and positions: what may be written, and what is refused by field and rule."""

from typing import Any

import pytest

from domain.errors import InvalidRule
from domain.window import Amount, TimeUnit, Window

DAYS: dict[str, Any] = {"amount": 5, "unit": "natural_days"}
HOURS: dict[str, Any] = {"amount": 5, "unit": "hours"}

REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "no time at all": ({**DAYS, "amount": 0}, "amount"),
    "a negative amount": ({**DAYS, "amount": -1}, "amount"),
    "half a day": ({**DAYS, "amount": 1.5}, "amount"),
    "a round float": ({**DAYS, "amount": 1.0}, "amount"),
    "an amount in words": ({**DAYS, "amount": "3"}, "amount"),
    "a truth value": ({**DAYS, "amount": True}, "amount"),
    "no amount": ({"unit": "hours"}, "amount"),
    "more than a century": ({**DAYS, "amount": 36_526}, "amount"),
    "an amount beyond all sizes": ({**HOURS, "amount": 10**40}, "amount"),
    "no unit": ({"amount": 3}, "unit"),
    "an unknown unit": ({"amount": 3, "unit": "weeks"}, "unit"),
    "an unknown first day": ({**DAYS, "first_day": "second"}, "first_day"),
    "an unknown ending": ({**DAYS, "ends": "noon"}, "ends"),
    "an unknown snap": ({**DAYS, "snap": "closing"}, "snap"),
    "an unknown roll": ({**DAYS, "roll": "backward"}, "roll"),
    "a first day for hours": ({**HOURS, "first_day": "same"}, "first_day"),
    "an ending for hours": ({**HOURS, "ends": "time_of_day"}, "ends"),
    "a roll for hours": ({**HOURS, "roll": "forward"}, "roll"),
    "a roll for working hours": (
        {"amount": 5, "unit": "working_hours", "roll": "forward"},
        "roll",
    ),
    "close of business on a day that may not be worked": (
        {**DAYS, "ends": "close_of_business"},
        "ends",
    ),
    "an unknown key": ({**DAYS, "frist_day": "same"}, "frist_day"),
}

ALLOWED: dict[str, dict[str, Any]] = {
    "defaults said aloud": {**HOURS, "first_day": "next", "ends": "midnight", "roll": "none"},
    "a snap for hours": {**HOURS, "snap": "opening"},
    "close of business of working days": {
        "amount": 5,
        "unit": "working_days",
        "ends": "close_of_business",
    },
    "close of business of a rolled day": {**DAYS, "ends": "close_of_business", "roll": "forward"},
    "close of business of a rolled month": {
        "amount": 1,
        "unit": "months",
        "ends": "close_of_business",
        "roll": "forward",
    },
}

WRITTEN = {
    "30min": (30, TimeUnit.MINUTES),
    "2h": (2, TimeUnit.HOURS),
    "4wh": (4, TimeUnit.WORKING_HOURS),
    "7d": (7, TimeUnit.NATURAL_DAYS),
    "7wd": (7, TimeUnit.WORKING_DAYS),
    "1mo": (1, TimeUnit.MONTHS),
}


@pytest.mark.parametrize(("values", "field"), REFUSED.values(), ids=REFUSED)
def test_a_window_refuses(values: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidRule) as refused:
        Window(**values)

    assert refused.value.field == field


@pytest.mark.parametrize("values", ALLOWED.values(), ids=ALLOWED)
def test_a_window_allows(values: dict[str, Any]) -> None:
    window = Window(**values)

    assert Window.model_validate_json(window.model_dump_json()) == window


@pytest.mark.parametrize("text", WRITTEN)
def test_an_amount_is_read_as_it_is_written(text: str) -> None:
    amount = Amount.parse(text)

    assert (amount.amount, amount.unit) == WRITTEN[text]
    assert str(amount) == text


@pytest.mark.parametrize("text", ["", "7", "wd", "-1d", "0d", "1.5h", "7 d", "7D", "7wd\n", "٣d"])
def test_an_amount_written_otherwise_is_refused(text: str) -> None:
    with pytest.raises(InvalidRule):
        Amount.parse(text)
