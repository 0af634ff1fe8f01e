"""Rule packs: each is whole, and what stands in its files is what binds a complaint."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cli.registers import registers
from domain.clock import Clock, measure
from domain.rules import LADDERED, CaseRules, RepeatRule
from domain.vocabulary import Basis, ClockKind, Demand, Tier, WindowName
from packs.calendar_files import load_calendar
from packs.errors import UnknownPack
from packs.folder import PACKS, pack_ids
from packs.loader import load_all, load_pack
from packs.pack import RulePack
from packs.pack_file import without_notes

USABLE = tuple(pack_id for pack_id in pack_ids() if pack_id != "base-demo")


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The packs in a folder of their own, to be broken."""
    for pack_id in pack_ids():
        shutil.copytree(PACKS / pack_id, tmp_path / pack_id)
    return tmp_path


def test_every_pack_that_can_be_used_loads() -> None:
    assert tuple(pack.id for pack in load_all()) == USABLE


def test_the_packs_are_those_that_were_promised() -> None:
    assert set(USABLE) == {
        "cn-beijing",
        "cn-guangdong",
        "cn-jinan",
        "cn-shandong-2017",
        "demo-fast",
        "in-cpgrams-2024",
        "kr-petition",
        "uk-housing",
        "us-boston-2015",
    }


@pytest.mark.parametrize("pack_id", USABLE)
def test_every_tier_and_demand_has_every_window_and_every_ladder(pack_id: str) -> None:
    pack = load_pack(pack_id)
    for tier in Tier:
        for demand in Demand:
            rules = pack.case_rules(demand, tier)
            assert set(rules.windows) == set(WindowName)
            assert set(rules.ladders) == set(LADDERED)
            assert CaseRules.model_validate_json(rules.model_dump_json()) == rules


@pytest.mark.parametrize("pack_id", USABLE)
def test_every_ladder_but_the_orders_ends_at_a_last_resort(pack_id: str) -> None:
    pack = load_pack(pack_id)
    for tier in Tier:
        ladders = pack.case_rules(Demand.HELP, tier).ladders
        for kind, ladder in ladders.items():
            assert kind is ClockKind.ORDER or ladder.ends_at_a_last_resort


@pytest.mark.parametrize("pack_id", USABLE)
def test_every_value_names_a_source_that_the_pack_lists(pack_id: str) -> None:
    pack = load_pack(pack_id)
    assert {value.source for value in pack.values()} <= set(pack.file.sources)
    assert sum(pack.basis().values()) == len(list(pack.values()))


def test_what_rests_on_our_own_choice_says_demo() -> None:
    for pack in load_all():
        assert all((value.source == "D0") == (value.basis is Basis.DEMO) for value in pack.values())


@pytest.mark.parametrize("pack_id", USABLE)
def test_a_sender_is_judged_by_the_repeats_of_the_pack(pack_id: str) -> None:
    pack = load_pack(pack_id)
    (entry,) = registers([pack]).packs

    assert entry.repeats == without_notes(RepeatRule, pack.file.repeats)


def test_attaching_a_repeat_is_law_in_beijing() -> None:
    repeats = load_pack("cn-beijing").file.repeats

    assert (repeats.basis, repeats.source) == (Basis.LAW, "S1")
    assert repeats.note.endswith("demo.")


def test_an_abstract_pack_is_there_to_be_extended_only() -> None:
    with pytest.raises(UnknownPack):
        load_pack("base-demo")


def test_an_unknown_pack_is_refused() -> None:
    with pytest.raises(UnknownPack, match="no rule pack 'atlantis'"):
        load_pack("atlantis")


BEIJING = "cn-beijing"
Change = Callable[[RulePack], object]


def _handling(pack: RulePack) -> str:
    return str(pack.case_rules(Demand.HELP).windows[WindowName.HANDLING].window.budget)


@pytest.mark.parametrize(
    ("file", "old", "new", "seen"),
    [
        ("windows.toml", 'amount = "7d", first', 'amount = "8d", first', _handling),
        ("windows.toml", 'first_day = "next", ends = "midnight"', 'first_day = "same"',
         lambda pack: pack.case_rules(Demand.HELP).windows[WindowName.HANDLING].window.first_day),
        ("ladders.toml", 'at = "+5d"', 'at = "+4d"',
         lambda pack: pack.case_rules(Demand.HELP).ladders[ClockKind.CITIZEN].rungs[2].position),
        ("pack.toml", "max_redispatch = 2", "max_redispatch = 3",
         lambda pack: pack.case_rules(Demand.HELP).objection.max_redispatch),
        ("pack.toml", 'causes = ["awaiting_complainant", "force_majeure"]', "causes = []",
         lambda pack: pack.case_rules(Demand.HELP).suspension.causes),
        ("pack.toml", 'default_tier = "general"', 'default_tier = "complex"', _handling),
    ],
    ids=["amount", "counting", "rung", "redispatch", "suspension", "default tier"],
)  # fmt: skip
def test_what_is_saved_changes_what_binds_a_complaint(
    copied: Path, file: str, old: str, new: str, seen: Change
) -> None:
    before = seen(load_pack(BEIJING))
    _spoil(copied / BEIJING / file, old, new)

    assert seen(load_pack(BEIJING, copied)) != before


def test_what_is_saved_changes_a_deadline(copied: Path) -> None:
    def due(pack: RulePack) -> datetime | None:
        legal = pack.case_rules(Demand.HELP).windows[WindowName.HANDLING]
        start = datetime(2026, 9, 24, 8, 30, tzinfo=UTC)
        return measure(
            Clock(window=legal.window, start=start), load_calendar(legal.calendar)
        ).due_at

    before = due(load_pack(BEIJING))
    _spoil(copied / BEIJING / "windows.toml", 'amount = "7d", first', 'amount = "8d", first')
    after = due(load_pack(BEIJING, copied))

    assert before is not None
    assert after == before + timedelta(days=1)


def _spoil(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
