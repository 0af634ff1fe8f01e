"""One complaint, one durable run: the order of things, and nothing else.

What is lawful stands in `domain`, how long it lasts in the rule packs, where the complaint waits in
`workflows.watch`. Patches, by date and reason:

2026-11-25  `release-behind-a-silent-ledger` (`workflows.effects`): notices that came while an
            append was under way waited for the ledger's return; a file could end before it.
"""

import asyncio
from collections.abc import Sequence

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError, FailureError

from domain.classification import classify_by_machine, register, send_to_triage
from domain.complaint import Complaint
from domain.dispatching import dispatch_by_machine
from domain.disposition import dispose
from domain.event import EventKind
from domain.outcome import ActOutcome
from domain.state import ComplaintState
from domain.submission import Submission
from domain.vocabulary import Stage
from workflows import rulings
from workflows.messages import Malformed, Message, read_signal, read_update
from workflows.watch import Watch

RECEIPT = "receipt"
"""The update that intake waits for: it answers once the complaint is registered."""


@workflow.defn(name="ComplaintWorkflow")
class ComplaintWorkflow:
    """Carries a complaint from the first word to the citizen's own verdict.

    Every act of the act table is an update and a signal of the act's name; the query `state` reads
    the complaint. No message, however broken, fails it; a cancel request is recorded and ignored.
    """

    @workflow.init
    def __init__(self, submission: Submission) -> None:
        self.submission = submission
        self.inbox: list[Message] = []
        self.unwritten: list[tuple[EventKind, dict[str, str]]] = []
        self.watch: Watch | None = None

    @workflow.run
    async def run(self, submission: Submission) -> str:
        await self.register()
        while not self.case.frozen:
            await self.classify()
            await self.dispatch()
            await self.await_response()
            await self.await_evaluation()
            await self.await_aftercare()
        await self.hand_over()
        return str(self.case.outcome)

    async def register(self) -> None:
        opening = await rulings.opening_rules(self.submission)
        units = {unit.code: unit for unit in opening.desks}
        case = Complaint(submission=self.submission, rules=opening.rules, units=units)
        register(case, workflow.now())
        self.watch = Watch(case, self.inbox)
        for kind, body in self.unwritten:
            self.watch.record(kind, **body)
        await self.watch.settle()

    async def classify(self) -> None:
        """The machine guesses, a person decides what is unsure; both watched by the ladder."""
        if self.case.stage is Stage.REGISTERED:
            chosen = self.submission.disposition
            if chosen is not None:
                self.case.category = self.submission.category
                actor, at = self.submission.actor, self.submission.received_at
                now = workflow.now()
                dispose(self.case, chosen.kind, chosen.answer, chosen.basis, actor, at, now)
            else:
                await self.ask_the_classifier()
            await self.watching.settle()
        await self.watching.while_in(Stage.REGISTERED, Stage.TRIAGE)

    async def ask_the_classifier(self) -> None:
        priority = self.watching.priority
        asked = asyncio.create_task(rulings.classification(self.submission, priority))
        undecided = (Stage.REGISTERED, Stage.TRIAGE)
        await self.watching.until(lambda: asked.done() or self.case.stage not in undecided)
        if not asked.done():
            asked.cancel()
            return
        try:
            classify_by_machine(self.case, asked.result(), workflow.now())
        except FailureError:
            if self.case.stage is Stage.REGISTERED:
                send_to_triage(self.case, "no_classification", workflow.now())

    async def dispatch(self) -> None:
        if self.case.stage is not Stage.CLASSIFIED:
            return
        asked = asyncio.create_task(rulings.dispatch(self.case))
        await self.watching.until(lambda: asked.done() or self.case.stage is not Stage.CLASSIFIED)
        if not asked.done():
            asked.cancel()
        elif self.case.stage is Stage.CLASSIFIED:
            try:
                dispatch_by_machine(self.case, asked.result(), workflow.now())
            except FailureError:
                send_to_triage(self.case, "no_dispatch_ruling", workflow.now())
        await self.watching.settle()

    async def await_response(self) -> None:
        """The legally required window, with every rung of escalation on the way."""
        await self.watching.while_in(
            Stage.DISPATCHED, Stage.HANDLING, Stage.OBJECTED, Stage.DEFERRED
        )

    async def await_evaluation(self) -> None:
        await self.watching.while_in(Stage.EVALUATING)

    async def await_aftercare(self) -> None:
        await self.watching.while_in(Stage.CLOSED)

    async def hand_over(self) -> None:
        await self.watching.hand_over()

    @workflow.query
    def state(self) -> ComplaintState | None:
        return self.watch.state if self.watch else None

    @workflow.update(dynamic=True)
    async def act(self, name: str, args: Sequence[RawValue]) -> ActOutcome:
        if name == RECEIPT:
            await workflow.wait_condition(lambda: self.watch is not None)
            return ActOutcome(act_id=RECEIPT, state=self.watching.state)
        message = read_update(name, args)
        # A repeat under another update id waits for the first and hears the same.
        self.inbox.append(message)
        await workflow.wait_condition(lambda: message.outcome is not None)
        assert message.outcome is not None
        return message.outcome

    @act.validator
    def refuse_malformed(self, name: str, args: Sequence[RawValue]) -> None:
        """Only what is no act at all; whatever can be read is answered by the law, on record."""
        if name == RECEIPT:
            return
        try:
            read_update(name, args)
        except Malformed as malformed:
            raise ApplicationError(
                malformed.reason, type="malformed", non_retryable=True
            ) from malformed

    @workflow.signal(dynamic=True)
    def signalled(self, name: str, args: Sequence[RawValue]) -> None:
        try:
            self.inbox.append(read_signal(name, args, workflow.now()))
        except Malformed as malformed:
            self.record_broken_message(name, malformed.reason)

    def record_broken_message(self, name: str, reason: str) -> None:
        """Also called by the guard, for what broke before or inside a handler."""
        self._write(EventKind.MESSAGE_BROKEN, {"name": name[:100], "reason": reason})

    def record_cancel_request(self) -> None:
        """Only the law ends a complaint."""
        self._write(EventKind.CANCEL_REQUESTED, {})

    def _write(self, kind: EventKind, body: dict[str, str]) -> None:
        if self.watch is None:
            self.unwritten.append((kind, body))
        else:
            self.watch.record(kind, **body)

    @property
    def watching(self) -> Watch:
        assert self.watch is not None, "registered before anything else"
        return self.watch

    @property
    def case(self) -> Complaint:
        return self.watching.case
