"""A table of where past cases went: what it answers, what it rests on, and how it is learnt."""

from datetime import date

import pytest

from domain.rulings import DispatchQuestion
from packs.areas import Areas
from packs.dispatch_table import EVERYWHERE, FEWEST, OTHERS, OWN, DispatchTable, Key, Went
from packs.dispatching import Assignment, assign
from packs.loader import load_pack
from packs.past_cases import HALF_LIFE_DAYS, PastCase, count_dispatches, learn_areas

ON = date(2015, 7, 1)
BOSTON = load_pack("us-boston-2015")
NAMES = {
    "street.pothole": "Pothole",
    "street.lamp-repair": "Lamp Repair",
    "street.lamp-inspection": "Lamp Inspection",
    "park.bench": "Bench",
}
NORTH, SOUTH = (42.30, -71.10), (42.20, -71.10)
NOWHERE = (42.3594, -71.0587)
OWN_UNITS = {"N": "north", "S": "south"}


def table(**went: dict[str, int]) -> DispatchTable:
    """Made counts, each case weighing 1: `pothole`, or `pothole_N` for those of one area."""
    lines: dict[Key, dict[str, Went]] = {}
    for name, units in went.items():
        short, _, area = name.partition("_")
        codes = [code for code in NAMES if code.endswith(short.replace("lamp", "lamp-"))]
        lines[codes[0] if codes else "", area or EVERYWHERE] = {
            unit: Went(cases=cases, weight=cases) for unit, cases in units.items()
        }
    return DispatchTable(went=lines, areas=Areas(units=OWN_UNITS), names=NAMES)


def case(unit: str = "north", age: float = 0, **fields: object) -> PastCase:
    given = {"category": "street.pothole", "unit": unit, "age_days": age, "area": "N"}
    return PastCase(**given | fields)  # type: ignore[arg-type]


def test_a_case_goes_where_most_like_cases_of_its_area_went() -> None:
    made = table(pothole={"roads": 500}, pothole_N={"north": 87, "roads": 3})

    found = made.likeliest("street.pothole", "N")

    assert found is not None
    assert found.unit == "north"
    assert found.confidence == pytest.approx(87 / 93)
    assert found.reason == "87 of 90 past cases of street.pothole of area N went to north"


def test_an_area_with_few_cases_leans_on_those_of_all_areas() -> None:
    made = table(pothole={"roads": 500}, pothole_N={"north": 3, "roads": 2})

    found = made.likeliest("street.pothole", "N")

    assert found is not None
    assert found.unit == "roads"
    assert found.confidence == pytest.approx((2 + 3) / 8)


def test_where_the_area_is_unknown_all_areas_speak() -> None:
    made = table(pothole={"roads": 60, OWN: 40}, pothole_N={"north": 90})

    found = made.likeliest("street.pothole", None)

    assert found is not None
    assert (found.unit, found.confidence) == ("roads", 0.6)
    assert found.reason == "60 of 100 past cases of street.pothole of all areas went to roads"


def test_cases_whose_area_was_not_known_speak_first_for_one_like_them() -> None:
    areas = Areas()
    cases = [case("roads", area=None)] * 9
    made = DispatchTable(went=count_dispatches(cases, areas), areas=areas, names=NAMES)

    found = made.likeliest("street.pothole", None)

    assert found is not None
    assert found.reason == "9 of 9 past cases of street.pothole of no known area went to roads"


@pytest.mark.parametrize(("area", "unit"), [("N", "north"), ("S", "south")])
def test_own_is_the_unit_whose_area_it_is(area: str, unit: str) -> None:
    found = table(pothole={OWN: 90, "roads": 10}).likeliest("street.pothole", area)

    assert found is not None
    assert found.unit == unit


def test_a_kind_without_cases_goes_the_way_of_the_one_whose_name_shares_most_words() -> None:
    made = table(pothole={"roads": 500}, lamprepair={"lights": 50})

    found = made.likeliest("street.lamp-repair", None)
    unseen = made.model_copy(update={"names": NAMES | {"street.lamp-repair-soon": "Lamp Repair!"}})
    kin = unseen.likeliest("street.lamp-repair-soon", None)

    assert found is not None
    assert kin is not None
    assert (kin.unit, kin.category) == (found.unit, "street.lamp-repair")


def test_half_the_words_are_not_enough_to_go_another_kinds_way() -> None:
    made = table(lamprepair={"lights": 50})

    assert made.likeliest("street.lamp-inspection", None) is None


def test_what_the_lesser_units_had_together_makes_it_less_sure_and_leads_nowhere() -> None:
    found = table(pothole={"roads": 40, OTHERS: 60}).likeliest("street.pothole", None)

    assert found is not None
    assert (found.unit, found.confidence) == ("roads", 0.4)
    assert (found.cases, found.of) == (40, 100)


def test_a_table_that_is_silent_says_nothing() -> None:
    assert table(bench={"parks": 9}).likeliest("street.pothole", "N") is None


LITTER = "street-cleaning.ce-collection"
SOUTH_BOSTON = "queue-pwdx-district-05-south-boston"


def boston(category: str, area: str | None = None, lead: str | None = None) -> Assignment:
    question = DispatchQuestion(pack=BOSTON.id, category=category, area=area, lead=lead)
    return assign(question, BOSTON, ON)


def test_a_sure_table_leads_to_the_queue_and_says_what_it_rests_on() -> None:
    found = boston(LITTER, "05")

    assert found.lead == SOUTH_BOSTON
    assert "past cases of street-cleaning.ce-collection of area 05 went to" in found.reasons[0]


def test_an_unsure_table_leaves_the_catalogues_department() -> None:
    found = boston("highway-maintenance.sidewalk-repair-make-safe", "1C")

    assert found.lead == "public-works"
    assert found.reasons == ("catalogue: the unit of the category",)


def test_the_lead_that_a_person_names_stands_before_the_table() -> None:
    assert boston(LITTER, "05", lead="parks").lead == "parks"


def test_a_pack_without_a_table_dispatches_by_its_catalogue() -> None:
    question = DispatchQuestion(
        pack="cn-beijing", category="urban.utilities.heating", area="05", district="110105"
    )

    assert assign(question, load_pack("cn-beijing"), ON).lead == "heating-group"


def test_no_line_rests_on_fewer_cases_than_the_fewest() -> None:
    cases = [case("north")] * 5 + [case("roads")] * (FEWEST - 1) + [case("water")]

    counted = count_dispatches(cases, Areas())

    assert counted["street.pothole", EVERYWHERE] == {
        "north": Went(cases=5, weight=5),
        OTHERS: Went(cases=3, weight=3),
    }
    assert set(count_dispatches(cases[:6], Areas())["street.pothole", EVERYWHERE]) == {"north"}
    assert count_dispatches(cases[:2], Areas()) == {}


def test_an_old_case_weighs_less_than_one_of_today() -> None:
    cases = [case("roads", HALF_LIFE_DAYS)] * 4 + [case("north")] * 3

    counted = count_dispatches(cases, Areas())["street.pothole", EVERYWHERE]

    assert counted == {"roads": Went(cases=4, weight=2), "north": Went(cases=3, weight=3)}


def test_the_unit_of_an_area_is_counted_as_its_own_where_areas_are_pooled() -> None:
    areas = Areas(postcodes={"02101": "N", "02102": "S"}, units=OWN_UNITS)
    cases = [case("north", address="1 A St 02101")] * 3 + [case("south", address="02102")] * 4

    counted = count_dispatches(cases, areas)

    assert counted["street.pothole", EVERYWHERE] == {OWN: Went(cases=7, weight=7)}
    assert counted["street.pothole", "N"] == {"north": Went(cases=3, weight=3)}


def placed(
    area: str, point: tuple[float, float] | None, times: int, street: str = ""
) -> list[PastCase]:
    latitude, longitude = point or (None, None)
    postcode = "02101" if street else None
    one = case(area=area, latitude=latitude, longitude=longitude, postcode=postcode, street=street)
    return [one] * times


def test_an_area_is_where_most_cases_of_the_cell_lay() -> None:
    cases = placed("N", NORTH, 5) + placed("S", NORTH, 2) + placed("S", SOUTH, 3)

    areas = learn_areas(cases, {}, frozenset())

    assert (areas.at(*NORTH), areas.at(*SOUTH)) == ("N", "S")
    assert len(areas.cells) == 2  # no finer cell says anything else
    assert areas.at(42.9, -71.9) is None


def test_a_finer_cell_is_kept_where_it_says_something_else() -> None:
    beside = (NORTH[0] + 0.004, NORTH[1])
    cases = placed("N", NORTH, 9) + placed("S", beside, 3)

    areas = learn_areas(cases, {}, frozenset())

    assert (areas.at(*NORTH), areas.at(*beside)) == ("N", "S")


def test_a_cell_with_too_few_cases_is_not_told() -> None:
    assert learn_areas(placed("N", NORTH, FEWEST - 1), {}, frozenset()).cells == {}


def test_a_point_that_stands_for_no_address_teaches_nothing() -> None:
    across_the_street = (NOWHERE[0] + 0.0001, NOWHERE[1])

    areas = learn_areas(placed("N", NOWHERE, 50), {}, frozenset({NOWHERE}))

    assert areas.at(*across_the_street) is None


def test_a_point_that_stands_for_no_address_leaves_the_word_to_the_address() -> None:
    across_the_street = (NOWHERE[0] + 0.0001, NOWHERE[1])
    cases = placed("N", across_the_street, 5) + placed("S", SOUTH, 3, "main st")

    areas = learn_areas(cases, {}, frozenset({NOWHERE}))

    assert areas.at(*across_the_street) == "N"
    assert areas.at(*NOWHERE) is None
    assert areas.at(*NOWHERE, "4 Main St Boston MA 02101") == "S"


def test_an_address_is_placed_by_its_street_else_by_its_postcode() -> None:
    cases = [
        *placed("N", None, 9, "broad st"),
        *placed("S", None, 3, "main st"),
        *placed("E", None, 3, "salem main st"),
    ]

    areas = learn_areas(cases, {}, frozenset())

    assert areas.at(None, None, "7 Main St, Boston MA 02101") == "S"
    assert areas.at(None, None, "7 Salem Main St, Boston MA 02101") == "E"
    assert areas.at(None, None, "7 Broad St, Boston MA 02101") == "N"
    assert areas.at(None, None, "7 Main St") is None
    assert areas.at(None, None, "") is None
