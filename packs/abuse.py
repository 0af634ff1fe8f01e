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
        unspaced, spaced = self._sought
        if unspaced is not None and unspaced.search(read):
            return True
        return spaced is not None and spaced.search(read) is not None

    @cached_property
    def _sought(self) -> tuple[re.Pattern[str] | None, re.Pattern[str] | None]:
        """Apart, since what knows no case is found several times as fast."""
        unspaced = [
            re.escape(word)
            for language in self.words.keys() & _UNSPACED
            for word in self.words[language]
        ]
        spaced = [
            rf"\b{re.escape(word)}\b"
            for language in self.words.keys() - _UNSPACED
            for word in self.words[language]
        ]
        return (
            re.compile("|".join(unspaced)) if unspaced else None,
            re.compile("|".join(spaced), re.IGNORECASE) if spaced else None,
        )
