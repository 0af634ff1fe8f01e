"""What the loaded rule packs would rule, as the API shows it before a complaint is sent."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from threading import Lock

from api.foresight import (
    CandidateLine,
    Description,
    DutyLine,
    Foreseen,
    Named,
    PlaceLine,
    TierLine,
    TriageLine,
)
from domain.rulings import DispatchRuling
from domain.unit import Unit
from domain.vocabulary import Demand
from packs import ruling
from packs.classifier import Classification, OpenedWords
from packs.learned.classifier import LearnedClassifier
from packs.pack import RulePack


def _now() -> datetime:
    return datetime.now(UTC)


class PackForesight:
    """The worker's classifier and the worker's rulings, asked without a complaint.

    `now` only decides which units still live.
    """

    def __init__(self, packs: Iterable[RulePack], now: Callable[[], datetime] = _now) -> None:
        self._packs = {pack.id: pack for pack in packs}
        self._classifier = LearnedClassifier()
        self._now = now
        self._warming = Lock()
        self._warm = False

    def warm(self) -> None:
        """Models and name indexes are made at their first use, once per process."""
        with self._warming:
            if not self._warm:
                for pack in self._packs.values():
                    self._expected(OpenedWords(text="-", demand=Demand.HELP), pack)
                self._warm = True

    def foresee(self, described: Description) -> Foreseen:
        self.warm()
        pack = self._packs[described.pack]
        words = OpenedWords(**described.model_dump(exclude={"pack"}))
        return _shown(self._expected(words, pack), pack)

    def _expected(self, words: OpenedWords, pack: RulePack) -> ruling.Expected:
        return ruling.foresee(words, pack, self._classifier, pack.day_of(self._now()))


def _shown(expected: ruling.Expected, pack: RulePack) -> Foreseen:
    ruled, found = expected.ruling, expected.found
    return Foreseen(
        pack=pack.id,
        pack_version=pack.version,
        classifier=ruled.classifier,
        category=ruled.category if ruled.sure else None,
        confidence=ruled.confidence,
        candidates=tuple(
            CandidateLine(
                category=candidate.category,
                path=pack.catalogue.path(candidate.category, pack.languages[0]),
                tier=candidate.tier,
                confidence=candidate.confidence,
            )
            for candidate in ruled.candidates
        ),
        tier=TierLine(tier=ruled.tier, reasons=found.tier_reasons or _usual(found, pack)),
        missing_facts=tuple(_fact(code, pack) for code in ruled.missing_facts),
        place=_place(found, pack),
        duty=_duty(expected.dispatch) if expected.dispatch else None,
        triage=_triage(expected),
    )


def _usual(found: Classification, pack: RulePack) -> tuple[str, ...]:
    entry = pack.catalogue.entry(found.category)
    return ("the tier of the category",) if entry and entry.tier else ("the pack's usual tier",)


def _triage(expected: ruling.Expected) -> TriageLine:
    if not expected.ruling.sure:
        return TriageLine(person_decides=True, reasons=expected.ruling.reasons)
    if expected.dispatch is None:
        why = expected.refused or "no category"
        return TriageLine(person_decides=True, reasons=(*expected.ruling.reasons, why))
    return TriageLine(person_decides=False, reasons=expected.ruling.reasons)


def _duty(dispatch: DispatchRuling) -> DutyLine:
    return DutyLine(
        lead=_unit(dispatch.lead),
        co_handlers=tuple(map(_unit, dispatch.co_handlers)),
        reasons=dispatch.reasons,
    )


def _unit(unit: Unit) -> Named:
    return Named(code=unit.code, name=unit.name)


def _place(found: Classification, pack: RulePack) -> PlaceLine:
    place = found.place
    community = place.community
    return PlaceLine(
        district=_located(place.district, pack),
        subdistrict=_located(place.subdistrict, pack),
        community=Named(code=community, name=pack.places.communities[community])
        if community
        else None,
        unsure=place.unsure,
        reasons=place.reasons,
    )


def _located(code: str | None, pack: RulePack) -> Named | None:
    return None if code is None else Named(code=code, name=_in(pack, pack.units.entries[code].name))


def _fact(code: str, pack: RulePack) -> Named:
    return Named(code=code, name=_in(pack, pack.catalogue.fact[code].name))


def _in(pack: RulePack, names: dict[str, str]) -> str:
    return names.get(pack.languages[0]) or next(iter(names.values()))
