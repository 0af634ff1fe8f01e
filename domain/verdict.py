"""What the citizen's answer means: for the next round, and for the outcome in the file."""

from domain.acts import Evaluate
from domain.complaint import Complaint
from domain.rules import CaseRules
from domain.vocabulary import DispositionKind, OrderKind, Outcome, Resolved, Result, Satisfied

PLEASED = frozenset({Satisfied.VERY, Satisfied.YES, Satisfied.BASIC})
DISPLEASED = frozenset({Satisfied.NO, Satisfied.VERY_NO})


def disposed_outcome(kind: DispositionKind) -> Outcome:
    if kind is DispositionKind.ANSWERED_AT_ONCE:
        return Outcome.ANSWERED_AT_ONCE
    return Outcome.NOT_ACCEPTED


def verdict(act: Evaluate) -> Outcome:
    """What the citizen's word makes of the matter; whoever does not say yes has not said it."""
    match act.resolved:
        case Resolved.YES:
            return Outcome.RESOLVED
        case Resolved.PARTLY:
            return Outcome.PARTLY
        case _:
            return Outcome.UNRESOLVED


def final_outcome(case: Complaint, act: Evaluate) -> Outcome:
    """What the file says at closing when this is the citizen's last word.

    After supervision the citizen's yes or partly prevails. Without it, a matter that supervision
    found insoluble closes as `unsolvable`, and a disposition that it found right stays what it was.
    """
    if case.disposition is not None and _supervision_result(case) in (None, Result.NO_BASIS):
        return disposed_outcome(case.disposition)
    said = verdict(act)
    if said is Outcome.UNRESOLVED and _supervision_result(case) is Result.CANNOT_BE_SOLVED:
        return Outcome.UNSOLVABLE
    return said


def _supervision_result(case: Complaint) -> Result | None:
    supervisions = [order for order in case.orders if order.kind is OrderKind.SUPERVISION]
    return supervisions[-1].result if supervisions else None


def negative(rules: CaseRules, act: Evaluate) -> bool:
    """Whether this answer to a completion starts another round."""
    bad = {Resolved.NO, Resolved.PARTLY} if rules.evaluation.partly_is_negative else {Resolved.NO}
    return act.resolved in bad or act.satisfied in DISPLEASED


def undecided(act: Evaluate) -> bool:
    """Resolved is not known yet, and nothing else calls for another round."""
    return act.resolved is Resolved.UNKNOWN and act.satisfied not in DISPLEASED
