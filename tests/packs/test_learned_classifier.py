"""The trained model behind the classifiers' seam."""

import csv
import gzip
from pathlib import Path

import pytest

from domain.vocabulary import Demand
from packs.classifier import CatalogueClassifier, Classification, OpenedWords
from packs.learned.classifier import LearnedClassifier, level_codes
from packs.learned.shipped import CHINESE, named_model
from packs.loader import load_pack
from packs.pack import RulePack

BEIJING = load_pack("cn-beijing")
MESSAGES = Path(__file__).parents[3] / "shared/data/zh_messages/labelled_raw_dev.csv.gz"
HEATING = ("暖气不热", "小区供暖以来暖气一直不热，室温只有十四度，供热公司不来维修，物业也不管")
WAGES = ("拖欠工资", "公司拖欠员工三个月工资不发，也不缴纳社会保险，劳动局一直没有处理，请帮忙讨薪")


def classify(title: str, text: str, pack: RulePack = BEIJING) -> Classification:
    words = OpenedWords(title=title, text=text, demand=Demand.COMPLAINT)
    return LearnedClassifier().classify(words, pack)


@pytest.mark.parametrize(("said", "level"), [(HEATING, "urban"), (WAGES, "labour")])
def test_clear_words_are_sure_and_the_ruling_names_model_and_version(
    said: tuple[str, str], level: str
) -> None:
    found = classify(*said)

    assert found.sure
    assert (found.category or "").startswith(f"{level}.")
    assert found.classifier == f"{CHINESE}+catalogue-3/{BEIJING.version}"
    assert any(reason.startswith("level 1: ") for reason in found.reasons)


def test_categories_below_another_class_come_after_those_of_the_class() -> None:
    found = classify(*WAGES)

    assert all(one.confidence > 0 for one in found.candidates)
    assert found.candidates[0].confidence == max(one.confidence for one in found.candidates)


@pytest.mark.parametrize(
    "words", ["", "  。。。 ", "xyz", "كسر في الطريق العام", "кот на крыше дома"]
)
def test_nothing_readable_goes_to_a_person(words: str) -> None:
    assert not classify("", words).sure


def test_english_is_left_to_the_words_of_the_catalogue() -> None:
    words = OpenedWords(
        title="Garbage not collected", text="bins overflow with litter", demand=Demand.COMPLAINT
    )

    found = LearnedClassifier().classify(words, BEIJING)

    assert found.category == CatalogueClassifier().classify(words, BEIJING).category
    assert found.classifier == f"catalogue-3/{BEIJING.version}"


@pytest.mark.parametrize(
    "text", ["Pole 3 and 8 no light", "Multiple potholes here", "No sign at Van Zandt and 7th"]
)
def test_no_english_text_is_judged_by_the_chinese_model_by_accident(text: str) -> None:
    found = classify("", text)

    assert found.classifier == f"{CatalogueClassifier.NAME}/{BEIJING.version}"
    assert "another script than the model was taught" in found.reasons


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Garbage not collected 垃圾无人清运", "the bins overflow, 垃圾桶堆放多日"),
        ("物业不管", "Please tell 物业 that the elevator is broken, 电梯坏了 for two weeks"),
    ],
)
def test_a_message_in_two_scripts_goes_to_a_person_with_candidates(title: str, text: str) -> None:
    found = classify(title, text)

    assert not found.sure
    assert found.candidates
    assert "written in two scripts: a person reads it" in found.reasons


def test_a_few_foreign_words_do_not_take_a_message_from_the_model() -> None:
    found = classify(HEATING[0], f"{HEATING[1]}，APP和WiFi都试过")

    assert found.classifier.startswith(CHINESE)


def test_several_matters_in_one_message_go_to_a_person_with_the_candidates() -> None:
    found = classify("反映两个问题", f"一、{HEATING[1]}。二、{WAGES[1]}。")

    assert not found.sure
    assert found.candidates


def test_a_pack_that_names_no_model_is_classified_by_its_catalogue() -> None:
    pack = BEIJING.model_copy(update={"file": BEIJING.file.model_copy(update={"classifier": None})})
    words = OpenedWords(title=WAGES[0], text=WAGES[1], demand=Demand.COMPLAINT)

    found = LearnedClassifier().classify(words, pack)

    assert found == CatalogueClassifier().classify(words, pack)


def test_every_label_of_the_model_is_a_class_of_the_catalogue() -> None:
    codes = level_codes(named_model(CHINESE), BEIJING)

    assert set(codes.values()) <= set(BEIJING.catalogue.level)
    assert len(set(codes.values())) == 7


def test_no_word_of_the_message_is_in_the_ruling() -> None:
    found = classify("李小明家", "李小明家的暖气不热，供暖公司不管，室温很低")

    assert "李小明" not in found.model_dump_json()


def test_on_messages_as_typed_the_sure_are_mostly_of_the_right_class() -> None:
    """The model was trained on these messages, as word lists: this is no measure of its worth."""
    if not MESSAGES.exists():
        pytest.skip("../shared/data/zh_messages is absent")
    with gzip.open(MESSAGES, "rt", encoding="utf-8", newline="") as lines:
        messages = list(csv.DictReader(lines))[:150]
    guesses = [named_model(CHINESE).guess(row["title"], row["detail"]).best for row in messages]
    sure = [
        name == row["label"]
        for (name, odds), row in zip(guesses, messages, strict=True)
        if odds >= 0.7
    ]

    assert len(sure) > 0.7 * len(messages)
    assert sum(sure) > 0.95 * len(sure)
