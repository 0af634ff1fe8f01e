"""What a unit needs to know before it can begin, and which of it the complainant has not said."""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Literal

from pydantic import Field, field_validator

from domain.model import Strict

Given = Literal["address", "point"]


class FactRule(Strict):
    """A fact is there if the submission has one of the fields `given_by`, or its words match."""

    name: dict[str, str] = Field(min_length=1)
    given_by: tuple[Given, ...] = ()
    pattern: str = Field(min_length=1)

    @field_validator("pattern")
    @classmethod
    def _can_be_matched(cls, pattern: str) -> str:
        try:
            re.compile(pattern)
        except re.error as broken:
            raise ValueError(f"not a regular expression: {broken}") from None
        return pattern

    def stated(self, words: str, given: Collection[Given]) -> bool:
        """Whether the fact is known from these words and these fields of the submission."""
        return any(field in given for field in self.given_by) or bool(
            re.search(self.pattern, words, re.IGNORECASE)
        )


def missing_facts(
    wanted: Iterable[str], rules: Mapping[str, FactRule], words: str, given: Collection[Given]
) -> tuple[str, ...]:
    """The facts wanted that neither words nor fields give, in the catalogue's order."""
    return tuple(fact for fact in wanted if not rules[fact].stated(words, given))
