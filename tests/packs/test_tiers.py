"""The words can raise a tier, for a reason that is shown, and never lower one."""

import pytest

from domain.vocabulary import Basis, Tier
from packs.loader import load_pack
from packs.tiers import Context, RaiseRule, raised
from tests.packs.tier_figures import figures

CATALOGUE = load_pack("cn-beijing").catalogue
NOW = (
    ("三楼着火了，快来人", Tier.EMERGENCY),
    ("去年刚改的燃气管今天又漏气了", Tier.EMERGENCY),
    ("楼道里燃气味很重", Tier.EMERGENCY),
    ("我妈被困在电梯里半小时了", Tier.EMERGENCY),
    ("小区电梯经常困人，上周又掉层", Tier.EMERGENCY),
    ("路面塌陷，车掉进去了", Tier.EMERGENCY),
    ("围墙倾斜，随时可能倒下来砸到人", Tier.EMERGENCY),
    ("路灯杆漏电，孩子被电到", Tier.EMERGENCY),
    ("电线断落在人行道上，裸露的电线没人管", Tier.EMERGENCY),
    ("有人要跳楼", Tier.EMERGENCY),
    ("邻居持刀砸门，说要打死我", Tier.EMERGENCY),
    ("有人落水了", Tier.EMERGENCY),
    ("smoke everywhere, the kitchen is on fire", Tier.EMERGENCY),
    ("I smell gas in the hallway", Tier.EMERGENCY),
    ("people trapped in the elevator", Tier.EMERGENCY),
    ("downed wire across the sidewalk", Tier.EMERGENCY),
    ("全楼停水两天", Tier.UTILITY),
    ("暖气一直不热", Tier.UTILITY),
    ("家里没有水用", Tier.UTILITY),
    ("污水倒灌到屋里", Tier.UTILITY),
    ("burst water main, no running water", Tier.UTILITY),
)
NOT_NOW = (
    "消防通道被堵，一旦着火后果不堪设想",
    "楼道堆物，有火灾隐患",
    "建议加强燃气泄漏预防宣传",
    "2016年家里失火，赔偿至今没有下来",
    "看新闻说外地有楼房倒塌，请检查我们这里",
    "贫困人口如何申请救助",
    "公交到火车站的班次太少",
    "担心停电，想问何时检修",
    "请修落水管",
    "物业费太高，领导没水平",
    "the hallway is a fire hazard",
    "if there was an explosion nobody could get out",
    "trees could have collapsed on a risk of landslide",
    "no gas station nearby",
)


def tier_of(text: str, tier: Tier = Tier.GENERAL) -> tuple[Tier, tuple[str, ...]]:
    return raised(tier, text, CATALOGUE.raised, CATALOGUE.context)


@pytest.mark.parametrize(("text", "tier"), NOW)
def test_what_is_happening_raises_the_tier_and_says_why(text: str, tier: Tier) -> None:
    found, why = tier_of(text)

    assert found is tier
    assert why[0].startswith(f"tier {tier}: ")


@pytest.mark.parametrize("text", NOT_NOW)
def test_what_only_might_happen_or_is_over_or_elsewhere_does_not(text: str) -> None:
    assert tier_of(text) == (Tier.GENERAL, ())


def test_no_words_lower_a_tier() -> None:
    assert tier_of("谢谢，已经解决", Tier.EMERGENCY) == (Tier.EMERGENCY, ())
    assert tier_of("停水", Tier.EMERGENCY) == (Tier.EMERGENCY, ())


def test_the_most_urgent_of_several_rules_wins() -> None:
    assert tier_of("停电了，老人被困电梯")[0] is Tier.EMERGENCY


def test_the_reason_holds_no_word_of_the_message() -> None:
    assert tier_of("三楼着火了") == (Tier.EMERGENCY, ("tier emergency: fire or explosion",))


def test_a_shield_covers_its_sentence_from_where_it_stands() -> None:
    rule = RaiseRule(
        tier=Tier.EMERGENCY, words=("fire",), shielded_by=("if",), basis=Basis.DEMO, source="D0"
    )
    shield = {"if": Context(before="if", clause="drill", lifts="now")}

    said = {
        text: bool(raised(Tier.GENERAL, text, (rule,), shield)[1])
        for text in (
            "if a fire, help",
            "help, fire, if you can",
            "if so. fire",
            "fire drill",
            "drill, fire",
            "if now fire",
        )
    }

    assert said == {
        "if a fire, help": False,
        "help, fire, if you can": True,
        "if so. fire": True,
        "fire drill": False,
        "drill, fire": True,
        "if now fire": True,
    }


def test_on_labelled_messages_emergencies_are_found_and_few_are_raised_wrongly() -> None:
    measured = figures()
    if measured is None:
        pytest.skip("../shared/data/zh_messages is absent")

    assert measured["emergencies"] >= 50
    assert measured["emergency_recall"] >= 0.95
    assert measured["raised_wrongly_to_emergency"] <= 0.01
    assert measured["raised_wrongly_to_utility"] <= 0.01
