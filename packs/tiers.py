"""How urgent the words themselves are: a rule of the pack can raise a tier, never lower it.

A rule looks for words or patterns. What is said of another day, another town or of what might
happen does not count: a rule names the contexts that shield it. Lowering a tier needs a person.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Self

from pydantic import Field, field_validator, model_validator

from domain.model import Strict
from domain.rules import Sourced
from domain.vocabulary import Tier

URGENCY = {tier: urgency for urgency, tier in enumerate(reversed(Tier))}
LEAST_URGENT = min(Tier, key=URGENCY.__getitem__)
_SENTENCE = re.compile(r"[。！？；!?;\n]|\.\s")
_CLAUSE = re.compile(r"[，,：:]")
_LATIN = re.compile(r"[A-Za-z]{2}")
_ESCAPED = re.compile(r"\\.")


def _compiled(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as broken:
        raise ValueError(f"not a regular expression: {broken}") from None
    return pattern


class Context(Strict):
    """What shields: a pattern said `before` in the sentence, or anywhere in the same `clause`.

    What `lifts` it, said in the sentence so far, takes the shield away: a leak of today counts,
    whatever was last year.
    """

    before: str = Field(default="(?!)")
    clause: str = Field(default="(?!)")
    lifts: str = Field(default="(?!)")

    _can_be_matched = field_validator("before", "clause", "lifts")(_compiled)

    def shields(self, before: str, clause: str) -> bool:
        if re.search(self.lifts, before, re.IGNORECASE):
            return False
        return bool(
            re.search(self.before, before, re.IGNORECASE)
            or re.search(self.clause, clause, re.IGNORECASE)
        )


class RaiseRule(Sourced):
    """What calls for a more urgent tier, and why; phrases of `unless` are struck out first."""

    tier: Tier
    why: str = "words of danger or outage"
    words: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    shielded_by: tuple[str, ...] = ()
    note: str = ""

    @field_validator("patterns")
    @classmethod
    def _can_be_matched(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(map(_compiled, patterns))

    @model_validator(mode="after")
    def _looks_for_something(self) -> Self:
        if not self.words and not self.patterns:
            raise ValueError("needs words or patterns")
        return self

    def said_in(self, read: str, contexts: Mapping[str, Context]) -> bool:
        """Whether the words say it of here and now."""
        for phrase in self.unless:
            read = re.sub(re.escape(phrase), " ", read, flags=re.IGNORECASE)
        shields = [contexts[name] for name in self.shielded_by]
        return any(
            not any(context.shields(before, clause) for context in shields)
            for before, clause in self._places(read)
        )

    def _places(self, read: str) -> Iterator[tuple[str, str]]:
        """For each find, its sentence up to the end of its clause, and its clause."""
        has_latin = _LATIN.search(read) is not None
        for sentence in _SENTENCE.split(read):
            for found in self._finds(sentence, has_latin):
                stops = [stop.end() for stop in _CLAUSE.finditer(sentence, 0, found.start())]
                begins = stops[-1] if stops else 0
                after = _CLAUSE.search(sentence, found.end())
                ends = after.start() if after else len(sentence)
                yield sentence[:ends], sentence[begins:ends]

    def _finds(self, sentence: str, has_latin: bool) -> Iterator[re.Match[str]]:
        """What is sought in Latin letters costs nothing where a message has none."""
        other, latin = self._sought
        yield from other.finditer(sentence) if other else ()
        if latin and has_latin:
            yield from latin.finditer(sentence)

    @cached_property
    def _sought(self) -> tuple[re.Pattern[str] | None, re.Pattern[str] | None]:
        """What is sought in other scripts, and in Latin letters."""
        sought: tuple[list[str], list[str]] = ([], [])
        for pattern in [*map(re.escape, self.words), *self.patterns]:
            sought[bool(_LATIN.search(_ESCAPED.sub("", pattern)))].append(pattern)
        other, latin = (re.compile("|".join(each), re.IGNORECASE) for each in sought)
        return other if sought[0] else None, latin if sought[1] else None


def more_urgent(tier: Tier, other: Tier | None) -> Tier:
    return tier if other is None else max(tier, other, key=URGENCY.__getitem__)


def raised(
    tier: Tier, read: str, rules: tuple[RaiseRule, ...], contexts: Mapping[str, Context]
) -> tuple[Tier, tuple[str, ...]]:
    """The most urgent tier that these words call for, and why, if it is more than `tier`."""
    why: tuple[str, ...] = ()
    for rule in rules:
        if URGENCY[rule.tier] > URGENCY[tier] and rule.said_in(read, contexts):
            tier, why = rule.tier, (f"tier {rule.tier}: {rule.why}",)
    return tier, why
