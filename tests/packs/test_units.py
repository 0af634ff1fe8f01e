"""The unit tree of Beijing, and the rules that hold in every tree."""

import csv
import gzip
import shutil
from datetime import date
from pathlib import Path

import pytest

from domain.rulings import DispatchQuestion
from domain.vocabulary import UnitKind
from packs.dispatching import assign, with_all_above
from packs.errors import InvalidPack, NotALead, UnknownUnit
from packs.folder import PACKS, pack_ids
from packs.loader import load_all, load_pack

ROOT = Path(__file__).parents[2]
SUBDISTRICTS = ROOT.parent / "shared" / "data" / "geo" / "beijing_subdistricts_349.csv"
REQUESTS = ROOT.parent / "shared" / "data" / "boston311_2015" / "requests_2015_jan_aug.csv.gz"
TODAY = date(2026, 9, 24)
BEIJING = load_pack("cn-beijing").units
CHAOYANG, JIANWAI, HAIDIAN = "110105", "110105001", "110108"


def test_beijing_has_sixteen_districts_and_349_subdistricts() -> None:
    kinds = [entry.kind for entry in BEIJING.entries.values()]

    assert kinds.count(UnitKind.DISTRICT) == 16
    assert kinds.count(UnitKind.SUBDISTRICT) == 349


def test_codes_and_names_are_those_of_the_statistical_list() -> None:
    if not SUBDISTRICTS.exists():
        pytest.skip("../shared/data/geo is absent")
    with SUBDISTRICTS.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            assert BEIJING.entries[row["code"]].name["zh"] == row["name"]
            assert BEIJING.entries[row["code"]].parent == row["district_code"]


@pytest.mark.parametrize(
    ("code", "higher"),
    [
        (JIANWAI, CHAOYANG),
        (CHAOYANG, "supervision"),
        ("transport", "supervision"),
        ("hotline", "supervision"),
        ("metro", "transport"),
        ("supervision", "executive-meeting"),
        ("executive-meeting", "executive-meeting"),
    ],
)
def test_the_higher_hand_is_the_parent_or_supervision_or_the_last_resort(
    code: str, higher: str
) -> None:
    assert BEIJING.unit(code, TODAY).higher_hand == higher


def test_every_chain_ends_at_the_last_resort() -> None:
    for pack in load_all():
        for code in pack.units.entries:
            if code != pack.units.desks.last_resort:
                assert pack.units.unit(code, TODAY).chain[-1] == pack.units.desks.last_resort


def test_the_district_sees_what_goes_to_its_subdistrict() -> None:
    assert BEIJING.unit(JIANWAI, TODAY).cc == (CHAOYANG,)
    assert BEIJING.unit(CHAOYANG, TODAY).cc == ()
    assert BEIJING.unit("transport", TODAY).cc == ()


def test_units_of_the_state_are_asked_and_not_commanded() -> None:
    assert BEIJING.unit("tax", TODAY).no_authority


def test_an_unknown_unit_is_refused() -> None:
    with pytest.raises(UnknownUnit):
        BEIJING.unit("moon-base", TODAY)


def test_units_come_with_all_above_them_and_unknown_codes_apart() -> None:
    found = with_all_above((JIANWAI, "nobody"), load_pack("cn-beijing"), TODAY)

    assert [unit.code for unit in found.units] == [
        JIANWAI,
        CHAOYANG,
        "supervision",
        "executive-meeting",
    ]
    assert found.unknown == ("nobody",)


def test_bostons_queues_are_units_under_the_department_they_stood_with() -> None:
    boston = load_pack("us-boston-2015").units
    lights = boston.unit("queue-pwdx-street-light-outages", TODAY)

    assert (lights.name, lights.parent) == ("Street Light Outages", "public-works")
    assert lights.higher_hand == "public-works"
    assert boston.entries[lights.code].aliases == ("PWDx_Street Light Outages",)


def test_every_queue_of_the_export_but_one_is_a_unit() -> None:
    if not REQUESTS.exists():
        pytest.skip("../shared/data/boston311_2015 is absent")
    with gzip.open(REQUESTS, "rt", encoding="utf-8", newline="") as lines:
        named = {row["queue"] for row in csv.DictReader(lines)}
    boston = load_pack("us-boston-2015").units
    known = {alias for entry in boston.entries.values() for alias in entry.aliases}

    assert named - known == {"No Queue Assigned To User"}


WASTE, HEATING, DEMOLITION = (
    "urban.municipal.waste",
    "urban.utilities.heating",
    "urban.building.demolition",
)


@pytest.mark.parametrize(
    ("category", "district", "subdistrict", "lead"),
    [
        (WASTE, CHAOYANG, JIANWAI, JIANWAI),
        (WASTE, None, JIANWAI, JIANWAI),
        (WASTE, CHAOYANG, None, CHAOYANG),
        (WASTE, None, None, "hotline"),
        (HEATING, None, None, "heating-group"),
        (DEMOLITION, HAIDIAN, None, HAIDIAN),
        (None, CHAOYANG, JIANWAI, CHAOYANG),
        (None, None, None, "hotline"),
        ("no.such.category", CHAOYANG, None, CHAOYANG),
        (WASTE, "nowhere", "nowhere", "hotline"),
    ],
)
def test_the_lead_is_of_the_catalogue_else_the_district_else_the_hotline(
    category: str | None, district: str | None, subdistrict: str | None, lead: str
) -> None:
    question = DispatchQuestion(
        pack="cn-beijing", category=category, district=district, subdistrict=subdistrict
    )

    assigned = assign(question, load_pack("cn-beijing"), TODAY)

    assert assigned.lead == lead
    assert assigned.reasons


def test_a_lead_that_a_person_named_is_looked_up_and_not_chosen() -> None:
    question = DispatchQuestion(
        pack="cn-beijing", category=WASTE, district=CHAOYANG, lead="water", co_handlers=("ecology",)
    )

    assigned = assign(question, load_pack("cn-beijing"), TODAY)

    assert (assigned.lead, assigned.co_handlers) == ("water", ("ecology",))


@pytest.mark.parametrize(
    ("category", "subdistrict", "lead", "co_handlers"),
    [
        ("urban.utilities.waterlogging", JIANWAI, "drainage-group", (JIANWAI, "water")),
        ("urban.utilities.waterlogging", None, "drainage-group", ("water",)),
        ("urban.utilities.water_quality", JIANWAI, "water-group", ("water", "health")),
        (WASTE, JIANWAI, JIANWAI, ()),
    ],
)
def test_those_whom_the_catalogue_names_act_with_the_lead(
    category: str, subdistrict: str | None, lead: str, co_handlers: tuple[str, ...]
) -> None:
    question = DispatchQuestion(pack="cn-beijing", category=category, subdistrict=subdistrict)

    assigned = assign(question, load_pack("cn-beijing"), TODAY)

    assert (assigned.lead, assigned.co_handlers) == (lead, co_handlers)


def test_the_community_assists_and_is_sent_no_order() -> None:
    question = DispatchQuestion(pack="cn-beijing", category=WASTE, subdistrict=JIANWAI)

    assigned = assign(question, load_pack("cn-beijing"), TODAY)

    assert "the community of the place assists" in assigned.reasons
    assert assigned.co_handlers == ()


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """Beijing with a unit that ended, one that ended without a successor, and a community."""
    for pack_id in pack_ids():
        shutil.copytree(PACKS / pack_id, tmp_path / pack_id)
    with (tmp_path / "cn-beijing" / "units.toml").open("a", encoding="utf-8") as units:
        units.write(
            """
[unit.old-transport]
name = { zh = "原交通局" }
kind = "department"
parent = "110000"
valid_to = 2026-06-30
successor = "transport"

[unit.old-ferry]
name = { zh = "原轮渡公司" }
kind = "enterprise"
parent = "transport"
valid_to = 2026-06-30

[unit.community]
name = { zh = "某社区" }
kind = "community"
parent = "110105001"
"""
        )
    return tmp_path


@pytest.mark.parametrize(
    ("named", "on", "lead"),
    [
        ("old-transport", date(2026, 7, 1), "transport"),
        ("old-transport", date(2026, 6, 30), "old-transport"),
        ("old-ferry", date(2026, 7, 1), "transport"),
    ],
)
def test_a_unit_that_ended_is_followed_by_its_successor_else_its_parent(
    changed: Path, named: str, on: date, lead: str
) -> None:
    question = DispatchQuestion(pack="cn-beijing", lead=named)

    assert assign(question, load_pack("cn-beijing", changed), on).lead == lead


def test_a_catalogue_that_makes_a_community_lead_is_refused(changed: Path) -> None:
    entries = changed / "cn-beijing" / "catalogue" / "urban.toml"
    text = entries.read_text(encoding="utf-8")
    led = text.replace('lead = "subdistrict"', 'lead = "community"', 1)
    entries.write_text(led, encoding="utf-8")

    with pytest.raises(InvalidPack, match="assists and never leads"):
        load_pack("cn-beijing", changed)


def test_a_community_assists_and_never_leads(changed: Path) -> None:
    pack = load_pack("cn-beijing", changed)
    helps = DispatchQuestion(pack="cn-beijing", lead=JIANWAI, co_handlers=("community",))

    assert assign(helps, pack, TODAY).co_handlers == ("community",)
    with pytest.raises(NotALead):
        assign(DispatchQuestion(pack="cn-beijing", lead="community"), pack, TODAY)
