"""The one place where a complaint waits: acts and due instants, one at a time, in lawful order.

One consumer takes what acts have come in and what instants have come due, whichever is earlier in
law: an act that the API received by the due instant is applied before it. One timer runs; it is
re-armed when (next due, label) changes.
"""

import asyncio
from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import Priority

from domain import lifecycle
from domain.batch import Delivery
from domain.complaint import Complaint
from domain.errors import Refused
from domain.escalation import Due, fire, next_due
from domain.event import EventKind
from domain.measuring import accept_measures, stale_clocks
from domain.notice import Notice
from domain.outcome import ActOutcome, Refusal
from domain.standing import keep_watch
from domain.state import ComplaintState
from domain.view import details, view
from domain.vocabulary import Stage, Tier, Via
from workflows import rulings, visibility
from workflows.effects import Effects
from workflows.messages import Message

LAST_DELIVERY = timedelta(minutes=1)
"""What a frozen file still grants its last notices; a dead destination keeps no file open."""

PRIORITY = {Tier.EMERGENCY: 1, Tier.UTILITY: 2, Tier.GENERAL: 3, Tier.COMPLEX: 3}


class Watch:
    """Keeps one complaint: applies, fires, measures, and shows, until a stage is left."""

    def __init__(self, case: Complaint, inbox: list[Message]) -> None:
        self.case = case
        self._inbox = inbox
        self._effects = Effects(case.number, self._record_undeliverable)
        self._shown: dict[str, Any] = {}
        self._timer: asyncio.Task[None] | None = None
        self._timer_of: tuple[datetime, str] | None = None
        self.state: ComplaintState = view(case)

    async def while_in(self, *stages: Stage) -> None:
        await self.until(lambda: self.case.stage not in stages or self.case.frozen)

    async def until(self, done: Callable[[], bool]) -> None:
        """Serve acts and due instants until `done`; nothing else in a complaint ever waits."""
        while not done():
            due = next_due(self.case)
            if self._act_comes_first(due):
                await self._take(self._inbox.pop(0))
            elif due is not None and due.at <= workflow.now():
                fire(self.case, due, workflow.now())
                await self.settle()
            else:
                await self._next(due, done)
        self._effects.raise_failure()

    async def settle(self) -> None:
        """After each step: measure what changed, then tell the ledger, the units and the UI."""
        await self._measure()
        keep_watch(self.case, workflow.now())
        await self._measure()
        self._effects.adopt(self.case.rules, self.priority)
        self._publish()

    async def _measure(self) -> None:
        while question := stale_clocks(self.case):
            ruling = await rulings.clocks(question)
            accept_measures(self.case, ruling, workflow.now())

    async def hand_over(self) -> None:
        """The file is frozen: answer who asks, give up dead destinations, drain the ledger."""
        self._stop_timer()
        effects = self._effects
        await self.until(lambda: effects.released)
        if not effects.delivered:
            with suppress(TimeoutError):
                await workflow.wait_condition(
                    lambda: effects.delivered, timeout=LAST_DELIVERY, timeout_summary="last notices"
                )
        undelivered = effects.give_up()
        if undelivered:
            self._record_undeliverable(undelivered)
        # A message that comes now is still answered: a run that ends over it leaves its sender
        # without a word.
        await self.until(
            lambda: effects.drained and not self._inbox and workflow.all_handlers_finished()
        )

    @property
    def priority(self) -> Priority:
        return Priority(
            priority_key=PRIORITY[self.case.tier],
            fairness_key=self.case.district or self.case.submission.channel,
        )

    def record(self, kind: EventKind, **body: Any) -> None:
        """Write what no act or clock did: a broken message, a cancel request."""
        self.case.record(kind, workflow.now(), **body)
        self._publish()

    def answer(self, message: Message, refusal: Refusal | None, *, repeated: bool = False) -> None:
        message.outcome = ActOutcome(
            act_id=message.act.id, refusal=refusal, repeated=repeated, state=self.state
        )

    def _act_comes_first(self, due: Due | None) -> bool:
        if not self._inbox:
            return False
        passed = due is not None and due.at <= workflow.now()
        return not passed or due is None or self._inbox[0].act.received_at <= due.at

    async def _take(self, message: Message) -> None:
        act = message.act
        if act.id in self.case.outcomes:
            await self._repeat(message)
            return
        try:
            rules = await rulings.look_up(self.case, act)
            lifecycle.apply(self.case, act, message.name, rules, workflow.now())
            refusal = None
        except Refused as refused:
            refusal = lifecycle.refuse(self.case, act, message.name, refused, workflow.now())
        self.case.outcomes[act.id] = refusal
        await self.settle()
        self.answer(message, refusal)

    async def _repeat(self, message: Message) -> None:
        """The first outcome again; a direct signal, which hears none, is put on record instead."""
        act = message.act
        if act.via is Via.SIGNAL:
            spent = Refused("already-done", "id", "this id has been used")
            lifecycle.refuse(self.case, act, message.name, spent, workflow.now())
            await self.settle()
        self.answer(message, self.case.outcomes[act.id], repeated=True)

    async def _next(self, due: Due | None, done: Callable[[], bool]) -> None:
        self._arm(due)
        await workflow.wait_condition(
            lambda: bool(self._inbox) or done() or self._rang() or self._effects.failed
        )
        self._effects.raise_failure()

    def _arm(self, due: Due | None) -> None:
        wanted = (due.at, due.label) if due else None
        if wanted == self._timer_of and self._timer is not None:
            return
        self._stop_timer()
        if due is None:
            return
        self._timer_of = wanted
        self._timer = asyncio.create_task(
            workflow.sleep(due.at - workflow.now(), summary=f"{due.label} {due.at:%Y-%m-%d %H:%M}Z")
        )

    def _rang(self) -> bool:
        return self._timer is not None and self._timer.done()

    def _stop_timer(self) -> None:
        if self._timer is not None and not self._timer.done():
            self._timer.cancel()
        self._timer, self._timer_of = None, None

    def _publish(self) -> None:
        case = self.case
        if not case.events and not case.notices:
            return
        self.state = view(case)
        if case.events:
            case.events[-1] = case.events[-1].model_copy(update={"state": self.state})
        self._effects.add(case.events, case.notices)
        case.events, case.notices = [], []
        visibility.show(self.state, self._shown)
        workflow.set_current_details(details(case, self.state))

    def _record_undeliverable(self, notices: Collection[Notice]) -> None:
        now = workflow.now()
        for notice in notices:
            self.case.record(
                EventKind.NOTICE_UNDELIVERABLE,
                now,
                notice=notice.id,
                destination=notice.destination,
                notice_kind=notice.kind,
            )
        self._effects.note([Delivery(notice=n.id, undeliverable_at=now) for n in notices])
        self._publish()
