"""`hotline classify`: the preview for who tunes a pack's words."""

import json

import pytest
from typer.testing import CliRunner

from cli.main import app

WASTE = ["classify", "楼下垃圾堆了三天无人清运，臭味很大。", "--title", "垃圾无人清运"]


def test_it_says_what_would_be_ruled_and_why() -> None:
    result = CliRunner().invoke(app, [*WASTE, "--address", "朝阳区建外街道"])

    lines = {line[:12].strip(): line[12:] for line in result.stdout.splitlines()}
    assert result.exit_code == 0
    assert lines["category"] == "urban.municipal.waste"
    assert lines["tier"] == "general: the tier of the category"
    assert lines["lead"].startswith("建外街道 (110105001): catalogue")
    assert lines["decided by"].startswith("the machine")


def test_it_leaves_to_a_person_what_the_words_do_not_say() -> None:
    result = CliRunner().invoke(app, ["classify", "此事应当如何办理。"])

    assert "left to a person" in result.stdout
    assert "decided by  a person" in result.stdout


def test_as_json_it_is_the_preview_of_the_api() -> None:
    told = json.loads(CliRunner().invoke(app, [*WASTE, "--json"]).stdout)

    assert told["candidates"][0]["category"] == "urban.municipal.waste"
    assert told["place"]["reasons"] == ["place unknown"]


@pytest.mark.parametrize("words", ["", "  ", "\u200b"])
def test_words_that_say_nothing_are_refused(words: str) -> None:
    result = CliRunner().invoke(app, ["classify", words])

    assert result.exit_code == 2
    assert "words: must say something" in result.stderr


def test_a_pack_that_nobody_knows_is_refused() -> None:
    result = CliRunner().invoke(app, [*WASTE, "--pack", "atlantis"])

    assert result.exit_code == 2
    assert "atlantis" in result.stderr
