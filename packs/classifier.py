"""From words to a category, a tier and a place, with a confidence that is meant.

The catalogue classifier weighs the catalogue's own words. Any other classifier fits the same seam:
it gets the opened words and the pack, and answers with a `Classification`. None of them chooses a
disposition: only people decide that no order is made.
"""

from collections.abc import Mapping
from typing import Annotated, Protocol

from pydantic import AfterValidator

from domain.model import Frozen
from domain.rulings import Candidate
from domain.visible import visible
from domain.vocabulary import Demand, Tier
from packs.abuse import ABUSIVE
from packs.catalogue import CategoryEntry
from packs.facts import Given, missing_facts
from packs.pack import RulePack
from packs.place import Place
from packs.tiers import LEAST_URGENT, more_urgent, raised

_SHARPNESS = 2.25
"""A long message names many things once: what it names most must stand out from the sum."""
_CLASS_COUNTS = 0.45
"""How much the likelihood of a class counts beside the words, which often know better."""
_DOUBT = 0.5
"""What stands against every guess: half of what one mention of one word of ordinary length says."""


Seen = Annotated[str, AfterValidator(visible)]
"""Text copied from a page brings characters of no width, which would part its words."""


class OpenedWords(Frozen):
    """The words of one complaint, open only while they are classified."""

    title: Seen = ""
    text: Seen = ""
    address: Seen = ""
    demand: Demand
    category: str | None = None
    district: str | None = None
    subdistrict: str | None = None
    latitude: float | None = None
    longitude: float | None = None


class Classification(Frozen):
    """What the words are about. `sure` is False where a person must decide.

    `called_for` is the tier that the words call for by themselves, if any. `reasons` are all there
    are; `tier_reasons` are those among them that raised the tier.
    """

    category: str | None
    tier: Tier
    called_for: Tier | None = None
    confidence: float
    sure: bool
    candidates: tuple[Candidate, ...] = ()
    reasons: tuple[str, ...] = ()
    tier_reasons: tuple[str, ...] = ()
    missing_facts: tuple[str, ...] = ()
    classifier: str
    place: Place


class Guess(Frozen):
    """What the words alone suggest, the likeliest first, and who says so."""

    candidates: tuple[Candidate, ...] = ()
    sure: bool = False
    reasons: tuple[str, ...] = ()
    by: str


class Classifier(Protocol):
    """Anything that can say what a complaint is about, under a pack's catalogue."""

    def classify(self, words: OpenedWords, pack: RulePack) -> Classification: ...


class CatalogueClassifier:
    """Weighs the catalogue's words in title and text.

    The channel's own choice stands if the catalogue knows it. A consultation without one goes to a
    person: whether it is answered at once or made an order is a decision of people. Danger and
    outage words raise the tier, whoever chose the category; abusive ones leave a guess unsure.
    """

    NAME = "catalogue-3"

    def classify(self, words: OpenedWords, pack: RulePack) -> Classification:
        place = pack.places.find(
            district=words.district,
            subdistrict=words.subdistrict,
            address=words.address,
            text=f"{words.title} {words.text}",
            latitude=words.latitude,
            longitude=words.longitude,
        )
        reasons, by = list(place.reasons), self.NAME
        if pack.catalogue.entry(words.category) is not None:
            category, confidence, sure = words.category, 1.0, True
            candidates: tuple[Candidate, ...] = ()
            reasons.append("category chosen by the channel")
        else:
            if words.category:
                reasons.append("the channel's category is not in the catalogue")
            guess = self.guess(words, pack)
            candidates, sure, by = guess.candidates, guess.sure, guess.by
            category = candidates[0].category if candidates else None
            confidence = candidates[0].confidence if candidates else 0.0
            reasons.extend(guess.reasons)
            if words.demand is Demand.CONSULT:
                sure = False
                reasons.append("a consultation is decided by a person")
        sure = sure and not place.unsure
        entry = pack.catalogue.entry(category)
        if entry is not None and entry.route is not None:
            sure = False
            reasons.append(f"a person decides whether it goes another way: {entry.route}")
        if entry is not None and words.demand not in entry.demands:
            sure = sure and words.category == category
            reasons.append(f"the catalogue does not expect this as {words.demand}")
        read = f"{words.title}\n{words.text}"
        if pack.catalogue.abuse.said_in(read):
            sure = sure and words.category == category  # then nothing was guessed
            reasons.append(ABUSIVE)
        usual = pack.tier_of(category)
        called_for, why = self.urgency(LEAST_URGENT, read, pack)
        tier = more_urgent(usual, called_for)
        why = why if tier is not usual else ()
        return Classification(
            category=category,
            tier=tier,
            called_for=called_for if called_for is not LEAST_URGENT else None,
            confidence=round(confidence, 4),
            sure=sure,
            candidates=candidates,
            reasons=(*reasons, *why),
            tier_reasons=why,
            missing_facts=self._missing(words, pack, entry),
            classifier=f"{by}/{pack.version}",
            place=place,
        )

    def guess(self, words: OpenedWords, pack: RulePack) -> Guess:
        """What the words suggest where the channel chose nothing; a subclass may know better."""
        candidates = ranked(shares(words, pack), pack)
        sure = bool(candidates) and candidates[0].confidence >= pack.catalogue.threshold
        return Guess(
            candidates=candidates, sure=sure, reasons=(_found(candidates, sure),), by=self.NAME
        )

    def urgency(self, tier: Tier, read: str, pack: RulePack) -> tuple[Tier, tuple[str, ...]]:
        """The tier that the words call for, and why if it is more urgent than `tier`."""
        return raised(tier, read, pack.catalogue.raised, pack.catalogue.context)

    def _missing(
        self, words: OpenedWords, pack: RulePack, entry: CategoryEntry | None
    ) -> tuple[str, ...]:
        given: list[Given] = []
        if words.address.strip():
            given.append("address")
        if words.latitude is not None and words.longitude is not None:
            given.append("point")
        read = f"{words.title}\n{words.text}\n{words.address}"
        return missing_facts(entry.facts if entry else (), pack.catalogue.fact, read, given)


def shares(
    words: OpenedWords,
    pack: RulePack,
    likely: Mapping[str, float] | None = None,
    otherwise: float = 1.0,
) -> dict[str, float]:
    """The share of each category in all that the words say.

    `likely` is how likely each level-1 class is by itself, and `otherwise` any other class.
    """
    likely = likely or {}
    scores = {
        code: score**_SHARPNESS * likely.get(level_of(code), otherwise) ** _CLASS_COUNTS
        for code, score in pack.catalogue.sayings.scores(words.title, words.text).items()
    }
    total = sum(scores.values()) + _DOUBT
    return {code: score / total for code, score in scores.items()}


def level_of(code: str) -> str:
    """The level-1 class of a category."""
    return code.partition(".")[0]


def ranked(shares: Mapping[str, float], pack: RulePack) -> tuple[Candidate, ...]:
    """The three best as candidates."""
    best = sorted(shares, key=lambda code: (-shares[code], code))[:3]
    return tuple(
        Candidate(category=code, tier=pack.tier_of(code), confidence=round(shares[code], 4))
        for code in best
    )


def _found(candidates: tuple[Candidate, ...], sure: bool) -> str:
    if not candidates:
        return "no word of the catalogue found"
    return "words of the catalogue found" if sure else "the words leave it unsure"
