"""Another place is a new fact, however alike the words: told from spelling the same one anew."""

import pytest

from api.places import Named, is_elsewhere

OLD = Named("3号楼二单元的垃圾没人清运", "朝阳区建国路甲1号院", (39.9087, 116.4605))

SAME = {
    "no place at all": Named("垃圾还是没人清运"),
    "the same house": Named("3号楼的垃圾还在"),
    "the same house in other digits": Named("３号楼２单元的垃圾还在"),
    "less of the address": Named("垃圾还在", "建国路甲一号"),
    "an address with stops": Named("垃圾还在", "朝阳区 建国路，甲1号院"),
    "what the text said, as an address": Named("垃圾还在", "3号楼二单元"),
    "a point a few steps away": Named("垃圾还在", point=(39.9091, 116.4601)),
}
OTHER = {
    "another house": Named("5号楼的垃圾没人清运"),
    "another staircase": Named("3号楼一单元的垃圾没人清运"),
    "another number of the street": Named("垃圾还在", "朝阳区建国路甲11号院"),
    "another street": Named("垃圾还在", "朝阳区光华路甲1号院"),
    "a point two streets away": Named("垃圾还在", point=(39.9112, 116.4605)),
}


@pytest.mark.parametrize("case", SAME)
def test_it_is_the_same_place(case: str) -> None:
    assert not is_elsewhere(SAME[case], OLD)


@pytest.mark.parametrize("case", OTHER)
def test_it_is_another_place(case: str) -> None:
    assert is_elsewhere(OTHER[case], OLD)


@pytest.mark.parametrize(
    "told",
    [Named("垃圾", "建国路甲1号"), Named("垃圾", point=(39.9, 116.4)), Named("3号楼的垃圾")],
    ids=["an address", "a point", "a house"],
)
def test_a_place_where_none_was_known_is_new(told: Named) -> None:
    assert is_elsewhere(told, Named("垃圾没人清运"))
