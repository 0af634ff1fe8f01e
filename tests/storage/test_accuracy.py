"""What files say of catalogue and classifier, told by events as the complaint writes them."""

from typing import Any

import pytest

from domain.accuracy import AccuracyReport, EntryAccuracy
from domain.acts import Actor
from domain.event import Event, EventKind
from domain.rates import Period
from domain.rulings import NOBODY_KNOWN
from domain.vocabulary import Role
from storage import ledger
from storage.accuracy import accuracy
from storage.database import Database
from tests.storage.files import at, batch, event, state

STAFF = Actor(role=Role.HOTLINE, key="desk", person="wang.li")
CHOICE = {"category": "waste", "confidence": 0.9, "classifier": "c"}
GUESS: dict[str, Any] = CHOICE | {"candidates": [{"category": "waste"}]}


class File:
    """Writes one complaint's events in order; orders are named by the number they have."""

    def __init__(self, number: str) -> None:
        self.number = number
        self.events: list[Event] = []
        self._orders = 0

    def tell(self, kind: str, actor: Actor | None = None, **body: Any) -> "File":
        fields: dict[str, Any] = {"actor": actor} if actor else {}
        sequence = len(self.events) + 1
        told = event(self.number, sequence, EventKind(kind), body=body, **fields)
        self.events.append(told)
        return self

    def guessed(self, kind: str = "classified", **body: Any) -> "File":
        return self.tell(kind, **(GUESS | body))

    def dispatched(self, unit: str, actor: Actor | None = None, reason: str = "") -> "File":
        return self.tell("dispatched", actor, unit=unit, reasons=[reason]).opened(unit)

    def opened(self, unit: str, kind: str = "lead") -> "File":
        self._orders += 1
        return self.tell("order_opened", order=f"o{self._orders}", order_kind=kind, unit=unit)

    def objected(self, order: str) -> "File":
        return self.tell("objected", order=order, reason="not_my_duty")

    def ruled(self, order: str, decision: str, subject: str = "objection") -> "File":
        return self.tell("ruled", STAFF, order=order, decision=decision, subject=subject)

    def returned(self, order: str) -> "File":
        return self.tell("order_ended", order=order, cause="returned")


@pytest.fixture
def file(number: str) -> File:
    return File(number).tell("registered")


async def counted(
    database: Database, *files: File, since: float = 0, until: float = 99, **query: Any
) -> AccuracyReport:
    """The report of a pack that only these files are of."""
    pack = f"pack-{files[0].number}"
    async with database.transaction() as session:
        for told in files:
            left = state(told.number, pack=pack, category="chosen", sequence=len(told.events))
            told.events[-1] = told.events[-1].model_copy(update={"state": left})
            await ledger.append(session, batch(told.number, *told.events))
        return await accuracy(session, Period(since=at(since), until=at(until)), pack, **query)


def taken(entry: EntryAccuracy) -> dict[str, int]:
    return {line.unit: line.dispatches for line in entry.taken_by}


async def test_the_unit_that_took_it_is_the_one_from_whom_nobody_took_it_in_turn(
    database: Database, file: File
) -> None:
    file.guessed().dispatched("street").objected("o1").ruled("o1", "upheld").returned("o1")
    file.opened("parks").objected("o2").ruled("o2", "upheld").returned("o2")
    file.opened("roads").opened("ecology", "co_handling")

    (entry,) = (await counted(database, file)).entries

    assert (entry.category, entry.by_catalogue, entry.objections) == ("waste", 1, 1)
    assert (entry.upheld, entry.share_upheld, entry.share_wrong) == (1, 1.0, 1.0)
    assert taken(entry) == {"roads": 1}


async def test_a_later_round_says_nothing_of_who_took_it(database: Database, file: File) -> None:
    file.guessed().dispatched("street").objected("o1").ruled("o1", "upheld").returned("o1")
    file.opened("parks").tell("round_begun", round=2, unit="district").opened("district")

    (entry,) = (await counted(database, file)).entries

    assert taken(entry) == {"parks": 1}


async def test_a_person_who_dispatches_while_an_objection_waits_upholds_it(
    database: Database, file: File
) -> None:
    file.guessed().dispatched("street").objected("o1")
    file.tell("dispatched", STAFF, unit="parks").returned("o1").opened("parks")

    (entry,) = (await counted(database, file)).entries

    assert (entry.upheld, entry.moved, entry.by_hand) == (1, 0, 1)


async def test_an_order_moved_after_its_objection_was_rejected_was_not_upheld(
    database: Database, file: File
) -> None:
    file.guessed().dispatched("street").objected("o1").ruled("o1", "rejected")
    file.ruled("o1", "upheld", subject="extension")
    file.tell("dispatched", STAFF, unit="parks").returned("o1").opened("parks")

    (entry,) = (await counted(database, file)).entries

    assert (entry.upheld, entry.rejected, entry.moved) == (0, 1, 1)
    assert (entry.share_upheld, entry.share_wrong) == (0.0, 1.0)


async def test_an_objection_that_waits_counts_as_neither(database: Database, file: File) -> None:
    file.guessed().dispatched("street").objected("o1")

    (entry,) = (await counted(database, file)).entries

    assert (entry.objections, entry.upheld, entry.rejected) == (1, 0, 0)
    assert taken(entry) == {}


async def test_a_co_handlers_objection_says_nothing_of_the_lead(
    database: Database, file: File
) -> None:
    file.guessed().dispatched("street").opened("ecology", "co_handling")
    file.objected("o2").ruled("o2", "upheld").returned("o2")

    (entry,) = (await counted(database, file)).entries

    assert (entry.by_catalogue, entry.objections, entry.upheld) == (1, 0, 0)


async def test_a_dispatch_is_judged_by_the_category_that_it_had_then(
    database: Database, file: File
) -> None:
    file.guessed().dispatched("street").tell("classified", STAFF, category="water", was="waste")
    file.objected("o1").ruled("o1", "upheld").returned("o1").opened("parks")

    (entry,) = (await counted(database, file)).entries

    assert (entry.category, entry.upheld) == ("waste", 1)


async def test_where_nobody_classified_the_complaints_own_category_counts(
    database: Database, file: File
) -> None:
    file.dispatched("street")

    (entry,) = (await counted(database, file)).entries

    assert entry.category == "chosen"


async def test_the_hotlines_own_desk_has_a_row_of_its_own(database: Database, file: File) -> None:
    file.guessed().dispatched("hotline", reason=NOBODY_KNOWN)
    file.tell("dispatched", STAFF, unit="street").returned("o1").opened("street")

    report = await counted(database, file)

    (desk,) = report.desk
    assert (desk.unit, desk.dispatches) == ("hotline", 1)
    assert [(line.unit, line.dispatches) for line in desk.taken_by] == [("street", 1)]
    assert [(entry.by_catalogue, entry.by_hand) for entry in report.entries] == [(0, 1)]


async def test_a_dispatch_and_a_guess_count_in_the_period_in_which_they_were_made(
    database: Database, file: File
) -> None:
    file.guessed().dispatched("street").objected("o1").ruled("o1", "upheld").returned("o1")
    file.opened("parks")
    guess, dispatch = 2, 3  # each event is an hour later than the one before

    guessing = await counted(database, file, since=guess, until=dispatch)
    dispatching = await counted(database, file, since=dispatch, until=dispatch + 1)
    later = await counted(database, file, since=dispatch + 1)

    assert [len(report.guesses) for report in (guessing, dispatching, later)] == [1, 0, 0]
    assert [len(report.entries) for report in (guessing, dispatching, later)] == [0, 1, 0]


async def test_the_worst_come_first_and_the_limit_says_what_it_leaves_out(
    database: Database, number: str
) -> None:
    good, bad = File(number).tell("registered"), File(number + "b").tell("registered")
    good.guessed(category="good", candidates=[]).dispatched("street")
    bad.guessed(category="bad", candidates=[]).dispatched("street").objected("o1")
    bad.ruled("o1", "upheld").returned("o1").opened("parks")

    report = await counted(database, good, bad, limit=1)

    assert [entry.category for entry in report.entries] == ["bad"]
    assert report.left_out == 1


class TestGuesses:
    async def test_count_what_staff_decided_last(self, database: Database, file: File) -> None:
        file.guessed("sent_to_triage").tell("classified", STAFF, category="water", was="waste")
        file.tell("classification_recorded", STAFF, category="noise", was="water")

        (guess,) = (await counted(database, file)).guesses

        assert (guess.category, guess.guessed, guess.sure) == ("waste", 1, 0)
        assert (guess.confirmed, guess.corrected) == (0, 1)
        assert [line.category for line in guess.corrected_to] == ["noise"]

    async def test_that_came_after_the_decision_are_measured_by_it(
        self, database: Database, file: File
    ) -> None:
        file.tell("classified", STAFF, category="waste").guessed("classification_recorded")

        (guess,) = (await counted(database, file)).guesses

        assert (guess.confirmed, guess.corrected) == (1, 0)

    async def test_are_not_what_the_channel_chose(self, database: Database, file: File) -> None:
        file.guessed(candidates=[]).tell("classified", STAFF, category="water", was="waste")

        assert (await counted(database, file)).guesses == ()

    async def test_of_nothing_have_a_row_too(self, database: Database, file: File) -> None:
        file.tell("sent_to_triage", confidence=0, classifier="c", candidates=[])
        file.tell("classified", STAFF, category="water")

        (guess,) = (await counted(database, file)).guesses

        assert (guess.category, guess.corrected) == (None, 1)


async def test_a_nul_in_a_senders_words_stops_no_report(database: Database, file: File) -> None:
    file.guessed().dispatched("street").tell("objected", order="o1", basis="\x00")

    (entry,) = (await counted(database, file)).entries

    assert entry.objections == 1
