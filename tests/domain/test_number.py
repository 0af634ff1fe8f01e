"""The complaint's number: digits that check."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.number import DRAWS, complaint_number, is_complaint_number

draws = st.integers(min_value=0, max_value=DRAWS - 1)


@given(draws)
def test_every_number_checks_and_has_fourteen_digits(draw: int) -> None:
    number = complaint_number(draw)

    assert is_complaint_number(number)
    assert len(number) == 14


@given(draws, st.integers(0, 13), st.integers(1, 9))
def test_one_wrong_digit_is_caught(draw: int, place: int, change: int) -> None:
    number = complaint_number(draw)
    wrong = str((int(number[place]) + change) % 10)

    assert not is_complaint_number(number[:place] + wrong + number[place + 1 :])


@given(draws, st.integers(0, 12))
def test_two_digits_that_changed_places_are_caught(draw: int, place: int) -> None:
    number = complaint_number(draw)
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]

    assert swapped == number or not is_complaint_number(swapped)


@pytest.mark.parametrize("text", ["", "1234", "12345678901a44", "１２３４５６７８９０１２４４"])
def test_anything_else_is_no_number(text: str) -> None:
    assert not is_complaint_number(text)


@pytest.mark.parametrize("draw", [-1, DRAWS])
def test_a_draw_outside_the_numbers_is_refused(draw: int) -> None:
    with pytest.raises(ValueError, match="outside"):
        complaint_number(draw)
