"""A pack against a city's past: what agrees, what does not, and how it is told."""

import gzip
import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from packs.backtest import NoHistory, UnreadableHistory, backtest
from packs.loader import load_pack

ROOT = Path(__file__).parents[2]
BOSTON_ROWS = ROOT.parent / "shared" / "data" / "boston311_2015" / "requests_2015_jan_aug.csv.gz"
ABSENT = "../shared/data/boston311_2015 is absent"
BOSTON = load_pack("us-boston-2015")
HEADER = "case_id,open_dt,target_dt,case_title,type,source"


def history(path: Path, *rows: str) -> Path:
    path.write_text("\n".join((HEADER, *rows)) + "\n", encoding="utf-8")
    return path


def share(path: Path, *rows: str) -> float | None:
    return backtest(history(path, *rows), BOSTON).share_within_90s


@pytest.mark.parametrize(
    "row",
    [
        # Ten working days; late on a Saturday counts from the Monday opening.
        "1,2015-06-06 22:00:00,2015-06-22 08:30:00,=,Street Light Outages,Self Service",
        # The clocks change in between: thirty days end at the same time of day.
        "1,2015-03-01 10:00:00,2015-03-31 10:00:00,=,Rodent Activity,Self Service",
        # On the afternoon of 16 February 2015, a holiday, two working days became one.
        "1,2015-02-16 12:00:00,2015-02-19 08:30:00,=,Sticker Request,Self Service",
        "1,2015-02-16 14:00:00,2015-02-18 08:30:00,=,Sticker Request,Self Service",
        # What a case is called decides.
        "1,2015-06-06 22:00:00,2015-06-12 22:00:00,Graffiti: Racial,Graffiti Removal,App",
        "1,2015-06-05 10:00:00,2015-08-07 10:00:00,=,Graffiti Removal,App",
        # Staff opened street lighting cases late until May.
        "1,2015-04-07 10:03:00,2015-04-22 10:01:00,=,Street Light Outages,Employee Generated",
    ],
)
def test_a_due_date_that_follows_the_rule_is_reproduced(tmp_path: Path, row: str) -> None:
    assert share(tmp_path / "rows.csv", row) == 1.0


def test_ninety_seconds_count_as_the_same(tmp_path: Path) -> None:
    within = "1,2015-06-08 10:00:00,2015-06-09 10:01:30,=,Sticker Request,App"
    beyond = "2,2015-06-08 10:00:00,2015-06-09 10:01:31,=,Sticker Request,App"

    assert share(tmp_path / "rows.csv", within, beyond) == 0.5


def test_rows_of_an_unknown_type_are_misses_and_rows_without_a_due_date_are_neither(
    tmp_path: Path,
) -> None:
    found = backtest(
        history(
            tmp_path / "rows.csv",
            "1,2015-06-08 10:00:00,2015-06-09 10:00:00,=,Sticker Request,App",
            "2,2015-06-08 10:00:00,2015-06-09 10:00:00,=,Comet Sighted,App",
            "3,2015-06-08 10:00:00,,=,Sticker Request,App",
        ),
        BOSTON,
    )

    assert (found.rows, found.with_due, found.share_within_90s) == (3, 2, 0.5)
    assert found.by_type["Comet Sighted"].rule is None
    assert found.by_type["Comet Sighted"].share_within_90s == 0.0
    assert found.by_type["Comet Sighted"].worst[0].computed is None
    assert (found.by_type["Sticker Request"].rows, found.by_type["Sticker Request"].with_due) == (
        2,
        1,
    )


def test_the_three_worst_cases_of_a_type_are_named_worst_first(tmp_path: Path) -> None:
    days = (9, 10, 12, 18, 30)
    rows = [f"{d},2015-06-08 10:00:00,2015-06-{d:02} 10:00:00,=,Sticker Request,App" for d in days]

    worst = backtest(history(tmp_path / "rows.csv", *rows), BOSTON).by_type["Sticker Request"].worst

    assert [case.id for case in worst] == ["30", "18", "12"]
    assert worst[0].off_by_seconds == timedelta(days=21).total_seconds()
    assert worst[0].computed == datetime(2015, 6, 9, 14, tzinfo=UTC)


def test_an_empty_history_has_no_share(tmp_path: Path) -> None:
    assert share(tmp_path / "rows.csv") is None


def test_a_pack_without_a_history_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoHistory):
        backtest(history(tmp_path / "rows.csv"), load_pack("cn-jinan"))


def test_a_missing_column_and_a_time_that_is_none_are_named(tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("id,type\n1,x\n", encoding="utf-8")
    row = "1,yesterday,2015-06-09 10:00:00,=,Sticker Request,App"

    with pytest.raises(UnreadableHistory, match="no column 'case_id'"):
        backtest(tmp_path / "other.csv", BOSTON)
    with pytest.raises(UnreadableHistory, match="line 2, open_dt"):
        share(tmp_path / "rows.csv", row)


def test_the_command_reads_gzip_and_prints_json_of_the_agreed_form(tmp_path: Path) -> None:
    rows = "1,2015-06-08 10:00:00,2015-06-09 10:00:00,=,Sticker Request,App"
    packed = tmp_path / "rows.csv.gz"
    packed.write_bytes(gzip.compress(f"{HEADER}\n{rows}\n".encode()))

    result = CliRunner().invoke(
        app, ["backtest", str(packed), "--pack", "us-boston-2015", "--json"]
    )
    found = json.loads(result.stdout)

    assert (found["rows"], found["with_due"], found["share_within_90s"]) == (1, 1, 1.0)
    assert set(found) == {"rows", "with_due", "share_within_90s", "by_type"}


def test_the_report_speaks_of_rule_share_and_worst_in_plain_words(tmp_path: Path) -> None:
    row = "77,2015-06-08 10:00:00,2015-06-12 10:00:00,=,Sticker Request,App"
    path = history(tmp_path / "rows.csv", row)

    result = CliRunner().invoke(app, ["backtest", str(path), "--pack", "us-boston-2015"])

    assert "Sticker Request: 0.00% of 1" in result.stdout
    assert "rule: 1 working day, due at the same time of day" in result.stdout
    assert "case 77, opened 2015-06-08 10:00, city says due 2015-06-12 10:00" in result.stdout
    assert "the pack says 2015-06-09 10:00: 3 days earlier" in result.stdout


def test_the_command_refuses_an_unknown_pack_and_an_absent_file(tmp_path: Path) -> None:
    absent = CliRunner().invoke(app, ["backtest", str(tmp_path / "no"), "--pack", "us-boston-2015"])
    unknown = CliRunner().invoke(app, ["backtest", str(tmp_path / "no"), "--pack", "atlantis"])

    assert (absent.exit_code, unknown.exit_code) == (2, 2)


def test_boston_is_reproduced_to_ninety_eight_in_a_hundred(tmp_path: Path) -> None:
    """A slice: every fifth line of the city's file."""
    if not BOSTON_ROWS.exists():
        pytest.skip(ABSENT)
    with gzip.open(BOSTON_ROWS, "rt", encoding="utf-8", newline="") as lines:
        header, *rows = lines.read().splitlines(keepends=True)
    (tmp_path / "slice.csv").write_text(header + "".join(rows[::5]), encoding="utf-8", newline="")

    found = backtest(tmp_path / "slice.csv", BOSTON)

    assert found.share_within_90s is not None
    assert found.share_within_90s >= 0.978


@pytest.mark.slow
def test_forty_thousand_rows_take_less_than_ten_seconds_and_the_whole_file_agrees() -> None:
    if not BOSTON_ROWS.exists():
        pytest.skip(ABSENT)
    begun = time.perf_counter()

    found = backtest(BOSTON_ROWS, BOSTON)

    took = time.perf_counter() - begun
    assert took * 40_000 / found.rows < 10
    assert found.share_within_90s is not None
    assert found.share_within_90s >= 0.98
