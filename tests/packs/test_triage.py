"""What nobody can classify from its words goes to a person, whoever classifies."""

import pytest

from domain.vocabulary import Demand
from packs.classifier import CatalogueClassifier, Classifier, OpenedWords
from packs.learned.classifier import LearnedClassifier
from packs.loader import load_pack

BEIJING = load_pack("cn-beijing")
CLASSIFIERS = [CatalogueClassifier(), LearnedClassifier()]
WHY = {
    "no word of the catalogue found",
    "the words leave it unsure",
    "too few words that the model knows",
}
UNREADABLE = {
    "nothing": "",
    "white space": " \n\t　",
    "punctuation": "？？？！！！……。。。",
    "emoji": "😡😡👎🔥💧🚗",
    "digits": "13800138000 2026-01-01 88",
    "an address of the web": "https://example.com/a/b?c=1",
    "Russian": "Во дворе дома третий день нет горячей воды, мусор не вывозят",
    "Korean": "아파트 앞 도로에 쓰레기가 쌓여 있고 가로등이 꺼져 있습니다",
    "Arabic": "لا توجد مياه في المبنى منذ يومين",
    "Thai": "ขยะกองอยู่หน้าบ้านมาหลายวันแล้ว",
    "letters at random": "asdf qwer zxcv",
}


@pytest.mark.parametrize("classifier", CLASSIFIERS, ids=lambda one: type(one).__name__)
@pytest.mark.parametrize("kind", UNREADABLE)
def test_what_says_nothing_readable_goes_to_a_person(kind: str, classifier: Classifier) -> None:
    words = OpenedWords(title="", text=UNREADABLE[kind], demand=Demand.COMPLAINT)

    found = classifier.classify(words, BEIJING)

    assert (found.category, found.sure, found.confidence) == (None, False, 0.0)
    assert WHY.intersection(found.reasons)


@pytest.mark.parametrize("classifier", CLASSIFIERS, ids=lambda one: type(one).__name__)
def test_little_said_goes_to_a_person_with_the_candidates(classifier: Classifier) -> None:
    words = OpenedWords(text="幼儿园旁边的公交站", demand=Demand.COMPLAINT)

    found = classifier.classify(words, BEIJING)

    assert not found.sure
    assert found.candidates
    assert "the words leave it unsure" in found.reasons


def test_several_matters_go_to_a_person_by_the_model_that_tells_them_apart() -> None:
    wages = "公司拖欠员工三个月工资不发，也不缴纳社会保险，劳动局一直没有处理，请帮忙讨薪"
    heat = "小区供暖以来暖气一直不热，室温只有十四度，供热公司不来维修，物业也不管"
    words = OpenedWords(text=f"一、{wages}。二、{heat}。", demand=Demand.COMPLAINT)

    assert not LearnedClassifier().classify(words, BEIJING).sure
