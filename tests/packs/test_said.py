"""The words of a catalogue in a text: what counts, and how much."""

import pytest
from pydantic import ValidationError

from domain.vocabulary import Demand
from packs.catalogue import CategoryEntry
from packs.classifier import OpenedWords, ranked, shares
from packs.learned.classifier import LearnedClassifier
from packs.loader import load_pack
from packs.said import LONGEST_TEXT, Sayings, Word

BEIJING = load_pack("cn-beijing")
CANTEEN, SCHOOL, PARK, MEALS = "food.canteen", "school.conduct", "green.park", "food.meals"
SAYINGS = Sayings(
    [
        Word(CANTEEN, "zh", "学校食堂"),
        Word(CANTEEN, "zh", "饭菜"),
        Word(SCHOOL, "zh", "学校"),
        Word(SCHOOL, "zh", "饭菜", hint=True),
        Word(MEALS, "zh", "食堂"),
        Word(PARK, "zh", "公园"),
        Word(PARK, "en", "City Park"),
    ]
)


def opened(title: str, text: str = "") -> OpenedWords:
    return OpenedWords(title=title, text=text, demand=Demand.COMPLAINT)


def test_of_words_within_one_another_only_the_longest_counts() -> None:
    assert set(SAYINGS.scores("", "学校食堂不干净")) == {CANTEEN}
    assert set(SAYINGS.scores("", "学校食堂不干净，学校不管")) == {CANTEEN, SCHOOL}


def test_a_hint_says_less_than_a_word_and_a_word_of_many_entries_less_than_one_of_its_own() -> None:
    meals = SAYINGS.scores("", "饭菜太差")

    assert 0 < meals[SCHOOL] < meals[CANTEEN]
    assert meals[CANTEEN] < SAYINGS.scores("", "公园太小")[PARK]


def test_a_title_counts_more_than_the_text_and_a_second_mention_less_than_the_first() -> None:
    once = SAYINGS.scores("", "公园")[PARK]
    twice = SAYINGS.scores("", "公园旁边的公园")[PARK]

    assert SAYINGS.scores("公园", "")[PARK] > twice > once
    assert twice < 2 * once


def test_words_are_found_in_any_case_and_only_where_they_are_read() -> None:
    assert set(SAYINGS.scores("The CITY PARK is closed", "")) == {PARK}
    assert SAYINGS.scores("", "。" * LONGEST_TEXT + "公园") == {}
    assert SAYINGS.scores("", "") == SAYINGS.scores("园", "校") == {}


def test_a_catalogue_of_one_entry_and_one_of_none_say_what_they_can() -> None:
    assert Sayings([Word(PARK, "zh", "公园")]).scores("", "公园")[PARK] > 0
    assert Sayings([]).scores("公园", "公园") == {}


@pytest.mark.parametrize(
    ("words", "hints", "reason"),
    [
        (["公园", "公园"], [], "twice"),
        (["公园"], ["公园"], "twice"),
        (["园"], [], "at least 2"),
    ],
)
def test_an_entry_that_says_a_word_twice_or_one_character_is_refused(
    words: list[str], hints: list[str], reason: str
) -> None:
    with pytest.raises(ValidationError, match=reason):
        CategoryEntry.model_validate(
            {
                "name": {"zh": "公园"},
                "lead": "district",
                "words": {"zh": words},
                "hints": {"zh": hints},
            }
        )


def test_what_the_words_leave_open_the_class_decides() -> None:
    words = opened("投诉培训机构不退款", "交了学费要求退款，商家一直拖延")

    def first(**likely: float) -> str:
        return ranked(shares(words, BEIJING, likely, 0.01), BEIJING)[0].category

    assert first(education=0.98).startswith("education.")
    assert first(commerce=0.98).startswith("commerce.")


@pytest.mark.parametrize(
    ("title", "text", "category"),
    [
        ("希望延长末班车时间", "公交车末班太早，下班后没有车回家", "transport.public.bus_metro"),
        ("小区楼下烧烤店油烟扰民", "每晚油烟直排，家里不敢开窗", "environment.pollution.fumes"),
        ("房产证一直办不下来", "交房三年，开发商还没有办理房产证", "urban.housing.title"),
        ("楼上住户把房子隔成八间群租", "群租房人员混杂，邻居很担心", "urban.housing.group_rental"),
        ("护照到期如何换发", "出入境窗口周末是否办理护照", "order.public.travel"),
        ("独生子女费没有发放", "退休后独生子女父母奖励一直没到账", "health.care.family_bonus"),
        ("路口红绿灯时间太短", "左转绿灯只有八秒，每天堵车", "transport.road.traffic"),
    ],
)
def test_plain_matters_are_sure_down_to_the_category(title: str, text: str, category: str) -> None:
    found = LearnedClassifier().classify(opened(title, text), BEIJING)

    assert (found.category, found.sure) == (category, True)


def test_words_can_speak_for_another_class_than_the_model_and_the_ruling_says_so() -> None:
    found = LearnedClassifier().classify(
        opened("户口迁移需要哪些材料", "结婚后想把户口迁入爱人家，派出所户籍窗口怎么办理落户"),
        BEIJING,
    )

    assert found.category == "order.public.registration"
    assert "the words speak for another class" in found.reasons


def test_words_that_only_accompany_a_matter_leave_it_to_a_person() -> None:
    found = LearnedClassifier().classify(
        opened("业主的意见", "业主和老师、医生都住在附近，希望相关部门处理"), BEIJING
    )

    assert found.candidates
    assert not found.sure


def test_two_matters_named_alike_leave_it_to_a_person_with_both_as_candidates() -> None:
    found = LearnedClassifier().classify(
        opened("路灯和井盖", "巷子里路灯不亮，井盖缺失，晚上没法走"), BEIJING
    )

    assert not found.sure
    assert {one.category for one in found.candidates} >= {
        "urban.municipal.street_light",
        "urban.utilities.manhole",
    }
