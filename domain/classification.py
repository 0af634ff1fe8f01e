"""From words to a category and a tier, by the machine or by a person (Art. 11)."""

from datetime import datetime
from typing import Any

from domain.acts import Classify
from domain.complaint import Complaint
from domain.errors import Refused
from domain.event import EventKind
from domain.rules import CaseRules, LegalWindow
from domain.rulings import ClassificationRuling
from domain.running import RunningClock
from domain.vocabulary import ClockKind, Stage, Tier, WindowName

_SLOWER = {tier: rank for rank, tier in enumerate(Tier)}


def register(case: Complaint, now: datetime) -> None:
    received_at = case.submission.received_at
    case.district, case.subdistrict = case.submission.district, case.submission.subdistrict
    case.record(
        EventKind.REGISTERED,
        now,
        actor=case.submission.actor,
        received_at=received_at,
        channel=case.submission.channel,
        demand=case.submission.demand,
        pack=case.rules.pack,
        version=case.rules.version,
    )
    case.tell_citizen("registered", now)
    case.start_clock(ClockKind.DISPATCH, WindowName.DISPATCH, case.rules.desks.hotline, received_at)


def classify_by_machine(case: Complaint, ruling: ClassificationRuling, now: datetime) -> None:
    """Take the machine's guess; what is unsure goes to a person, what a person has done stands."""
    facts: dict[str, Any] = {
        "category": ruling.category,
        "tier": ruling.tier,
        "confidence": round(ruling.confidence, 4),
        "classifier": ruling.classifier,
        "reasons": list(ruling.reasons),
        "candidates": [c.model_dump(mode="json") for c in ruling.candidates],
    }
    if case.stage is not Stage.REGISTERED:
        case.record(EventKind.CLASSIFICATION_RECORDED, now, **facts)
        return
    case.category, case.confidence, case.candidates = (
        ruling.category,
        ruling.confidence,
        ruling.candidates,
    )
    case.district = ruling.district or case.district
    case.subdistrict = ruling.subdistrict or case.subdistrict
    case.community, case.area = ruling.community, ruling.area
    case.called_for = ruling.called_for
    _adopt(case, ruling.rules)
    if ruling.sure:
        case.stage = Stage.CLASSIFIED
        case.record(EventKind.CLASSIFIED, now, **facts)
    else:
        send_to_triage(case, "unsure", now, **facts)


def send_to_triage(case: Complaint, cause: str, now: datetime, **facts: Any) -> None:
    """A person must decide, within the dispatch window that already runs."""
    case.stage = Stage.TRIAGE
    case.record(EventKind.SENT_TO_TRIAGE, now, cause=cause, **facts)
    clock = case.clock_of(ClockKind.DISPATCH)
    case.tell(case.rules.desks.hotline, "triage", now, due_at=clock.due_at if clock else None)


def classify_by_person(
    case: Complaint, act: Classify, rules: CaseRules | None, now: datetime
) -> None:
    facts: dict[str, Any] = {"category": act.category, "tier": act.tier, "was": case.category}
    if act.effect == "record":
        case.record(
            EventKind.CLASSIFICATION_RECORDED,
            now,
            actor=act.actor,
            received_at=act.received_at,
            **facts,
        )
        return
    assert rules is not None, "a category that takes effect was looked up before"
    if case.stage not in (Stage.REGISTERED, Stage.TRIAGE, Stage.CLASSIFIED):
        _change_tier(case, act, rules)
    else:
        _adopt(case, rules)
        case.stage = Stage.CLASSIFIED
    case.category = act.category
    case.record(EventKind.CLASSIFIED, now, actor=act.actor, received_at=act.received_at, **facts)


def _adopt(case: Complaint, rules: CaseRules) -> None:
    """Before dispatch: the rules of another tier, counted from the same receipt."""
    case.rules = rules
    clock = case.clock_of(ClockKind.DISPATCH)
    if clock is not None:
        clock.window, clock.stale = rules.windows[WindowName.DISPATCH], True
        clock.ladder = rules.ladders[ClockKind.DISPATCH].rungs


def _change_tier(case: Complaint, act: Classify, rules: CaseRules) -> None:
    """During handling: faster takes the earlier due; slower needs a second person's word."""
    faster = _SLOWER[rules.tier] < _SLOWER[case.tier]
    if _SLOWER[rules.tier] > _SLOWER[case.tier] and act.approved_by in (None, act.actor.person):
        raise Refused("unlawful", "approved_by", "a slower tier needs another person's approval")
    same, case.rules = rules.tier is case.tier, rules
    if same:
        return
    name = WindowName.HANDLING if case.round == 1 else WindowName.REDO
    lead = case.lead()
    for clock in (case.citizen_clock(), case.order_clock(lead) if lead else None):
        if clock is None or not clock.running:
            continue
        clock.ladder, clock.stale = rules.ladders[clock.kind].rungs, True
        if clock.follows is not None:
            continue
        if not faster:
            _lengthen(clock, rules.windows[name])
        elif clock.expired_at is None:
            _shorten(clock, rules.windows[name], act.received_at)


def _shorten(clock: RunningClock, window: LegalWindow, at: datetime) -> None:
    """The new window from the ruling on, but never later than what was due already."""
    clock.at_most = clock.due_when_held if clock.held else clock.due_at
    clock.original_start = clock.original_start or clock.start
    clock.start, clock.window, clock.extensions = at, window, []


def _lengthen(clock: RunningClock, window: LegalWindow) -> None:
    """The longer window from the original start, and never less than an extension had given."""
    if any(extension.unit is not window.window.unit for extension in clock.extensions):
        clock.at_least, clock.extensions = clock.due_at or clock.due_when_held, []
    clock.start, clock.window, clock.at_most = clock.original_start or clock.start, window, None
