"""From what is known of a place to district and sub-district."""

import pytest

from packs.loader import load_pack

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
