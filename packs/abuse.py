"""Whether words insult a person: then a person reads what a machine would have to guess.

A flag of abuse refuses, drops and delays nothing by itself and lowers no tier; what comes of it is
decided by people. Anger is no abuse: a list names insults only, never what is said of the matter.
"""

import re
from functools import cached_property

from pydantic import Field

from domain.model import Strict

ABUSIVE = "abusive words"
_UNSPACED = frozenset({"zh"})
"""Languages that set no space between words: there a word is found wherever it stands."""


class AbuseWords(Strict):
    """The pack's insults by language; phrases of `unless` only look like one and are struck out."""

    words: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    unless: tuple[str, ...] = ()

    def said_in(self, read: str) -> bool:
        for phrase in self.unless:
            read = read.replace(phrase, " ")
        return self._sought is not None and self._sought.search(read) is not None

    @cached_property
    def _sought(self) -> re.Pattern[str] | None:
        sought = [
            re.escape(word) if language in _UNSPACED else rf"\b{re.escape(word)}\b"
            for language, said in self.words.items()
            for word in said
        ]
        return re.compile("|".join(sought), re.IGNORECASE) if sought else None
