"""Abusive words bring a person in; the complaint loses nothing by them."""

import pytest

from domain.vocabulary import Demand, Tier
from packs.abuse import ABUSIVE, AbuseWords
from packs.classifier import CatalogueClassifier, Classification, OpenedWords
from packs.learned.classifier import LearnedClassifier
from packs.loader import load_pack
from packs.pack import RulePack

BEIJING = load_pack("cn-beijing")
GARBAGE = "小区垃圾桶堆放多日，垃圾无人清运"
INSULT = "你们这帮王八蛋"


def classify(
    text: str, pack: RulePack = BEIJING, category: str | None = None, learned: bool = False
) -> Classification:
    words = OpenedWords(text=text, demand=Demand.COMPLAINT, category=category)
    return (LearnedClassifier() if learned else CatalogueClassifier()).classify(words, pack)


@pytest.mark.parametrize("learned", [False, True])
def test_an_insult_brings_a_person_in_with_the_candidates_and_the_reason(learned: bool) -> None:
    polite, rude = (classify(f"{GARBAGE}{more}", learned=learned) for more in ("", f"，{INSULT}"))

    assert ABUSIVE in rude.reasons
    assert not rude.sure
    assert rude.category == polite.category
    assert [one.category for one in rude.candidates][:1] == [polite.category]
    assert ABUSIVE not in polite.reasons


def test_an_insult_lowers_no_tier() -> None:
    said = ("三楼着火了，快来人", "全楼停水两天", GARBAGE)

    assert [classify(f"{each}，{INSULT}").tier for each in said] == [
        classify(each).tier for each in said
    ]
    assert classify(f"三楼着火了，{INSULT}").tier is Tier.EMERGENCY


def test_a_category_that_the_channel_chose_stands_for_nothing_is_guessed() -> None:
    found = classify(INSULT, category="urban.municipal.waste")

    assert (found.category, found.sure) == ("urban.municipal.waste", True)
    assert ABUSIVE in found.reasons
    assert "category chosen by the channel" in found.reasons


@pytest.mark.parametrize(
    "text",
    [
        "黑心开发商，垃圾物业，不作为",
        "物业和流氓土匪一样，太无耻了",
        "骗子公司，还我血汗钱",
        "孩子他妈的医保卡丢了",
        "固体废物无人清运",
        "The bastardised street sign is wrong",
        "assholestreet 12, retardant foam on the road",
        "this damn pothole again, the lazy city does nothing",
    ],
)
def test_anger_at_the_matter_is_no_abuse(text: str) -> None:
    assert ABUSIVE not in classify(text).reasons


@pytest.mark.parametrize("text", ["You are IDIOTS.", "go to hell, all of you", "他就是个畜生"])
def test_insults_are_found_in_either_language(text: str) -> None:
    assert ABUSIVE in classify(text).reasons


@pytest.mark.parametrize("pack", ["us-boston-2015", "uk-housing", "kr-petition", "demo-fast"])
def test_every_heir_knows_insults(pack: str) -> None:
    assert ABUSIVE in classify("fix the pothole you morons", load_pack(pack)).reasons


def test_a_pack_without_a_list_flags_nothing() -> None:
    assert not AbuseWords().said_in("You are idiots")


def test_what_only_looks_like_an_insult_is_struck_out_first() -> None:
    words = AbuseWords(words={"zh": ("他妈的",)}, unless=("孩子他妈的",))

    assert not words.said_in("孩子他妈的工资")
    assert words.said_in("孩子他妈的工资，他妈的")


def test_the_reason_holds_no_word_of_the_message() -> None:
    assert not any("王八蛋" in reason for reason in classify(INSULT).reasons)
