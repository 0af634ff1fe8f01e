"""From what is known of a place to district, sub-district and community."""

import csv
import gzip
import shutil
import time
from pathlib import Path

import pytest

from domain.vocabulary import Demand
from packs.classifier import CatalogueClassifier, OpenedWords
from packs.errors import InvalidPack
from packs.folder import PACKS, pack_ids
from packs.loader import load_pack

GEO = Path(__file__).parents[3] / "shared" / "data" / "geo"

PLACES = load_pack("cn-beijing").places
CHAOYANG, HAIDIAN, DONGCHENG = "110105", "110108", "110101"
BALIZHUANG_IN_CHAOYANG, BALIZHUANG_IN_HAIDIAN = "110105015", "110108005"


@pytest.mark.parametrize(
    ("known", "district", "subdistrict"),
    [
        ({"district": CHAOYANG}, CHAOYANG, None),
        ({"district": "朝阳区"}, CHAOYANG, None),
        ({"district": "Chaoyang"}, CHAOYANG, None),
        ({"subdistrict": "110105001"}, CHAOYANG, "110105001"),
        ({"subdistrict": "建外街道"}, CHAOYANG, "110105001"),
        ({"address": "北京市朝阳区建外街道某路1号"}, CHAOYANG, "110105001"),
        ({"address": "建外街道某路1号"}, CHAOYANG, "110105001"),
        ({"address": "朝阳区八里庄街道"}, CHAOYANG, BALIZHUANG_IN_CHAOYANG),
        ({"address": "海淀区八里庄街道"}, HAIDIAN, BALIZHUANG_IN_HAIDIAN),
        ({"address": "北京市 海淀区 八里庄街道办事处"}, HAIDIAN, BALIZHUANG_IN_HAIDIAN),
        ({"address": "朝阳区太阳宫乡"}, CHAOYANG, "110105024"),
        ({"address": "望京西园四区412楼"}, CHAOYANG, "110105026"),
        ({"address": "朝阳区永安里东社区"}, CHAOYANG, "110105001"),
        ({"address": "八里庄街道"}, None, None),
        ({"subdistrict": "八里庄街道"}, None, None),
        ({"subdistrict": "八里庄街道", "district": "海淀区"}, HAIDIAN, BALIZHUANG_IN_HAIDIAN),
        ({"latitude": 39.9163, "longitude": 116.3972}, DONGCHENG, None),
        (
            {"address": "八里庄街道", "latitude": 39.96, "longitude": 116.3},
            HAIDIAN,
            BALIZHUANG_IN_HAIDIAN,
        ),
        ({"latitude": 31.23, "longitude": 121.47}, None, None),
        ({"address": "朝阳区", "latitude": 39.9163, "longitude": 116.3972}, CHAOYANG, None),
        ({"text": "我住在海淀区"}, HAIDIAN, None),
        ({"text": "从海淀区搬到朝阳区"}, None, None),
        ({}, None, None),
    ],
)
def test_the_place_that_these_facts_give(
    known: dict[str, str], district: str | None, subdistrict: str | None
) -> None:
    found = PLACES.find(**known)  # type: ignore[arg-type]

    assert (found.district, found.subdistrict) == (district, subdistrict)
    assert found.reasons


def test_a_pack_without_polygons_knows_no_place_by_coordinates() -> None:
    found = load_pack("cn-jinan").places.find(latitude=36.65, longitude=117.0)

    assert found.district is None


@pytest.mark.parametrize(
    ("known", "community"),
    [
        ({"address": "建外街道永安里社区3号"}, "110105001026"),
        ({"address": "建外街道永安里东社区3号"}, "110105001034"),
        ({"address": "望京西园四区412楼"}, "110105026038"),
        ({"address": "海淀区永安里社区"}, None),
        ({"address": "建外街道某路1号"}, None),
        ({"subdistrict": "建外街道", "address": "永安里社区3号"}, "110105001026"),
        ({"address": "密云区太师屯镇太师庄村5号"}, "110118107211"),
    ],
)
def test_the_community_that_the_address_names(known: dict[str, str], community: str | None) -> None:
    assert PLACES.find(**known).community == community  # type: ignore[arg-type]


IN_DONGCHENG = {"latitude": 39.9163, "longitude": 116.3972}
IN_HAIDIAN = {"latitude": 39.96, "longitude": 116.3}


@pytest.mark.parametrize(
    ("known", "doubt"),
    [
        ({"address": "八里庄街道"}, "the sub-district named lies in several districts"),
        ({"address": "八里庄街道", **IN_DONGCHENG}, "does not lie in the district"),
        ({"address": "海淀区建外街道"}, "does not lie in the district"),
        ({"district": "海淀区", "subdistrict": "建外街道"}, "does not lie in the district given"),
        ({"address": "中心村3号"}, "the community named lies in several places"),
        ({"address": "朝阳区", **IN_DONGCHENG}, "the coordinates lie outside the district"),
        ({"address": "建外街道", **IN_HAIDIAN}, "the coordinates lie outside the district"),
        ({"subdistrict": "建外街道", **IN_HAIDIAN}, "the coordinates lie outside the district"),
        ({"address": "朝阳区", "latitude": 31.23, "longitude": 121.47}, "outside the district"),
    ],
)
def test_facts_that_do_not_agree_are_told_and_leave_it_unsure(
    known: dict[str, str], doubt: str
) -> None:
    found = PLACES.find(**known)  # type: ignore[arg-type]

    assert found.unsure
    assert any(doubt in reason for reason in found.reasons)


@pytest.mark.parametrize(
    "known",
    [
        {"address": "海淀区八里庄街道", **IN_HAIDIAN},
        {"address": "东城区", **IN_DONGCHENG},
        {"address": "东城区", "latitude": 39.9163, "longitude": 116.3855},
        {"text": "从海淀区搬到朝阳区"},
        {"address": "某路1号"},
    ],
    ids=["agree", "district agrees", "just across the border", "two in the text", "nothing known"],
)
def test_facts_that_agree_leave_no_doubt(known: dict[str, str]) -> None:
    assert not PLACES.find(**known).unsure  # type: ignore[arg-type]


def test_an_unsure_place_goes_to_a_person_whoever_chose_the_category() -> None:
    words = OpenedWords(
        address="八里庄街道", demand=Demand.COMPLAINT, category="urban.municipal.waste"
    )

    found = CatalogueClassifier().classify(words, load_pack("cn-beijing"))

    assert not found.sure
    assert "the sub-district named lies in several districts" in found.reasons


def test_communities_are_those_of_the_statistical_list() -> None:
    if not GEO.exists():
        pytest.skip("../shared/data/geo is absent")
    source = GEO / "beijing_communities_7535.csv.gz"
    with gzip.open(source, "rt", encoding="utf-8", newline="") as lines:
        listed = {row["code"]: row["name"] for row in csv.DictReader(lines)}

    assert PLACES.communities.keys() == listed.keys()
    assert all(listed[c][:2] == name[:2] for c, name in PLACES.communities.items())


def test_most_communities_are_found_again_by_district_and_name() -> None:
    sample = sorted(PLACES.communities.items())[::25]
    found = [
        PLACES.find(address=f"{PLACES.entries[code[:6]].name['zh']}{name}1号")
        for code, name in sample
    ]

    right = [place.community == code for place, (code, _) in zip(found, sample, strict=True)]
    wrong = [
        place.subdistrict is not None and place.subdistrict != code[:9]
        for place, (code, _) in zip(found, sample, strict=True)
    ]

    assert sum(right) / len(right) > 0.9
    assert sum(wrong) / len(wrong) < 0.03


def test_a_look_up_takes_a_few_milliseconds() -> None:
    PLACES.find(address="建外街道永安里社区")

    begun = time.perf_counter()
    for _ in range(50):
        PLACES.find(
            address="某某路12号楼3单元1201室" * 3,
            text="路灯不亮" * 250,
            latitude=39.96,
            longitude=116.3,
        )

    assert (time.perf_counter() - begun) / 50 < 0.02


def test_a_list_of_communities_of_unknown_places_is_refused(tmp_path: Path) -> None:
    for pack_id in pack_ids():
        shutil.copytree(PACKS / pack_id, tmp_path / pack_id)
    listed = tmp_path / "cn-beijing" / "communities.csv.gz"
    listed.write_bytes(gzip.compress("code,zh\n999999999001,无名社区\n".encode()))

    with pytest.raises(InvalidPack) as refused:
        load_pack("cn-beijing", tmp_path)

    assert (refused.value.file, refused.value.key) == ("cn-beijing/communities.csv.gz", "line 2")
