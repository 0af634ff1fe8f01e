"""Rulings: the activities that read a rule pack and answer; the workflow records what they say.

Every answer is quick and free of effects, so a ruling may be asked again at any time. A question
that no pack can answer is refused for good (`ApplicationError`, not retryable); the complaint then
goes to a person.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

from temporalio import activity
from temporalio.exceptions import ApplicationError

from domain.errors import HotlineError
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
    UnitsRuling,
)
from domain.submission import Submission
from packs.classifier import Classifier, OpenedWords
from packs.clocks import rule_clock
from packs.dispatching import with_all_above
from packs.learned.classifier import LearnedClassifier
from packs.loader import load_pack
from packs.pack import RulePack
from packs.ruling import rule_classification, rule_dispatch
from packs.tiers import more_urgent

OpenWords = Callable[[Submission], Awaitable[OpenedWords]]


def _now() -> datetime:
    return datetime.now(UTC)


class Rulings:
    """Answers the workflow's questions from rule packs and calendars.

    `open_words` opens the sealed words of one complaint for the time of one classification; `now`
    only decides which units still live.
    """

    def __init__(
        self,
        open_words: OpenWords,
        classifier: Classifier | None = None,
        now: Callable[[], datetime] = _now,
    ) -> None:
        self._open_words = open_words
        self._classifier = classifier or LearnedClassifier()
        self._now = now

    @activity.defn(name="ruling.rules")
    async def rules(self, question: RulesQuestion) -> RulesRuling:
        """Which windows, ladders and rules bind a complaint of this tier, demand and category."""
        with _refused_for_good():
            pack = load_pack(question.pack)
            usual = more_urgent(pack.tier_of(question.category), question.at_least)
            tier = question.tier or usual
            return RulesRuling(
                rules=pack.case_rules(question.demand, tier, question.category),
                desks=tuple(
                    pack.units.unit(code, self._today(pack))
                    for code in dict.fromkeys(pack.file.desks.model_dump().values())
                ),
                category_known=question.category is None
                or pack.catalogue.entry(question.category) is not None,
            )

    @activity.defn(name="ruling.classify")
    async def classify(self, question: ClassificationQuestion) -> ClassificationRuling:
        """What the words are about, how urgent it is, and where; unsure goes to a person."""
        submission = question.submission
        words = await self._open_words(submission)
        with _refused_for_good():
            pack = load_pack(submission.pack)
            ruling, _ = await asyncio.to_thread(rule_classification, words, pack, self._classifier)
            return ruling

    @activity.defn(name="ruling.dispatch")
    async def dispatch(self, question: DispatchQuestion) -> DispatchRuling:
        """Whose duty it is, by catalogue and place, or the lead that a person named."""
        with _refused_for_good():
            pack = load_pack(question.pack)
            return rule_dispatch(question, pack, self._today(pack))

    @activity.defn(name="ruling.units")
    async def units(self, question: UnitsQuestion) -> UnitsRuling:
        """The units of these codes and all above them; a code that nobody knows is told apart."""
        with _refused_for_good():
            pack = load_pack(question.pack)
            return with_all_above(question.codes, pack, self._today(pack))

    @activity.defn(name="ruling.clocks")
    async def clocks(self, question: ClocksQuestion) -> ClocksRuling:
        """When each clock is due and where its rungs stand; a bad clock spoils no other."""
        return ClocksRuling(
            clocks=tuple(rule_clock(clock, question.duty_calendar) for clock in question.clocks)
        )

    def _today(self, pack: RulePack) -> date:
        return pack.day_of(self._now())


@contextmanager
def _refused_for_good() -> Iterator[None]:
    """No later attempt can answer otherwise: the pack stands in the worker's own code."""
    try:
        yield
    except HotlineError as refused:
        raise ApplicationError(
            str(refused), type=type(refused).__name__, non_retryable=True
        ) from refused
