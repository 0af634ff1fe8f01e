"""A complaint without an engine: acts are applied, clocks measured, due instants fired, in memory.

Whatever a test does, the desk checks what must hold after each step: a refusal changes nothing, an
open complaint has a next instant that names a party, a rung fires once, the sequence has no gap.
"""

from collections import Counter
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from domain import lifecycle
from domain.act_table import ACTS
from domain.acts import Act, Actor, Classify
from domain.classification import classify_by_machine, register
from domain.complaint import Complaint
from domain.dispatching import dispatch_by_machine
from domain.errors import Refused
from domain.escalation import fire, next_due
from domain.event import Event, EventKind
from domain.measuring import accept_measures, stale_clocks
from domain.notice import Notice
from domain.rules import CaseRules
from domain.rulings import ClassificationRuling, ClocksRuling, DispatchRuling
from domain.standing import keep_watch
from domain.submission import Matter, Person, Submission
from domain.unit import Unit
from domain.view import view
from domain.vocabulary import Demand, Role, Stage, Tier, UnitKind
from packs.clocks import rule_clock
from packs.loader import load_pack
from tests.domain.file import File

BEIJING = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 3, 2, 1, tzinfo=UTC)
"""Monday 2 March 2026, 09:00 in Beijing: two weeks without a holiday follow."""
WASTE = "urban.municipal.waste"
STREET, OTHER_STREET, DISTRICT = "110105001", "110105002", "110105"
HOTLINE, SUPERVISION = "hotline", "supervision"
COMMUNITY, CLOSED = "community-1", "closed-1"
NUMBER = "2026030200017"


def local(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """An instant of 2026 as the clocks in Beijing show it."""
    return datetime(2026, month, day, hour, minute, tzinfo=BEIJING).astimezone(UTC)


@cache
def units_of(pack_id: str) -> dict[str, Unit]:
    """All units of a pack, and two of ours: a community, and a unit that has ended."""
    pack = load_pack(pack_id)
    units = {code: pack.units.unit(code, date(2026, 3, 2)) for code in pack.units.entries}
    some = units.get(STREET, next(iter(units.values())))
    units[COMMUNITY] = some.model_copy(
        update={"code": COMMUNITY, "kind": UnitKind.COMMUNITY, "parent": some.code}
    )
    units[CLOSED] = some.model_copy(
        update={"code": CLOSED, "valid": False, "successor": OTHER_STREET}
    )
    return units


class Desk(File):
    """One complaint, registered at `at` and dispatched unless a test says otherwise."""

    def __init__(
        self,
        pack: str = "cn-beijing",
        *,
        tier: Tier = Tier.GENERAL,
        lead: str = STREET,
        co_handlers: tuple[str, ...] = (),
        until: Stage = Stage.DISPATCHED,
        at: datetime = MONDAY,
        reachable: bool = True,
        **rules: Any,
    ) -> None:
        self.pack, self.now = load_pack(pack), at
        self.events: list[Event] = []
        self.notices: list[Notice] = []
        self._ids = count(1)
        self._changed_rules = rules
        bound = self.rules_for(tier, WASTE)
        submission = Submission(
            number=NUMBER,
            pack=pack,
            channel="phone",
            demand=Demand.COMPLAINT,
            received_at=at,
            actor=Actor(role=Role.CHANNEL, key="phone"),
            matter=Matter(text="sealed:v1:text"),
            person=Person(kind="person", reachable=reachable),
            district=DISTRICT if DISTRICT in units_of(pack) else None,
        )
        self.case = Complaint(submission=submission, rules=bound, units=dict(units_of(pack)))
        register(self.case, at)
        self.settle()
        if until is not Stage.REGISTERED:
            self._classify(bound, sure=until is not Stage.TRIAGE)
        if until is Stage.DISPATCHED:
            self._dispatch(lead, co_handlers)

    def rules_for(self, tier: Tier | None, category: str) -> CaseRules:
        """The pack's rules, with what the test changes of them: `extension={"max_count": 2}`."""
        rules = self.pack.case_rules(Demand.COMPLAINT, tier, category)
        changes = {
            name: getattr(rules, name).model_copy(update=fields)
            for name, fields in self._changed_rules.items()
        }
        return rules.model_copy(update=changes)

    def _classify(self, rules: CaseRules, *, sure: bool) -> None:
        ruling = ClassificationRuling(
            category=WASTE,
            tier=rules.tier,
            confidence=0.9 if sure else 0.2,
            sure=sure,
            classifier="test",
            rules=rules,
        )
        classify_by_machine(self.case, ruling, self.now)
        self.settle()

    def _dispatch(self, lead: str, co_handlers: tuple[str, ...]) -> None:
        ruling = DispatchRuling(
            lead=self.case.units[lead],
            co_handlers=tuple(self.case.units[code] for code in co_handlers),
        )
        dispatch_by_machine(self.case, ruling, self.now)
        self.settle()

    # Acts.

    def act(self, name: str, /, **fields: Any) -> str | None:
        """Apply an act received now, or at `received_at`; its refusal's code, None if taken."""
        act = self.build(name, **fields)
        before = self._copy()
        try:
            lifecycle.apply(self.case, act, name, self._rules_named(act), self.now)
        except Refused as refused:
            assert self.case == before, f"the refused {name} has changed the complaint"
            lifecycle.refuse(self.case, act, name, refused, self.now)
            self.settle()
            return refused.code
        self.settle()
        return None

    def _copy(self) -> Complaint:
        """The complaint as it is now; what is frozen in it is shared."""
        case = self.case
        frozen: list[object] = [case.rules, case.submission, *case.units.values()]
        for clock in case.clocks.values():
            frozen += [clock.window, clock.ladder, clock.placed]
        return deepcopy(case, {id(value): value for value in frozen})

    def take(self, name: str, /, **fields: Any) -> None:
        refusal = self.act(name, **fields)
        assert refusal is None, f"{name} was refused: {refusal}, {self.events[-1].body}"

    def build(self, name: str, /, **fields: Any) -> Act:
        """An act by whoever may do it: for an order the lead's, unless another is named."""
        spec = ACTS[name]
        role = Role(fields.pop("role", Role.UNIT if spec.on_order else sorted(spec.roles)[0]))
        if spec.on_order:
            order = fields.setdefault("order", fields.get("order") or self.lead.id)
            owner = next((o.unit for o in self.case.orders if o.id == order), None)
            fields.setdefault("unit_acting", owner if role is Role.UNIT else None)
        actor = Actor(
            role=role,
            key=f"{role}-key",
            unit=fields.pop("unit_acting", None),
            person=fields.pop("person", None),
        )
        stamped = {"id": f"act-{next(self._ids)}", "received_at": self.now, "actor": actor}
        return spec.model.model_validate(stamped | fields)

    def _rules_named(self, act: Act) -> CaseRules | None:
        if not isinstance(act, Classify) or act.effect == "record":
            return None
        return self.rules_for(act.tier, act.category)

    # Time.

    def wait(self, **duration: float) -> None:
        self.wait_until(self.now + timedelta(**duration))

    def wait_until(self, instant: datetime) -> None:
        """Let the time pass, firing what comes due at its instant."""
        while (due := next_due(self.case)) is not None and due.at <= instant:
            self.now = max(self.now, due.at)
            fire(self.case, due, self.now)
            self.settle()
        self.now = max(self.now, instant)

    def sleep_until(self, instant: datetime) -> None:
        """The engine is down until then: what came due meanwhile fires afterwards, at once."""
        self.now = instant
        self.wait_until(instant)

    def settle(self) -> None:
        """What the workflow does after each step: measure what changed, hand over the events."""
        self._measure()
        keep_watch(self.case, self.now)
        self._measure()
        self.events += self.case.events
        self.notices += self.case.notices
        self.case.events, self.case.notices = [], []
        self._check()

    def _measure(self) -> None:
        while question := stale_clocks(self.case):
            measured = tuple(rule_clock(c, question.duty_calendar) for c in question.clocks)
            accept_measures(self.case, ClocksRuling(clocks=measured), self.now)

    def _check(self) -> None:
        state = view(self.case)
        assert [event.sequence for event in self.events] == list(range(1, state.sequence + 1))
        assert [clock.error for clock in self.case.clocks.values() if clock.error] == []
        if not self.case.frozen and self.case.stage not in (Stage.REGISTERED, Stage.CLASSIFIED):
            assert state.next_due_at is not None, f"nothing is next in {state.stage}"
            assert state.waiting_on, f"nobody is next in {state.stage}"
        assert [key for key, times in self._firings().items() if times > 1] == []

    def _firings(self) -> Counter[tuple[str, str]]:
        """How often each rung of each clock has fired and not been overtaken since."""
        firings: Counter[tuple[str, str]] = Counter()
        for event in self.events:
            if event.kind is EventKind.RUNG_FIRED:
                firings[event.body["clock"], event.body["rung"]] += 1
            elif event.kind is EventKind.RUNGS_OVERTAKEN:
                firings.subtract((event.body["clock"], rung) for rung in event.body["rungs"])
        return firings
