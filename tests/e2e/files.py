"""What must be true of every legal file, whatever was killed: read straight from the database."""

import time

from tests.e2e.system import System, eventually


def everything_is_told(system: System) -> None:
    """Waits until no entry and no notice is pending and every run has frozen its file."""
    deadline = time.monotonic() + 90
    while pending := _pending(system):
        assert time.monotonic() < deadline, f"still pending: {pending}"
        time.sleep(0.1)


def _pending(system: System) -> list[tuple[object, ...]]:
    journal = system.query("SELECT number, kind FROM journal WHERE state = 'pending'")
    notices = system.query("SELECT number, id FROM notices WHERE state = 'pending'")
    return [*journal, *notices]


def everyone_has(system: System, kind: str, numbers: list[str]) -> None:
    """Waits until each of these files tells it: after an outage the ledger comes behind."""
    statement = "SELECT count(DISTINCT number) FROM events WHERE kind = %s AND number = ANY(%s)"
    eventually(
        lambda: system.query(statement, kind, numbers) == [(len(numbers),)],
        f"{kind} in every file",
        seconds=90,
    )


def frozen(system: System) -> set[str]:
    rows = system.query("SELECT number FROM events WHERE kind = 'frozen'")
    return {number for (number,) in rows}


def assert_each_rung_fired_once(system: System) -> None:
    """The rung's key is (complaint, round, clock, rung)."""
    twice = system.query(
        "SELECT number, body->>'round', body->>'clock', body->>'rung', count(*) FROM events"
        " WHERE kind = 'rung_fired' GROUP BY 1, 2, 3, 4 HAVING count(*) > 1"
    )
    assert twice == []


def assert_every_expiry_has_its_rungs(system: System) -> None:
    """Where the citizen's window ran out, the red rung stands in the file."""
    silent = system.query(
        "SELECT e.number, e.body->>'clock' FROM events e"
        " WHERE e.kind = 'expired' AND e.body->>'clock' LIKE 'citizen%%' AND NOT EXISTS ("
        "  SELECT 1 FROM events r WHERE r.number = e.number AND r.kind = 'rung_fired'"
        "  AND r.body->>'clock' = e.body->>'clock' AND r.body->>'rung' = 'red')"
    )
    assert silent == []


def assert_sequences_have_no_gap(system: System) -> None:
    gaps = system.query(
        "SELECT number, count(*), max(sequence), min(sequence) FROM events"
        " GROUP BY number HAVING count(*) <> max(sequence) OR min(sequence) <> 1"
    )
    assert gaps == []


def assert_the_files_are_whole(system: System) -> None:
    """Chains verify, and the projection is what the histories say."""
    verified = system.run("verify", seconds=120)
    assert verified.returncode == 0, verified.stdout + verified.stderr
    rebuilt = system.run("rebuild", "--check", seconds=180)
    assert rebuilt.returncode == 0, rebuilt.stdout + rebuilt.stderr


def assert_notices_went_in_order(system: System, numbers: list[str]) -> None:
    """Of one complaint to one destination: in the order in which they were made."""
    swapped = system.query(
        "SELECT id, destination FROM (SELECT id, destination, delivered_at,"
        " lag(delivered_at) OVER (PARTITION BY number, destination"
        "  ORDER BY split_part(id, '-', 2)::int) AS before"
        " FROM notices WHERE number = ANY(%s)) n WHERE before > delivered_at",
        numbers,
    )
    assert swapped == []


def lags_of(system: System, numbers: list[str]) -> list[float]:
    """Of everything that a due instant caused: how many seconds later the engine acted."""
    rows = system.query(
        "SELECT extract(epoch FROM acted_at - due_at) FROM events WHERE due_at IS NOT NULL"
        " AND kind IN ('rung_fired', 'expired', 'accepted_by_silence', 'callback_due',"
        " 'evaluation_ended', 'reviewed', 'frozen')"
        " AND coalesce(body->>'cause', '') <> 'moved' AND number = ANY(%s)",
        numbers,
    )
    return [float(lag) for (lag,) in rows]
