"""What citizens are told, in the pack's languages; a text names number, due and link only."""

import re

from pydantic import Field

from domain.model import Strict
from packs.folder import Folder

TEXTS_FILE = "texts.toml"
SLOTS = frozenset({"number", "due", "link"})
_SLOT = re.compile(r"\{([^{}]*)\}")

KINDS = (
    "registered",
    "dispatched",
    "contacted",
    "interim",
    "extended",
    "suspended",
    "resumed",
    "deferred",
    "completed",
    "evaluation_opened",
    "callback",
    "round_begun",
    "supervised",
    "disposed",
    "attached",
    "withdrawn",
    "withdrawal_revoked",
    "contest_upheld",
    "contest_rejected",
    "amended",
    "corrected",
    "closed",
    "update",
)
"""The kinds of notice a citizen can get; `update` stands in for a kind without its own text."""


class Texts(Strict):
    """`texts.toml`: kind of notice, language, words."""

    text: dict[str, dict[str, str]] = Field(default_factory=dict)

    def words(self, kind: str, language: str, *, number: str, due: str = "", link: str = "") -> str:
        """The text of a notice; an unknown kind gets the general one."""
        languages = self.text.get(kind) or self.text["update"]
        words = languages.get(language) or next(iter(languages.values()))
        return words.format(number=number, due=due, link=link).strip()


def read_texts(folder: Folder, languages: tuple[str, ...]) -> Texts:
    """The texts, every kind in every language of the pack."""
    texts = folder.read(TEXTS_FILE, Texts)
    for kind in KINDS:
        for language in languages:
            if not texts.text.get(kind, {}).get(language):
                raise folder.refuse(
                    TEXTS_FILE, ("text", kind, language), "no text in a language of the pack"
                )
    for kind, spoken in texts.text.items():
        for language, words in spoken.items():
            if unknown := set(_SLOT.findall(words)) - SLOTS:
                reason = f"names {{{min(unknown)}}}: a text may name number, due and link only"
                raise folder.refuse(TEXTS_FILE, ("text", kind, language), reason)
    return texts
