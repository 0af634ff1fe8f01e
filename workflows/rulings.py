"""Asks the rule pack, through activities, so that each answer stands in the history.

A question goes out as a local activity first: one attempt, one second. If that fails, a regular
one asks for as long as it takes, without growing the history.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

from temporalio import workflow
from temporalio.common import Priority, RetryPolicy
from temporalio.exceptions import FailureError

from activities.rulings import Rulings
from domain.acts import Act, Amend, Classify, CoHandle, Dispatch, Object, Rule
from domain.complaint import Complaint
from domain.errors import Refused
from domain.rules import CaseRules
from domain.rulings import (
    ClassificationQuestion,
    ClassificationRuling,
    ClocksQuestion,
    ClocksRuling,
    DispatchQuestion,
    DispatchRuling,
    RulesQuestion,
    RulesRuling,
    UnitsQuestion,
)
from domain.submission import Submission

Q = TypeVar("Q")
A = TypeVar("A")

ONCE = RetryPolicy(maximum_attempts=1)
FOR_EVER = RetryPolicy(
    initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=60)
)
SECOND = timedelta(seconds=1)
ATTEMPT = timedelta(seconds=30)
PAUSE = timedelta(minutes=1)


async def opening_rules(submission: Submission) -> RulesRuling:
    """The rules that bind a complaint before anybody has read it."""
    question = RulesQuestion(
        pack=submission.pack, demand=submission.demand, category=submission.category
    )
    return await _ask(Rulings.rules, question, "rules of the pack")


async def classification(submission: Submission, priority: Priority) -> ClassificationRuling:
    """What the words are about. It opens sealed words, so it waits for the key store."""
    return await workflow.execute_activity_method(
        Rulings.classify,
        ClassificationQuestion(submission=submission),
        start_to_close_timeout=ATTEMPT,
        retry_policy=FOR_EVER,
        priority=priority,
        summary="what is it about?",
    )


async def dispatch(case: Complaint) -> DispatchRuling:
    """Whose duty it is; raises `FailureError` where no ruling can be made."""
    question = DispatchQuestion(
        pack=case.rules.pack,
        category=case.category,
        district=case.district,
        subdistrict=case.subdistrict,
        community=case.community,
        area=case.area,
    )
    return await _once(Rulings.dispatch, question, "whose duty is it?")


async def clocks(question: ClocksQuestion) -> ClocksRuling:
    names = ", ".join(clock.id for clock in question.clocks)
    return await _ask(Rulings.clocks, question, f"deadlines: {names}"[:190])


async def look_up(case: Complaint, act: Act) -> CaseRules | None:
    """Learn what an act names before it is applied; raises `Refused` for an unknown category."""
    # An amendment tells what has become of a unit: what is known of it no longer counts.
    known = {} if isinstance(act, Amend) else case.units
    codes = tuple(code for code in _units_named(case, act) if code not in known)
    if codes:
        question = UnitsQuestion(pack=case.rules.pack, codes=codes)
        answer = await _ask(Rulings.units, question, "units named by an act")
        case.units |= {unit.code: unit for unit in answer.units}
    if not isinstance(act, Classify) or act.effect == "record":
        return None
    ruling = await _ask(
        Rulings.rules,
        RulesQuestion(
            pack=case.rules.pack,
            demand=case.submission.demand,
            tier=act.tier,
            at_least=case.called_for,  # less urgent than the words is only what a person names
            category=act.category,
        ),
        "rules of the category",
    )
    if not ruling.category_known:
        raise Refused("unlawful", "category", "the catalogue has no such category")
    return ruling.rules


def _units_named(case: Complaint, act: Act) -> tuple[str, ...]:
    match act:
        case Dispatch():
            return (act.lead, *act.co_handlers)
        case Rule(unit=str(code)) | CoHandle(unit=code) | Amend(unit=str(code)):
            return (code,)
        case Object():
            return (act.proposed_unit,)
        case Rule() if case.district is not None:
            # Where an arbitration names nobody, the order falls to the district.
            return (case.district,)
        case _:
            return ()


async def _ask(activity: Callable[[Rulings, Q], Awaitable[A]], question: Q, summary: str) -> A:
    """An answer, however long it takes: a pack that cannot answer is mended by a deployment."""
    while True:
        try:
            return await _once(activity, question, summary)
        except FailureError:
            workflow.logger.error("no ruling: %s", summary)
            await asyncio.sleep(PAUSE.total_seconds())


async def _once(activity: Callable[[Rulings, Q], Awaitable[A]], question: Q, summary: str) -> A:
    try:
        return await workflow.execute_local_activity_method(
            activity,
            question,
            start_to_close_timeout=SECOND,
            retry_policy=ONCE,
            summary=summary,
        )
    except FailureError:
        return await workflow.execute_activity_method(
            activity,
            question,
            start_to_close_timeout=ATTEMPT,
            retry_policy=FOR_EVER,
            summary=summary,
        )
