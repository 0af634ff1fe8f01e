"""What the loaded packs would rule: read once, and honest where no dispatch can be ruled."""

from concurrent.futures import ThreadPoolExecutor

from api.foresight import Description
from cli.foresight import PackForesight
from domain.vocabulary import Demand
from packs.learned.shipped import named_model
from packs.loader import load_pack

WASTE = "urban.municipal.waste"
MODELS = 2
"""What a message is about, and how urgent it is."""
DESCRIBED = Description(
    pack="cn-beijing",
    demand=Demand.COMPLAINT,
    title="垃圾无人清运",
    text="楼下垃圾堆了三天无人清运，臭味很大。",
    address="朝阳区建外街道",
)


def test_callers_who_come_at_once_read_the_model_once() -> None:
    named_model.cache_clear()
    foresight = PackForesight([load_pack("cn-beijing")])

    with ThreadPoolExecutor(4) as callers:
        told = list(callers.map(foresight.foresee, [DESCRIBED] * 4))

    assert named_model.cache_info().misses == MODELS
    assert len(set(told)) == 1


def test_who_warms_it_spares_the_first_caller_the_reading() -> None:
    named_model.cache_clear()
    foresight = PackForesight([load_pack("cn-beijing")])

    foresight.warm()

    assert named_model.cache_info().currsize == MODELS


def test_what_the_pack_cannot_dispatch_is_left_to_a_person() -> None:
    pack = load_pack("cn-beijing")
    entry = pack.catalogue.category[WASTE].model_copy(update={"lead": "moon-base"})
    categories = pack.catalogue.category | {WASTE: entry}
    catalogue = pack.catalogue.model_copy(update={"category": categories})

    told = PackForesight([pack.model_copy(update={"catalogue": catalogue})]).foresee(DESCRIBED)

    assert told.category == WASTE
    assert told.duty is None
    assert told.triage.person_decides
    assert "moon-base" in told.triage.reasons[-1]
