"""The levels below the first, against labels by hand: which entry of the catalogue, whose duty.

The words were written and the numbers chosen by the messages of `tune` and `settle`. Who wrote the
words had read those of `judge`; those of `fresh` were drawn when the words were done. All of these
are letters; short calls are made up.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cli.bench_words.categories import Categorised, called, categorised
from cli.bench_words.figure import Figure
from packs.classifier import Guess, OpenedWords, ranked, shares
from packs.learned.classifier import LearnedClassifier, level_codes
from packs.learned.figures import calibration
from packs.learned.shipped import CHINESE, named_model
from packs.loader import load_pack
from packs.pack import RulePack

LEVEL, CATEGORY, UNIT, DUTY = "level 2", "category", "lead unit", "lead unit and tier"
JUDGED, CALLS = ("judge", "fresh"), "short calls"
IN_CLASS = {"judge": 0.84, "fresh": 0.83}
ANY = {
    "judge": {CATEGORY: 0.79, UNIT: 0.83},
    "fresh": {CATEGORY: 0.76, UNIT: 0.82},
    CALLS: {CATEGORY: 0.63, UNIT: 0.71},
}
OF_THE_SURE = {"judge": 0.90, "fresh": 0.90, CALLS: 0.91}
SURE = {"judge": 0.5, "fresh": 0.5, CALLS: 0.32}
CALIBRATED = 0.13


def lower_levels(data: Path) -> Iterator[Figure]:
    pack, usual = load_pack("cn-beijing"), _usual(categorised(data, ["tune"]))
    for split in JUDGED:
        messages = categorised(data, [split])
        yield from _given_the_class(split, [each for each in messages if each.entries], usual, pack)
        yield from _end_to_end(split, [each for each in messages if each.unseen], pack)
    yield from _end_to_end(CALLS, called("judge"), pack)


def _given_the_class(
    split: str, messages: Sequence[Categorised], usual: Mapping[str, str], pack: RulePack
) -> Iterator[Figure]:
    by_words = [_best(_within(each, shares(each.words, pack)), pack) for each in messages]
    by_count = [_best(_within(each, counted(each.words, pack)), pack) for each in messages]
    by_usual = [usual.get(each.level1, "") for each in messages]
    for what, floor in ((LEVEL, None), (CATEGORY, IN_CLASS[split])):
        hits = _Hits(messages, pack, what)
        for baseline, against in ((by_count, "words counted"), (by_usual, "the most usual")):
            yield Figure(
                what=f"{what} right, the class given ({split})",
                value=hits.share(by_words),
                n=len(messages),
                baseline=hits.share(baseline),
                against=against,
                floor=floor,
            )


def _end_to_end(split: str, messages: Sequence[Categorised], pack: RulePack) -> Iterator[Figure]:
    """By the shipped classifier, of messages that its model has not seen."""
    classifier = LearnedClassifier()
    guesses = [classifier.guess(each.words, pack) for each in messages]
    before = [_class_then_count(each.words, pack) for each in messages]
    codes, codes_before = _firsts(guesses), _firsts(before)
    sure, sure_before = _sure(guesses), _sure(before)
    against = "words counted in the likeliest class"
    for what in (LEVEL, CATEGORY, UNIT):
        hits = _Hits(messages, pack, what)
        yield Figure(
            what=f"{what} right ({split})",
            value=hits.share(codes),
            n=len(messages),
            baseline=hits.share(codes_before),
            against=against,
            floor=ANY[split].get(what),
        )
    yield Figure(
        what=f"sure ({split})",
        value=float(sure.mean()),
        n=len(messages),
        unit="%",
        baseline=float(sure_before.mean()),
        against=against,
        floor=SURE[split],
    )
    for what in (LEVEL, CATEGORY, UNIT, DUTY):
        hits = _Hits(messages, pack, what)
        yield Figure(
            what=f"{what} right among the sure ({split})",
            value=float(hits.of(codes)[sure].mean()),
            n=int(sure.sum()),
            baseline=float(hits.of(codes_before)[sure_before].mean()),
            against=against,
            floor=OF_THE_SURE[split] if what == UNIT else None,
        )
    said = np.array([each.candidates[0].confidence if each.candidates else 0.0 for each in guesses])
    right = _Hits(messages, pack, CATEGORY).of(codes)
    yield Figure(
        what=f"calibration error of the category ({split})",
        value=calibration(right, said)["error"],
        n=len(messages),
        ceiling=CALIBRATED if split in JUDGED else None,
    )


@dataclass(frozen=True)
class _Hits:
    """Whether what was said of messages is what a person said, seen at one level."""

    messages: Sequence[Categorised]
    pack: RulePack
    what: str

    def share(self, codes: Sequence[str]) -> float:
        return float(self.of(codes).mean())

    def of(self, codes: Sequence[str]) -> NDArray[np.bool_]:
        seen = self._seen
        return np.array(
            [
                bool(code) and seen(code) in set(map(seen, message.entries))
                for code, message in zip(codes, self.messages, strict=True)
            ]
        )

    @property
    def _seen(self) -> Callable[[str], Hashable]:
        category = self.pack.catalogue.category
        return {
            LEVEL: lambda code: code.rpartition(".")[0],
            CATEGORY: lambda code: code,
            UNIT: lambda code: category[code].lead,
            DUTY: lambda code: (category[code].lead, self.pack.tier_of(code)),
        }[self.what]


def counted(words: OpenedWords, pack: RulePack) -> dict[str, float]:
    """The baseline: how many words of each entry stand in the text, each for one."""
    text = f"{words.title}\n{words.text}".casefold()
    counts = {
        code: sum(
            word.casefold() in text
            for said in (entry.words, entry.hints)
            for language in said.values()
            for word in language
        )
        for code, entry in pack.catalogue.category.items()
    }
    total = sum(count**2 for count in counts.values()) + 1
    return {code: count**2 / total for code, count in counts.items() if count}


def _class_then_count(words: OpenedWords, pack: RulePack) -> Guess:
    """The baseline end to end: the model alone chooses the class."""
    model = named_model(CHINESE)
    best, odds = model.guess(words.title, words.text).best
    level = f"{level_codes(model, pack)[best]}."
    within = {code: share for code, share in counted(words, pack).items() if code.startswith(level)}
    total = sum(within.values())
    candidates = ranked({code: share / total for code, share in within.items()}, pack)
    sure = bool(candidates) and odds >= 0.7 and candidates[0].confidence >= 0.5
    return Guess(candidates=candidates, sure=sure, by="counts")


def _usual(messages: Sequence[Categorised]) -> dict[str, str]:
    """The most frequent entry of each class."""
    firsts = Counter(each.entries[0] for each in messages if each.entries)
    return {code.partition(".")[0]: code for code, _ in reversed(firsts.most_common())}


def _within(message: Categorised, found: Mapping[str, float]) -> dict[str, float]:
    level = f"{message.level1}."
    return {code: share for code, share in found.items() if code.startswith(level)}


def _best(found: Mapping[str, float], pack: RulePack) -> str:
    best = ranked(found, pack)
    return best[0].category if best else ""


def _firsts(guesses: Sequence[Guess]) -> list[str]:
    return [each.candidates[0].category if each.candidates else "" for each in guesses]


def _sure(guesses: Sequence[Guess]) -> NDArray[np.bool_]:
    return np.array([each.sure for each in guesses])
