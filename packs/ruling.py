"""What a rule pack says to one complaint: the rulings, and what they would be.

The activities record what these functions answer, and a preview shows it: neither can know better.
"""

from datetime import date

from domain.errors import HotlineError
from domain.model import Frozen
from domain.rulings import ClassificationRuling, DispatchQuestion, DispatchRuling
from packs.classifier import Classification, Classifier, OpenedWords
from packs.dispatching import assign, with_all_above
from packs.pack import RulePack


def rule_classification(
    words: OpenedWords, pack: RulePack, classifier: Classifier
) -> tuple[ClassificationRuling, Classification]:
    """The ruling, and what was found on the way to it."""
    found = classifier.classify(words, pack)
    ruling = ClassificationRuling(
        **found.model_dump(exclude={"place", "tier_reasons"}),
        **found.place.model_dump(exclude={"reasons", "unsure"}),
        rules=pack.case_rules(words.demand, found.tier, found.category),
    )
    return ruling, found


def rule_dispatch(question: DispatchQuestion, pack: RulePack, on: date) -> DispatchRuling:
    """Whose duty it is, or the lead that a person named, as the units stand on this day."""
    assigned = assign(question, pack, on)
    named = (assigned.lead, *assigned.co_handlers)
    return DispatchRuling(
        lead=pack.units.unit(assigned.lead, on),
        co_handlers=tuple(pack.units.unit(code, on) for code in assigned.co_handlers),
        units=with_all_above(named, pack, on).units,
        reasons=assigned.reasons,
    )


class Expected(Frozen):
    """`dispatch` is None where no category is found, or where `refused` says why none is ruled."""

    ruling: ClassificationRuling
    found: Classification
    dispatch: DispatchRuling | None = None
    refused: str | None = None


def foresee(words: OpenedWords, pack: RulePack, classifier: Classifier, on: date) -> Expected:
    """Both rulings, as one would follow from the other."""
    ruling, found = rule_classification(words, pack, classifier)
    if ruling.category is None:
        return Expected(ruling=ruling, found=found)
    try:
        dispatch = rule_dispatch(_following(ruling, words, pack), pack, on)
    except HotlineError as refused:
        return Expected(ruling=ruling, found=found, refused=str(refused))
    return Expected(ruling=ruling, found=found, dispatch=dispatch)


def _following(
    ruling: ClassificationRuling, words: OpenedWords, pack: RulePack
) -> DispatchQuestion:
    """The question that a complaint puts after this ruling: what the channel gave still counts."""
    given = {"district": words.district, "subdistrict": words.subdistrict}
    found = ruling.model_dump(exclude={"rules"}, exclude_none=True)
    return DispatchQuestion.model_validate({**given, **found, "pack": pack.id})
