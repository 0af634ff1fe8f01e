"""Settings come from `HOTLINE_*`, and a wrong one is named without its value."""

from pathlib import Path

import pytest

from settings import Settings, SettingsRefused


def test_an_empty_variable_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTLINE_BUILD_ID", "")
    monkeypatch.setenv("HOTLINE_DEPLOYMENT_NAME", "")

    assert Settings.load().build_id is None


def test_a_relative_data_folder_is_seen_from_here(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOTLINE_DATA", "state")

    assert Settings.load().data == tmp_path / "state"


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("HOTLINE_API_PORT", "ninety", "HOTLINE_API_PORT"),
        ("HOTLINE_API_PORT", "99999", "HOTLINE_API_PORT"),
        ("HOTLINE_LOG_LEVEL", "loud", "HOTLINE_LOG_LEVEL"),
        ("HOTLINE_BUILD_ID", "b1", "HOTLINE_DEPLOYMENT_NAME"),
    ],
)
def test_a_wrong_one_is_named(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, said: str
) -> None:
    monkeypatch.setenv(variable, value)

    with pytest.raises(SettingsRefused, match=said) as refused:
        Settings.load()

    assert value not in str(refused.value)


def test_the_codec_answers_the_embedded_ui_unless_told_otherwise() -> None:
    assert "http://localhost:8300" in Settings(ui_port=8300).allowed_ui_origins
    assert Settings(ui_origins="https://ui.city, https://b").allowed_ui_origins == (
        "https://ui.city",
        "https://b",
    )
