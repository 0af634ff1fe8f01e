"""Whose duty it is: from category and place to one lead unit, and to those who help it."""

from collections.abc import Iterable
from datetime import date

from domain.model import Frozen
from domain.rulings import NOBODY_KNOWN, DispatchQuestion, UnitsRuling
from domain.unit import Unit
from domain.vocabulary import UnitKind
from packs.catalogue import CategoryEntry
from packs.errors import NotALead
from packs.pack import RulePack


class Assignment(Frozen):
    """The lead's code, the co-handlers', and why."""

    lead: str
    co_handlers: tuple[str, ...]
    reasons: tuple[str, ...]


def assign(question: DispatchQuestion, pack: RulePack, on: date) -> Assignment:
    """Art. 12: the unit of the catalogue; unclear, the district; nothing known, the hotline's desk.

    Where the pack has a table of past cases that is sure enough, its unit comes first.

    A unit that has ended is followed by its successor, else by its parent. A community is refused
    as lead (Art. 17).
    """
    wanted, reasons = _wanted(question, pack)
    lead = pack.units.in_charge(wanted, on)
    if lead != wanted:
        reasons.append(f"{wanted} has ended: {lead} follows it")
    if pack.units.unit(lead, on).kind is UnitKind.COMMUNITY:
        raise NotALead("lead", f"{lead} is a community: it assists and never leads")
    named = question.co_handlers
    if (entry := pack.catalogue.entry(question.category)) is not None and not question.lead:
        named += _of_the_place(entry.co_handlers, question, pack)
        reasons += [
            _assisting(assistant, question.community, pack) for assistant in entry.assistants
        ]
    helpers = dict.fromkeys(pack.units.in_charge(code, on) for code in named)
    helpers.pop(lead, None)
    return Assignment(lead=lead, co_handlers=tuple(helpers), reasons=tuple(reasons))


def with_all_above(codes: Iterable[str], pack: RulePack, on: date) -> UnitsRuling:
    """These units, all above and beside them that see their orders, and who comes after them."""
    known: dict[str, Unit] = {}
    unknown: list[str] = []
    asked = list(codes)
    for code in asked:
        if code not in pack.units:
            unknown.append(code)
            continue
        unit = pack.units.unit(code, on)
        for named in (code, unit.parent, *unit.chain, *unit.cc):
            if named is not None and named not in known:
                known[named] = pack.units.unit(named, on)
        heirs = (unit.successor, unit.parent if not unit.valid else None)
        asked += [heir for heir in heirs if heir is not None and heir not in asked]
    return UnitsRuling(units=tuple(known.values()), unknown=tuple(dict.fromkeys(unknown)))


def _wanted(question: DispatchQuestion, pack: RulePack) -> tuple[str, list[str]]:
    if question.lead:
        return question.lead, ["lead named by a person"]
    district, subdistrict = _place(question, pack)
    entry = pack.catalogue.entry(question.category)
    if entry is None:
        why = "category unknown" if question.category is None else "category not in the catalogue"
        return _fallback(district, pack, why)
    return _learnt(question, pack) or _by_catalogue(entry, district, subdistrict, pack)


def _by_catalogue(
    entry: CategoryEntry, district: str | None, subdistrict: str | None, pack: RulePack
) -> tuple[str, list[str]]:
    if entry.lead == "subdistrict":
        if subdistrict:
            return subdistrict, ["catalogue: the sub-district of the place"]
        return _fallback(district, pack, "sub-district unknown")
    if entry.lead == "district":
        return _fallback(district, pack, "catalogue: the district of the place")
    return entry.lead, ["catalogue: the unit of the category"]


def _learnt(question: DispatchQuestion, pack: RulePack) -> tuple[str, list[str]] | None:
    """Where like cases went, if the pack trusts its table and enough of them went there."""
    if pack.file.dispatch is None or pack.dispatched is None or question.category is None:
        return None
    found = pack.dispatched.likeliest(question.category, question.area)
    if found is None or found.confidence < pack.file.dispatch.threshold:
        return None
    return found.unit, [f"{found.reason} ({found.confidence:.2f})"]


def _of_the_place(
    named: tuple[str, ...], question: DispatchQuestion, pack: RulePack
) -> tuple[str, ...]:
    """The units that the catalogue names, `subdistrict` and `district` where the place is known."""
    district, subdistrict = _place(question, pack)
    known = {"district": district, "subdistrict": subdistrict}
    return tuple(code for name in named if (code := known.get(name, name)) is not None)


def _assisting(assistant: str, community: str | None, pack: RulePack) -> str:
    """Art. 17: by name where the address tells which one it is."""
    name = pack.places.communities.get(community or "")
    which = f": {name} ({community})" if name else ""
    return f"the {assistant} of the place assists{which}"


def _place(question: DispatchQuestion, pack: RulePack) -> tuple[str | None, str | None]:
    district = _if_known(question.district, pack)
    subdistrict = _if_known(question.subdistrict, pack)
    if subdistrict and not district:
        district = pack.units.district(subdistrict)
    return district, subdistrict


def _fallback(district: str | None, pack: RulePack, why: str) -> tuple[str, list[str]]:
    if district:
        return district, [why, "the district coordinates"]
    return pack.units.desks.hotline, [why, NOBODY_KNOWN]


def _if_known(code: str | None, pack: RulePack) -> str | None:
    return code if code in pack.units else None
