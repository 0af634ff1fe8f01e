"""`hotline packs`, and `hotline deadline` by a pack."""

import json

from typer.testing import CliRunner

from cli.main import app
from packs.loader import load_all

START = "2026-09-24T16:30+08:00"


def test_packs_lists_version_horizon_and_what_the_values_rest_on() -> None:
    listed = json.loads(CliRunner().invoke(app, ["packs", "--json"]).stdout)
    beijing = next(line for line in listed if line["pack"] == "cn-beijing")

    assert [line["pack"] for line in listed] == [pack.id for pack in load_all()]
    assert (beijing["version"], beijing["published_through"]) == ("2026.1", "2026-12-31")
    assert set(beijing["values"]) == {"law", "standard", "draft", "policy", "demo"}
    assert beijing["values"]["standard"] > 0


def test_packs_prints_a_table_that_fits_a_terminal() -> None:
    result = CliRunner().invoke(app, ["packs"], env={"COLUMNS": "80"})

    assert result.exit_code == 0
    for pack in load_all():
        assert pack.id in result.stdout


def test_deadline_prints_due_instant_whether_provisional_and_why() -> None:
    result = CliRunner().invoke(app, ["deadline", "--pack", "cn-jinan", "--start", START])

    assert "2026-10-10T00:00:00+08:00" in result.stdout
    assert "2026-10-09T16:00:00Z" in result.stdout
    assert "provisional no" in result.stdout
    assert "working day 5 of 5" in result.stdout
    assert "law: S5" in result.stdout


def test_deadline_takes_suspensions_and_extensions_more_than_once() -> None:
    arguments = ["deadline", "--pack", "cn-jinan", "--start", START, "--json"]
    arguments += ["--extend", "1wd", "--extend", "1wd"]
    arguments += ["--suspend", "2026-09-28T09:00..2026-09-29T09:00"]
    arguments += ["--suspend", "2026-09-29T10:00..2026-09-29T11:00"]

    found = json.loads(CliRunner().invoke(app, arguments).stdout)

    assert found["due_local"] == "2026-10-14T00:00:00+08:00"
    assert sum(line["counted"] for line in found["explanation"]) == 7


def test_a_deadline_beyond_the_published_calendar_is_provisional() -> None:
    arguments = ["deadline", "--pack", "cn-jinan", "--start", "2026-12-30T10:00+08:00", "--json"]

    found = json.loads(CliRunner().invoke(app, arguments).stdout)

    assert found["provisional"] is True


def test_deadline_refuses_with_the_reason_and_exit_code_2() -> None:
    unknown = CliRunner().invoke(app, ["deadline", "--pack", "atlantis", "--start", START])
    nothing = CliRunner().invoke(app, ["deadline"])

    assert (unknown.exit_code, nothing.exit_code) == (2, 2)
    assert "no rule pack 'atlantis'" in unknown.stderr
