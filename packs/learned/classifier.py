"""A trained model behind the classifiers' seam, for the packs that name one.

The model says how likely each level-1 class is; the category is what its class and the catalogue's
own words together speak for. Where the model has nothing to say, the words stand alone.
"""

import re

from domain.vocabulary import Tier
from packs.classifier import CatalogueClassifier, OpenedWords, level_of, ranked, shares
from packs.classifier import Guess as Suggestion
from packs.learned.model import Guess, Model
from packs.learned.script import UNSPACED, foreign, mixed, unspaced_share
from packs.learned.shipped import named_model
from packs.learned.urgency import raised_by_model
from packs.pack import RulePack
from packs.pack_file import ClassifierEntry

LEAST_WORDS, LEAST_SHARE = 2, 0.3
"""Fewer known words, or a smaller share of a message's words, and it is not the model's kind."""
UNTAUGHT = 0.1
"""How likely a class is that no message taught."""
CLEARLY = 0.9
SHORTEST_MATTER = 12

_NEXT_MATTER = re.compile(
    r"(?:^|[\s。；;!！?？：:])(?:[一二三四五六七八九十]、|第[一二三四五六]|[(（]?[1-9][)）.、．]\s*(?=\D))"
    r"|另外|此外|还有一个问题"
)


class LearnedClassifier(CatalogueClassifier):
    """Sure when model and catalogue are, of one matter; else a person gets the candidates."""

    def guess(self, words: OpenedWords, pack: RulePack) -> Suggestion:
        by_words = super().guess(words, pack)
        entry = pack.file.classifier
        if entry is None:
            return by_words
        model = named_model(entry.model)
        share = unspaced_share((words.title, words.text))
        if mixed(share):
            return _unsure(by_words, "written in two scripts: a person reads it")
        if foreign(share, model.card.get(UNSPACED, share)):
            return _told(by_words, "another script than the model was taught")
        guess = model.guess(words.title, words.text)
        if guess.known_words < LEAST_WORDS or guess.known_share < LEAST_SHARE:
            return _told(by_words, "too few words that the model knows")
        return self._by_model(words, pack, entry, model, guess)

    def urgency(self, tier: Tier, read: str, pack: RulePack) -> tuple[Tier, tuple[str, ...]]:
        tier, why = super().urgency(tier, read, pack)
        if pack.file.urgency is None or tier is Tier.EMERGENCY:
            return tier, why
        higher, because = raised_by_model(tier, read, pack.file.urgency)
        return higher, because or why

    def _by_model(
        self,
        words: OpenedWords,
        pack: RulePack,
        entry: ClassifierEntry,
        model: Model,
        guess: Guess,
    ) -> Suggestion:
        levels = level_codes(model, pack)
        likely = {
            levels[name]: odds for name, odds in guess.probabilities.items() if name in levels
        }
        found = shares(words, pack, likely, UNTAUGHT)
        candidates = ranked(found, pack)
        best, odds = guess.best
        reasons = [f"level 1: {best} ({odds:.2f})"]
        sure = False
        if candidates:
            category = candidates[0].category
            level = level_of(category)
            whole = sum(share for code, share in found.items() if level_of(code) == level)
            sure = whole >= entry.threshold and found[category] >= entry.category_threshold
            if level != levels.get(best):
                reasons.append("the words speak for another class")
        if not sure:
            reasons.append("the words leave it unsure")
        elif several_matters(model, words.text, entry.threshold):
            sure = False
            reasons.append("several matters in one message")
        return Suggestion(
            candidates=candidates,
            sure=sure,
            reasons=tuple(reasons),
            by=f"{model.name}+{self.NAME}",
        )


def several_matters(model: Model, text: str, threshold: float) -> bool:
    """Whether parts that the writer set apart clearly belong to different classes."""
    parts = [part for part in _NEXT_MATTER.split(text) if len(part) >= SHORTEST_MATTER]
    if len(parts) < 2:
        return False
    guesses = [model.guess(part).best for part in parts]
    clear = {name for name, odds in guesses if odds >= max(threshold, CLEARLY)}
    return len(clear) > 1


def level_codes(model: Model, pack: RulePack) -> dict[str, str]:
    """The pack's code of each label, which is the code itself or its name in any language."""
    codes = {code: code for code in pack.catalogue.level}
    for code, names in pack.catalogue.level.items():
        if "." not in code:
            codes.update(dict.fromkeys(names.values(), code))
    return {label: codes[label] for label in model.labels if label in codes}


def level_names(model: Model, pack: RulePack) -> dict[str, str]:
    """The label of each of the pack's codes that the model was taught."""
    known = set(model.labels)
    named = {
        code: next((name for name in names.values() if name in known), code)
        for code, names in pack.catalogue.level.items()
    }
    return {code: label for code, label in named.items() if label in known}


def _told(said: Suggestion, reason: str) -> Suggestion:
    return said.model_copy(update={"reasons": (*said.reasons, reason)})


def _unsure(said: Suggestion, reason: str) -> Suggestion:
    return _told(said, reason).model_copy(update={"sure": False})
