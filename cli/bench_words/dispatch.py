"""Type and place to the queue: the shipped table on months that it was not learnt from.

The table was learnt from January to June; July and August are judged, every request of them, beside
majorities counted from the same half year. Half-life, prior and threshold were chosen on May and
June, learnt from January to April; only the rule for types without cases came after a look at what
July and August missed, a type that the city brought in that summer.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from datetime import date
from pathlib import Path

from cli.bench_words.boston import JULY, PACK, REQUESTS, Request, requests
from cli.bench_words.figure import Figure
from domain.rulings import DispatchQuestion
from packs.dispatching import assign
from packs.loader import load_pack
from packs.pack import RulePack

ON = date(2015, 7, 1)

Key = Callable[[Request], Hashable]


def dispatch(data: Path) -> Iterator[Figure]:
    if not (data / REQUESTS).exists():
        return
    pack = load_pack(PACK)
    past = [request for request in requests(data) if request.opened < JULY]
    judged = [request for request in requests(data) if request.opened >= JULY]
    n = len(judged)
    asked = [_question(request, pack) for request in judged]
    said = [_likeliest(question, pack) for question in asked]
    queue_by_type = _majority(past, judged, lambda r: r.queue, [_type])
    pairs_only = _majority(past, judged, lambda r: r.queue, [_type_district])
    queue_by_both = _majority(past, judged, lambda r: r.queue, [_type_district, _type])
    right = [unit == request.unit for unit, request in zip(said, judged, strict=True)]
    yield Figure(
        what="queue by type and area",
        value=_share(right),
        n=n,
        unit="%",
        baseline=queue_by_both,
        against="majority of type and city's district, else type",
        floor=0.848,
    )
    yield Figure(what="queue: majority of type and city's district", value=pairs_only, unit="%")
    yield Figure(what="queue: majority of type", value=queue_by_type, unit="%")
    yield Figure(
        what="department by type and area",
        value=_share(
            _department(unit, pack) == _department(request.unit, pack)
            for unit, request in zip(said, judged, strict=True)
        ),
        n=n,
        unit="%",
        baseline=_majority(past, judged, lambda r: r.department, [_type]),
        against="majority of type",
        floor=0.945,
    )
    yield from _assigned(judged, asked, pack)
    at = [(question.area or "") == r.district for question, r in zip(asked, judged, strict=True)]
    yield Figure(
        what="area is the city's own district", value=_share(at), n=n, unit="%", floor=0.98
    )


def _assigned(
    judged: Sequence[Request], asked: Sequence[DispatchQuestion], pack: RulePack
) -> Iterator[Figure]:
    """What dispatch does with it: a queue where it is sure, else the catalogue's department."""
    leads = [assign(question, pack, ON).lead for question in asked]
    sure = [
        (lead, request)
        for lead, request in zip(leads, judged, strict=True)
        if _department(lead, pack) != lead
    ]
    yield Figure(
        what="led by a queue, the table being sure",
        value=len(sure) / len(judged),
        n=len(judged),
        unit="%",
        floor=0.65,
    )
    yield Figure(
        what="  of these the right queue",
        value=_share(lead == request.unit for lead, request in sure),
        n=len(sure),
        unit="%",
        floor=0.95,
    )
    yield Figure(
        what="lead in the right department",
        value=_share(
            _department(lead, pack) == _department(request.unit, pack)
            for lead, request in zip(leads, judged, strict=True)
        ),
        n=len(judged),
        unit="%",
    )


def _question(request: Request, pack: RulePack) -> DispatchQuestion:
    place = pack.places.find(
        address=request.address, latitude=request.latitude, longitude=request.longitude
    )
    return DispatchQuestion(pack=pack.id, category=request.category, area=place.area)


def _likeliest(question: DispatchQuestion, pack: RulePack) -> str | None:
    if pack.dispatched is None or question.category is None:
        return None
    found = pack.dispatched.likeliest(question.category, question.area)
    return found.unit if found else None


def _department(unit: str | None, pack: RulePack) -> str | None:
    """The department that a queue stands under; of anything else, itself."""
    if unit is None or not pack.units.entries[unit].aliases:
        return unit
    return pack.units.entries[unit].parent


def _majority(
    past: Sequence[Request],
    judged: Sequence[Request],
    wanted: Callable[[Request], str],
    keys: Sequence[Key],
) -> float:
    """How often the commonest answer of the first key that was seen before is right."""
    tables: list[dict[Hashable, Counter[str]]] = [defaultdict(Counter) for _ in keys]
    for request in past:
        for key, table in zip(keys, tables, strict=True):
            table[key(request)][wanted(request)] += 1
    hits = 0
    for request in judged:
        for key, table in zip(keys, tables, strict=True):
            if (seen := table.get(key(request))) is not None:
                hits += seen.most_common(1)[0][0] == wanted(request)
                break
    return hits / len(judged)


def _type(request: Request) -> Hashable:
    return request.type


def _type_district(request: Request) -> Hashable:
    return request.type, request.district


def _share(hits: Iterator[bool] | list[bool]) -> float:
    counted = list(hits)
    return sum(counted) / len(counted) if counted else 0.0
