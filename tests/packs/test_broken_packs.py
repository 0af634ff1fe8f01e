"""A pack that could leave a complaint without a clock is refused: with file, key and reason."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from domain.errors import InvalidRule
from packs.errors import InvalidPack
from packs.folder import PACKS, pack_ids
from packs.loader import load_all, load_pack


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The packs in a folder of their own, to be broken."""
    for pack_id in pack_ids():
        shutil.copytree(PACKS / pack_id, tmp_path / pack_id)
    return tmp_path


@dataclass(frozen=True)
class Break:
    """One way of spoiling a pack, and what start-up must say about it."""

    named: str
    pack: str
    file: str
    old: str
    new: str
    blamed: str
    key: str
    reason: str


def _line_of(file: str, begins: str) -> str:
    lines = (PACKS / file).read_text(encoding="utf-8").splitlines()
    return next(line for line in lines if line.startswith(begins))


BEIJING = "cn-beijing"
UTILITIES = "catalogue/urban_utilities.toml"
WATER = "category.urban.utilities.water_outage"
QUOTED_WATER = 'category."urban.utilities.water_outage"'
FLOOR = _line_of("cn-beijing/windows.toml", "floor")
BREAKS = (
    Break("tier without a window", BEIJING, "windows.toml", FLOOR, "",
          "cn-beijing/windows.toml", "tier.general.floor", "no window here and none in base"),
    Break("tier without a ladder", BEIJING, "ladders.toml", "\ndeferral = [", "\naftercare = [",
          "cn-beijing/ladders.toml", "tier.emergency.deferral", "no ladder here"),
    Break("ladder without a last resort", BEIJING, "ladders.toml",
          'action = "urge", level = 2, to = ["owner", "supervision"], duty_hours = true',
          'action = "urge", level = 2, to = ["owner"]',
          "cn-beijing/ladders.toml", "base.help", "last_resort or supervision"),
    Break("window without a calendar", BEIJING, "pack.toml", '\ncalendar = "cn"', "",
          "cn-beijing/windows.toml", "base.dispatch", "names no calendar"),
    Break("unknown calendar", BEIJING, "pack.toml", '\ncalendar = "cn"', '\ncalendar = "moon"',
          "cn-beijing/windows.toml", "base.dispatch.calendar", "moon"),
    Break("unknown duty calendar", BEIJING, "pack.toml", 'duty_calendar = "cn"',
          'duty_calendar = "moon"', "cn-beijing/pack.toml", "duty_calendar", "moon"),
    Break("unknown model", BEIJING, "pack.toml", 'model = "zh-2026.1"', 'model = "oracle"',
          "cn-beijing/pack.toml", "classifier.model", "no such model"),
    Break("unknown model of urgency", BEIJING, "pack.toml", 'model = "urgency-2026.1"',
          'model = "oracle"', "cn-beijing/pack.toml", "urgency.model", "holds no model"),
    Break("model of whole messages", BEIJING, "pack.toml", 'model = "urgency-2026.1"',
          'model = "zh-2026.1"', "cn-beijing/pack.toml", "urgency.model", "not passages"),
    Break("unknown key in a window", BEIJING, "windows.toml", 'floor = { amount', 'floor = { sum',
          "cn-beijing/windows.toml", "base.floor.amount", "is missing"),
    Break("unknown key in the pack", BEIJING, "pack.toml", "default_tier", "fallback_tier",
          "cn-beijing/pack.toml", "default_tier", "is missing"),
    Break("unknown key beside the known", BEIJING, "pack.toml", 'mode = "notify"',
          'mode = "notify"\nmood = "mild"',
          "cn-beijing/pack.toml", "extension.mood", "unknown key"),
    Break("more alike than the same", BEIJING, "pack.toml", "alike = 0.6", "alike = 6",
          "cn-beijing/pack.toml", "repeats.alike", "less than or equal to 1"),
    Break("unknown name of a window", BEIJING, "windows.toml", "\nfloor = {", "\nflour = {",
          "cn-beijing/windows.toml", "base.flour", "should be"),
    Break("day option on hours", BEIJING, "windows.toml",
          'dispatch = { amount = "24h",', 'dispatch = { amount = "24h", first_day = "same",',
          "cn-beijing/windows.toml", "base.dispatch", "first_day"),
    Break("amount that is none", BEIJING, "windows.toml", 'amount = "2wd"', 'amount = "2 days"',
          "cn-beijing/windows.toml", "base.help.amount", "must be written like"),
    Break("window without a basis", BEIJING, "windows.toml",
          'floor = { amount = "24h", starts_at = "dispatched", basis = "demo",',
          'floor = { amount = "24h", starts_at = "dispatched",',
          "cn-beijing/windows.toml", "base.floor.basis", "is missing"),
    Break("source that is not listed", BEIJING, "windows.toml", 'source = "S4"', 'source = "S99"',
          "cn-beijing/windows.toml", "base.handling.source", "S99"),
    Break("window of an unknown category", BEIJING, "windows.toml", "[tier.complex]",
          '[category."no.such"]', "cn-beijing/windows.toml", "category.no.such", "catalogue"),
    Break("rung that returns daily", BEIJING, "ladders.toml", 'every = "7d"', 'every = "1d"',
          "cn-beijing/ladders.toml", "base.citizen.3.repeat", "weekly"),
    Break("rung without a place", BEIJING, "ladders.toml", 'at = "+1d"', 'at = "soon"',
          "cn-beijing/ladders.toml", "base.citizen.1", 'like "50%"'),
    Break("two rungs of one key", BEIJING, "ladders.toml", 'key = "urge", at = "+1d"',
          'key = "red", at = "+1d"', "cn-beijing/ladders.toml", "base.citizen", "key of its own"),
    Break("desk that does not exist", BEIJING, "pack.toml", 'hotline = "hotline"',
          'hotline = "switchboard"', "cn-beijing/pack.toml", "desks.hotline", "switchboard"),
    Break("desk that is none", BEIJING, "pack.toml", 'hotline = "hotline"', 'hotline = "water"',
          "cn-beijing/pack.toml", "desks.hotline", "not a desk"),
    Break("unit under nobody", BEIJING, "units.toml", 'parent = "water"', 'parent = "fire-water"',
          "cn-beijing/units.toml", "unit.water-group.parent", "fire-water"),
    Break("unit above itself", BEIJING, "units.toml", 'parent = "water"', 'parent = "water-group"',
          "cn-beijing/units.toml", "unit.water-group.parent", "above itself"),
    Break("place of an unknown kind", BEIJING, "places.csv", "110101,district", "110101,borough",
          "cn-beijing/places.csv", "line 2", "kind"),
    Break("category of an unknown unit", BEIJING, UTILITIES, 'lead = "water-group"',
          'lead = "well"', f"cn-beijing/{UTILITIES}", f"{WATER}.lead", "well"),
    Break("category of an unknown tier", BEIJING, UTILITIES,
          'tier = "utility"\nlead = "power-grid"', 'tier = "slow"\nlead = "power-grid"',
          f"cn-beijing/{UTILITIES}", "category.urban.utilities.power_outage.tier", "should be"),
    Break("level without a name", BEIJING, UTILITIES, '"urban.utilities" = {', 'x = {',
          f"cn-beijing/{UTILITIES}", WATER, "urban.utilities"),
    Break("unknown key in a category", BEIJING, UTILITIES, 'lead = "water-group"',
          'lead = "water-group"\nleader = "water"', f"cn-beijing/{UTILITIES}",
          f"{WATER}.leader", "unknown key"),
    Break("help by an unknown unit", BEIJING, UTILITIES, 'co_handlers = ["water", "health"]',
          'co_handlers = ["well"]', f"cn-beijing/{UTILITIES}",
          "category.urban.utilities.water_quality.co_handlers", "well"),
    Break("help by the lead itself", BEIJING, UTILITIES, 'co_handlers = ["water", "health"]',
          'co_handlers = ["water-group"]', f"cn-beijing/{UTILITIES}",
          "category.urban.utilities.water_quality.co_handlers", "leads already"),
    Break("assistant that is no community", BEIJING, "catalogue/urban_housing.toml",
          'assistants = ["community"]', 'assistants = ["district"]',
          "cn-beijing/catalogue/urban_housing.toml",
          "category.urban.housing.property_service.assistants.0", "should be"),
    Break("demand of an unknown kind", BEIJING, UTILITIES, 'demands = ["help"',
          'demands = ["wish"', f"cn-beijing/{UTILITIES}", f"{WATER}.demands.0", "should be"),
    Break("demand named twice", BEIJING, UTILITIES, 'demands = ["help", "complaint"',
          'demands = ["help", "help"', f"cn-beijing/{UTILITIES}", f"{WATER}.demands", "twice"),
    Break("fact that is not defined", BEIJING, UTILITIES, 'facts = ["place"',
          'facts = ["plaice"', f"cn-beijing/{UTILITIES}", f"{WATER}.facts", "plaice"),
    Break("fact that cannot be matched", BEIJING, "catalogue.toml", "pattern = '", "pattern = '(",
          "cn-beijing/catalogue.toml", "fact.place.pattern", "not a regular expression"),
    Break("shield that is not defined", BEIJING, "catalogue.toml", 'shielded_by = ["feared"',
          'shielded_by = ["dreamt"', "cn-beijing/catalogue.toml", "raised.0.shielded_by", "dreamt"),
    Break("rule that cannot be matched", BEIJING, "catalogue.toml",
          "patterns = [\n    '", "patterns = [\n    '(",
          "cn-beijing/catalogue.toml", "raised.0.patterns", "not a regular expression"),
    Break("category without a source", BEIJING, UTILITIES, '\nsource = "S3"', "",
          f"cn-beijing/{UTILITIES}", WATER, "come together"),
    Break("category of an unlisted source", BEIJING, UTILITIES, 'source = "S3"', 'source = "S77"',
          f"cn-beijing/{UTILITIES}", f"{WATER}.source", "S77"),
    Break("category stated in two files", BEIJING, "catalogue/science.toml",
          '[category."science.telecom.charges"]', f"[{QUOTED_WATER}]",
          "cn-beijing/catalogue/urban_utilities.toml", f"{WATER}.name.zh", "another file"),
    Break("kind of notice without a text", BEIJING, "texts.toml", "[text.closed]", "[text.shut]",
          "cn-beijing/texts.toml", "text.closed.zh", "no text"),
    Break("text that names a person", BEIJING, "texts.toml", "编号{number}", "编号{name}",
          "cn-beijing/texts.toml", "text.registered.zh", "number, due and link"),
    Break("polygon of an unknown district", BEIJING, "districts.geojson", '"110101"', '"999999"',
          "cn-beijing/districts.geojson", "features.0", "999999"),
    Break("pack under another name", BEIJING, "pack.toml", 'id = "cn-beijing"', 'id = "beijing"',
          "cn-beijing/pack.toml", "id", "folder"),
    Break("file that is not TOML", BEIJING, "windows.toml", "[base]", "[base",
          "cn-beijing/windows.toml", "", "not TOML"),
    Break("pack that extends nothing", "cn-jinan", "pack.toml", 'extends = "base-demo"',
          'extends = "base-dem"', "cn-jinan/pack.toml", "extends", "base-dem"),
    Break("history of an unknown type", "us-boston-2015", "history.toml",
          'types = ["Graffiti Removal"]', 'types = ["Rain"]',
          "us-boston-2015/history.toml", "exception.0.types", "Rain"),
    Break("past cases of an unknown unit", "us-boston-2015", "dispatched.csv",
          "queue-anml02-lostfound", "queue-of-nobody",
          "us-boston-2015/dispatched.csv", "line 3", "no unit"),
    Break("past cases of an unknown category", "us-boston-2015", "dispatched.csv",
          "\nanimal-issues.animal-found,", "\nanimal-issues.dragon,",
          "us-boston-2015/dispatched.csv", "line 391", "no category"),
    Break("line that rests on too few cases", "us-boston-2015", "dispatched.csv",
          "lostfound,279,", "lostfound,2,",
          "us-boston-2015/dispatched.csv", "line 3", "fewer than 3"),
    Break("area of an unknown unit", "us-boston-2015", "areas.csv",
          "queue-pwdx-district-02-jamaica-plain", "queue-of-nobody",
          "us-boston-2015/areas.csv", "line 4", "not an area"),
    Break("cell that is none", "us-boston-2015", "areas.csv", "cell,200 ", "cell,two ",
          "us-boston-2015/areas.csv", "line 384", "not an area"),
    Break("trust in a table that is not there", BEIJING, "pack.toml", "[classifier]",
          "[dispatch]\nthreshold = 0.8\n\n[classifier]",
          "cn-beijing/pack.toml", "dispatch", "no dispatched.csv"),
)  # fmt: skip


@pytest.mark.parametrize("broken", BREAKS, ids=lambda broken: broken.named)
def test_a_broken_pack_is_refused_with_file_key_and_reason(copied: Path, broken: Break) -> None:
    _spoil(copied / broken.pack / broken.file, broken.old, broken.new)

    with pytest.raises(InvalidPack) as refused:
        load_pack(broken.pack, copied)

    assert refused.value.file == broken.blamed
    assert refused.value.key == broken.key
    assert broken.reason in refused.value.reason
    assert isinstance(refused.value, InvalidRule)


def test_a_faulty_value_is_blamed_on_the_pack_that_states_it(copied: Path) -> None:
    _spoil(copied / "base-demo" / "windows.toml", 'amount = "2wd"', 'amount = "2x"')

    with pytest.raises(InvalidPack) as refused:
        load_pack("cn-jinan", copied)

    assert refused.value.file == "base-demo/windows.toml"


def test_packs_that_extend_each_other_are_refused(copied: Path) -> None:
    base = copied / "base-demo" / "pack.toml"
    base.write_text('extends = "cn-jinan"\n' + base.read_text(encoding="utf-8"), encoding="utf-8")

    with pytest.raises(InvalidPack, match="extend each other"):
        load_pack("cn-jinan", copied)


def test_start_up_refuses_all_packs_for_the_sake_of_one(copied: Path) -> None:
    _spoil(copied / "uk-housing" / "windows.toml", 'amount = "10wd"', 'amount = "10"')

    with pytest.raises(InvalidPack, match=r"uk-housing/windows\.toml"):
        load_all(copied)


def _spoil(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
