"""What a ruling tells of a unit that has ended: who comes after it, and all above that one."""

from datetime import date

from packs.dispatching import with_all_above
from packs.loader import load_pack

CLOSED, HEIR = "110105001", "110106001"
TODAY = date(2026, 3, 2)


def test_a_closed_unit_is_told_with_its_successor_and_all_above_it() -> None:
    pack = load_pack("cn-beijing")
    ended = {"successor": HEIR, "valid_to": date(2026, 1, 1)}
    entry = pack.units.entries[CLOSED].model_copy(update=ended)
    units = pack.units.model_copy(update={"entries": pack.units.entries | {CLOSED: entry}})

    ruling = with_all_above([CLOSED], pack.model_copy(update={"units": units}), TODAY)

    told = {unit.code: unit for unit in ruling.units}
    assert (told[CLOSED].valid, told[CLOSED].successor) == (False, HEIR)
    assert set(told[HEIR].chain) <= set(told)
