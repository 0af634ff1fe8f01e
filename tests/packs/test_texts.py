"""Texts to citizens: in the pack's languages, with number, due and link and no one's name."""

import pytest

from packs.loader import load_all, load_pack
from packs.texts import KINDS


@pytest.mark.parametrize("pack", load_all(), ids=lambda pack: pack.id)
def test_every_kind_of_notice_can_be_said_in_every_language(pack) -> None:  # type: ignore[no-untyped-def]
    for kind in KINDS:
        for language in pack.languages:
            said = pack.texts.words(kind, language, number="123", due="1 May", link="https://x")
            assert "123" in said
            assert "{" not in said


def test_a_language_that_the_pack_lacks_gets_its_first() -> None:
    texts = load_pack("cn-beijing").texts

    assert texts.words("closed", "fr", number="123").startswith("诉求123")


def test_a_kind_without_a_text_gets_the_general_one() -> None:
    texts = load_pack("cn-beijing").texts

    assert texts.words("sign_off", "en", number="123", link="https://x") == (
        "Complaint 123 has changed: https://x"
    )
