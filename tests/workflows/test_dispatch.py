"""Where a complaint is, from its sealed point to the unit that leads it."""

import pytest

from domain.event import EventKind
from domain.vocabulary import Stage
from tests.workflows.city import City

pytestmark = pytest.mark.anyio


async def test_a_point_leads_to_the_queue_of_its_area(city: City) -> None:
    case = await city.complain(
        "trash on the sidewalk",
        pack="us-boston-2015",
        category="street-cleaning.ce-collection",
        point=("42.3359", "-71.0431"),
    )

    state = await case.until_stage(Stage.DISPATCHED)
    (dispatched,) = await case.events(EventKind.DISPATCHED)

    assert state.unit == "queue-pwdx-district-05-south-boston"
    assert "of area 05 went to" in dispatched.body["reasons"][0]
    assert "42.33" not in dispatched.model_dump_json()
