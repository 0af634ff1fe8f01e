import pytest

from runtime.master_key import MasterKeys
from sealing.keys import SealingKeys
from sealing.tokens import (
    Opening,
    evaluation_token,
    is_receipt,
    number_of_receipt,
    read_evaluation_token,
    receipt_token,
)

NUMBER = "10000000000013"


def test_a_receipt_is_the_same_each_time_it_is_derived(keys: SealingKeys) -> None:
    token = receipt_token(keys, NUMBER, 1)

    assert token == receipt_token(keys, NUMBER, 1)
    assert number_of_receipt(token) == NUMBER
    assert is_receipt(keys, token, NUMBER, 1)


def test_a_new_receipt_voids_the_old_one(keys: SealingKeys) -> None:
    assert not is_receipt(keys, receipt_token(keys, NUMBER, 1), NUMBER, 2)


def test_a_receipt_is_for_one_complaint_and_of_these_keys(keys: SealingKeys) -> None:
    other = SealingKeys.derived(MasterKeys.generate())

    assert not is_receipt(keys, receipt_token(keys, NUMBER, 1), "10000000000110", 1)
    assert not is_receipt(keys, receipt_token(other, NUMBER, 1), NUMBER, 1)


def test_an_evaluation_token_says_which_opening_it_answers(keys: SealingKeys) -> None:
    assert read_evaluation_token(keys, evaluation_token(keys, NUMBER, 2)) == Opening(NUMBER, 2)


@pytest.mark.parametrize(
    "forged",
    [
        "",
        "e",
        "e.1.1",
        "e.1.1.",
        "e.1.one.x",
        "e.1.².x",
        "e..1.x",
        "r.1.1.x",
        "e.1.1.é",
        "e.1." + "9" * 5000,
    ],
)
def test_what_nobody_issued_is_no_evaluation_token(keys: SealingKeys, forged: str) -> None:
    assert read_evaluation_token(keys, forged) is None


def test_an_evaluation_token_cannot_be_moved_to_another_opening(keys: SealingKeys) -> None:
    token = evaluation_token(keys, NUMBER, 1)

    assert read_evaluation_token(keys, token.replace(".1.", ".2.")) is None
    assert read_evaluation_token(keys, token.replace(".1.", ".01.")) is None
    assert not is_receipt(keys, token, NUMBER, 1)
