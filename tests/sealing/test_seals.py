import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.acts import Actor, Classify, Complete, plain_words
from domain.submission import Matter, Person, Submission
from domain.vocabulary import Demand, DispositionKind, Result, Role
from sealing.data_key import DataKey
from sealing.errors import SealBroken
from sealing.fields import open_fields, seal_act, seal_fields
from tests.storage.files import START

CLERK = Actor(role=Role.HOTLINE, key="desk")
STAMPS = {"id": "a1", "received_at": START, "actor": CLERK.model_dump()}


@given(st.text(st.characters()))
def test_words_come_back_exactly_as_they_went_in(words: str) -> None:
    key = DataKey.generate("1")

    assert key.open("text", key.seal("text", words)) == words


@pytest.mark.parametrize(
    "words", ["", "\x00", "a\x00b", "\ud800", "👨‍👩‍👧", "sealed:v1:AAAA", "e\u0301"]
)
def test_odd_words_come_back_too(data_key: DataKey, words: str) -> None:
    assert data_key.open("text", data_key.seal("text", words)) == words


def test_the_same_words_are_sealed_differently_each_time(data_key: DataKey) -> None:
    assert data_key.seal("text", "no heating") != data_key.seal("text", "no heating")


def test_a_seal_opens_only_for_its_complaint_and_its_field(data_key: DataKey) -> None:
    sealed = data_key.seal("text", "no heating")

    for key, field in (
        (data_key, "title"),
        (DataKey(data_key.number + "0", data_key.material), "text"),
        (DataKey.generate(data_key.number), "text"),
    ):
        with pytest.raises(SealBroken):
            key.open(field, sealed)


@pytest.mark.parametrize(
    "broken", ["plain", "sealed:v1:", "sealed:v1:AAAA", "sealed:v1:é", "sealed:v1:A"]
)
def test_what_was_never_sealed_does_not_open(data_key: DataKey, broken: str) -> None:
    with pytest.raises(SealBroken):
        data_key.open("text", broken)


def test_a_changed_seal_does_not_open_and_its_error_shows_nothing(data_key: DataKey) -> None:
    sealed = data_key.seal("text", "no heating")
    changed = sealed[:-6] + ("A" if sealed[-6] != "A" else "B") + sealed[-5:]

    with pytest.raises(SealBroken) as refused:
        data_key.open("text", changed)

    assert "heating" not in str(refused.value)
    assert changed not in str(refused.value)


def test_an_act_is_sealed_in_its_words_and_left_alone_in_its_codes(data_key: DataKey) -> None:
    body = {"order": "1.1.1", "result": "solved", "answer": "done", "evidence": [{"url": "u"}]}

    act = Complete.model_validate(seal_fields(Complete, body, data_key) | STAMPS)

    assert plain_words(act) == []
    assert (act.order, act.result) == ("1.1.1", Result.SOLVED)
    assert data_key.open("answer", act.answer or "") == "done"
    assert json.loads(data_key.open("evidence", act.evidence or "")) == [{"url": "u"}]


def test_words_within_a_disposition_are_sealed_by_their_path(data_key: DataKey) -> None:
    disposition = {"kind": "answered_at_once", "answer": "Monday to Friday", "basis": "art-11"}
    body = {"category": "hours", "disposition": disposition}

    act = Classify.model_validate(seal_fields(Classify, body, data_key) | STAMPS)

    assert act.disposition is not None
    assert act.disposition.kind is DispositionKind.ANSWERED_AT_ONCE
    assert data_key.open("disposition.answer", act.disposition.answer or "") == "Monday to Friday"


def test_words_that_look_sealed_are_sealed_like_any_others(data_key: DataKey) -> None:
    sealed = seal_fields(Complete, {"answer": "sealed:v1:AAAA"}, data_key)

    assert data_key.open("answer", sealed["answer"]) == "sealed:v1:AAAA"


def test_a_submission_is_sealed_whole_and_its_matter_opens_again(
    data_key: DataKey, number: str
) -> None:
    submission = Submission(
        number=number,
        pack="cn-beijing",
        channel="phone",
        demand=Demand.COMPLAINT,
        received_at=START,
        actor=CLERK,
        matter=Matter(text="no heating", title="cold"),
        person=Person(kind="person", contact=json.dumps({"phone": "13800000000"})),
        latitude="39.9",
    )

    sealed = seal_act(submission, data_key)

    assert plain_words(sealed) == []
    opened = open_fields(Matter, sealed.matter.model_dump(), data_key, "matter.")
    assert (opened["text"], opened["title"], opened["address"]) == ("no heating", "cold", None)
    assert "13800000000" in data_key.open("person.contact", sealed.person.contact or "")
