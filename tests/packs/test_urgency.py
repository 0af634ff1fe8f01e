"""What no rule has a word for is found urgent too, for a reason that is shown; none is lowered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.bench_words.calls import FLOORS, MISLED, made_up, misled, of
from cli.bench_words.tiers import by_pack, by_rules
from domain.vocabulary import Tier
from packs.learned.classifier import LearnedClassifier
from packs.learned.grams import grams
from packs.learned.passages import AT_MOST, LONGEST, passages
from packs.learned.shipped import named_model
from packs.learned.urgency import likelihoods, odds
from packs.loader import load_pack
from packs.tiers import URGENCY

BEIJING = load_pack("cn-beijing")
MODEL = named_model("urgency-2026.1")
LONG_AGO = "小区物业换了三家，电话没人接，垃圾也不清。" * 4
WRITTEN = st.text(alphabet="电梯里有人喊救命，。！?a b\nfire 3", max_size=200)


def urgency(read: str, tier: Tier = Tier.GENERAL, pack: str = "cn-beijing") -> tuple[Tier, str]:
    found, why = LearnedClassifier().urgency(tier, read, load_pack(pack))
    return found, " ".join(why)


@pytest.mark.parametrize(
    "words",
    [
        "孩子卡在护栏中间拔不出来，脸都紫了",
        "对面楼顶站着个小伙子，一直往下看",
        "老爷子躺地上怎么喊都不应",
        "There is a man on the wrong side of the bridge railing and he will not talk",
        "my neighbour fell down the stairs and she is not answering me",
    ],
)
def test_what_no_rule_has_a_word_for_is_raised_and_the_reason_names_the_model(words: str) -> None:
    assert by_rules(words) is Tier.GENERAL
    found, why = urgency(words)
    assert found is Tier.EMERGENCY
    assert why.startswith("tier emergency: reads like one to urgency-2026.1 (")


@pytest.mark.parametrize(
    "words",
    [
        "",
        "。。。",
        "请问社保卡怎么补办",
        "小区门口的路灯坏了一个月",
        "楼上装修噪音太大，周末也不停",
        "感谢消防员上周把我妈从电梯里救出来",
        "The street light on our corner has been out for a month",
        "кот на крыше дома",
        "كسر في الطريق العام",
    ],
)
def test_what_can_wait_till_the_morning_is_not_raised(words: str) -> None:
    assert urgency(words) == (Tier.GENERAL, "")


def test_one_sentence_in_a_long_letter_is_enough() -> None:
    letter = f"{LONG_AGO}今天早上楼道里躺着个人，怎么喊都不应。{LONG_AGO}"
    assert urgency(LONG_AGO)[0] is Tier.GENERAL
    assert urgency(letter)[0] is Tier.EMERGENCY


@given(WRITTEN, st.sampled_from(Tier))
def test_no_words_lower_a_tier(words: str, tier: Tier) -> None:
    found, why = urgency(words, tier)
    assert URGENCY[found] >= URGENCY[tier]
    assert bool(why) == (found is not tier)


def test_a_pack_without_a_model_goes_by_its_rules() -> None:
    file = BEIJING.file.model_copy(update={"urgency": None})
    bare = BEIJING.model_copy(update={"file": file})
    silent, said = "老爷子躺地上怎么喊都不应", "三楼着火了"
    assert LearnedClassifier().urgency(Tier.GENERAL, silent, bare)[0] is Tier.GENERAL
    assert LearnedClassifier().urgency(Tier.GENERAL, said, bare)[0] is Tier.EMERGENCY


@pytest.mark.parametrize("pack", ["uk-housing", "cn-jinan", "us-boston-2015", "demo-fast"])
def test_the_packs_that_extend_another_have_its_model(pack: str) -> None:
    words = "my neighbour fell down the stairs and she is not answering me"
    assert urgency(words, pack=pack)[0] is Tier.EMERGENCY


@pytest.mark.parametrize("kind", FLOORS)
def test_of_calls_that_nobody_tuned_on_far_more_are_found_than_by_rules(kind: str) -> None:
    rows = made_up(kind)
    found, rules = of(rows, by_pack), of(rows, by_rules)
    for tier, floor in zip((Tier.EMERGENCY, Tier.UTILITY), FLOORS[kind], strict=True):
        assert found.recall(tier) >= floor > 1.5 * rules.recall(tier)
    assert misled(found) <= MISLED[kind]


@given(WRITTEN)
def test_passages_are_short_and_leave_nothing_out(words: str) -> None:
    told = passages(words)
    left_out = words.removesuffix("".join(told))
    assert len(told) < AT_MOST
    assert set(left_out) <= set("。！?.\n"), "stops before the first word"
    assert all(0 < len(piece) <= 3 * LONGEST for piece in told)


@given(st.lists(WRITTEN, min_size=1, max_size=5))
def test_a_passage_says_the_same_alone_as_among_others(told: list[str]) -> None:
    together = grams(told)
    for number, passage in enumerate(told):
        alone = grams([passage])
        assert together.of(number)[0].tolist() == alone.row.tolist()
        assert together.of(number)[1].tolist() == alone.counts.tolist()


def test_a_word_counts_wherever_it_stands_and_only_whole_pieces_of_it() -> None:
    assert set(grams(["fire"]).row) <= set(grams(["house fire now"]).row)
    assert not set(grams(["ab cd"]).row) & set(grams(["bc"]).row)
    assert set(grams(["着火"]).row) <= set(grams(["三楼着火了"]).row)


def test_the_likelihoods_of_a_message_are_those_of_its_most_telling_passages() -> None:
    letter = f"{LONG_AGO}今天早上楼道里躺着个人，怎么喊都不应。"
    best = odds(MODEL, passages(letter)).max(axis=0)
    assert likelihoods(MODEL, letter) == pytest.approx(dict(zip(MODEL.labels, best, strict=True)))
    assert likelihoods(MODEL, "") == {}
