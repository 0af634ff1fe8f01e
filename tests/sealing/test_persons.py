import pytest

from runtime.master_key import MasterKeys
from sealing.keys import SealingKeys
from sealing.persons import Kind, normalised, person_key


@pytest.mark.parametrize(
    "spelling",
    [
        "13800138000",
        "138 0013 8000",
        "+86 138-0013-8000",
        "0086 13800138000",
        "8613800138000",
        "１３８００１３８０００",
        " (138)00138000 ",
    ],
)
def test_every_spelling_of_a_mobile_number_is_one_person(spelling: str) -> None:
    assert normalised("phone", spelling) == "+8613800138000"


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("phone", "010-6512 3456", "+861065123456"),
        ("phone", "+86 (0)10 6512 3456", "+861065123456"),
        ("phone", "+1 617-555-0100", "+16175550100"),
        ("phone", "65123456", "65123456"),
        ("email", " Li.Wei@Example.CN ", "li.wei@example.cn"),
        ("account", "wechat:oABC", "wechat:oABC"),
    ],
)
def test_contacts_are_normalised(kind: Kind, value: str, expected: str) -> None:
    assert normalised(kind, value) == expected


@pytest.mark.parametrize("nobody", ["", "n/a", "无", "-", "000"])
def test_what_names_nobody_is_nobodys_key(keys: SealingKeys, nobody: str) -> None:
    assert person_key(keys, "phone", nobody) is None


def test_a_person_key_is_keyed_and_kinds_do_not_meet(keys: SealingKeys) -> None:
    other = SealingKeys.derived(MasterKeys.generate())
    phone = person_key(keys, "phone", "13800138000")

    assert phone == person_key(keys, "phone", "+86 13800138000")
    assert phone != person_key(other, "phone", "13800138000")
    assert phone != person_key(keys, "account", "+8613800138000")
