"""The same matter told twice: how well it is told by sketches alone."""

import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter

import numpy as np

from cli.bench_words.figure import Figure
from cli.bench_words.nearest import nearest_of_many
from cli.bench_words.pairs import (
    FOLDER,
    Message,
    Pair,
    Scores,
    bigrams_in_common,
    precision_and_recall,
    precision_at,
    read_messages,
    read_pairs,
    shipped_rule,
    words_in_common,
)
from domain.sketch import covers, likeness
from sealing.keys import SealingKeys
from sealing.sketches import Sketcher

MESSAGES = "hotspot_messages_4326.csv.gz"
KEYS = 5
"""Which features of a long text are kept is chance by the key: figures are means over keys."""
TOLD, ADDED = 500, (30, 60)
"""Messages that are told again, and the characters of another matter that are added."""
PLEA = "这个问题反映多次，至今没有解决，请领导重视，尽快处理，谢谢！"


def duplicates(data: Path) -> Iterator[Figure]:
    if not (data / FOLDER / MESSAGES).exists():
        return
    messages = list(read_messages(data, MESSAGES).values())
    yield from _found(data, messages)
    yield from _told_again(messages)
    sketcher = _sketcher(0)
    begun = perf_counter()
    made = {each.id: sketcher.sketch(each.title, each.text, None) for each in messages}
    spent = (perf_counter() - begun) * 1000 / len(made)
    yield Figure(what="a sketch is made in", value=spent, unit="ms", ceiling=20)
    told_twice = [
        (made[pair.first.id], made[pair.second.id]) for pair in read_pairs(data) if pair.same
    ]
    yield from nearest_of_many(list(made.values()), told_twice)


def _sketcher(seed: int) -> Sketcher:
    key = bytes([seed]) * 32
    return Sketcher(SealingKeys({}, "bench", token_key=key, person_key=key, sketch_key=key))


def _found(data: Path, messages: list[Message]) -> Iterator[Figure]:
    pairs, linked = read_pairs(data), shipped_rule().linked
    same = np.array([pair.same for pair in pairs])
    judge = np.array([pair.split == "judge" for pair in pairs])
    alike = [_likenesses(_sketcher(seed), pairs) for seed in range(KEYS)]
    for split, part in (("tuned", ~judge), ("judged", judge)):
        n = int(part.sum())
        at_bar = [precision_and_recall(scores[part], same[part], linked) for scores in alike]
        precision, recall = np.mean(at_bar, axis=0)
        held = split == "judged"
        yield Figure(
            what=f"precision of 'the same matter', pairs {split} by",
            value=float(precision),
            n=n,
            floor=0.9 if held else None,
        )
        yield Figure(
            what=f"recall, of the {int(same[part].sum())} labelled the same",
            value=float(recall),
            n=n,
            floor=0.77 if held else None,
        )
        ours = float(np.mean([precision_at(each[part], same[part], 0.8) for each in alike]))
        for against, open_text in (
            ("TF-IDF cosine of open words", words_in_common(pairs, messages)),
            ("Jaccard of open bigrams", bigrams_in_common(pairs)),
        ):
            yield Figure(
                what=f"precision at recall 0.8, pairs {split} by",
                value=ours,
                n=n,
                baseline=precision_at(open_text[part], same[part], 0.8),
                against=against,
            )


def _likenesses(sketcher: Sketcher, pairs: Sequence[Pair]) -> Scores:
    made = {
        each.id: sketcher.sketch(each.title, each.text, None)
        for pair in pairs
        for each in (pair.first, pair.second)
    }
    return np.array([likeness(made[pair.first.id], made[pair.second.id]) for pair in pairs])


def _told_again(messages: Sequence[Message]) -> Iterator[Figure]:
    """Half of a message's sentences once more with a plea; then with another matter's beginning."""
    chance, sketcher = random.Random(1), _sketcher(0)
    long_enough = [each for each in messages if len(each.text) > 120]
    covered: dict[int, list[bool]] = {added: [] for added in (0, *ADDED)}
    for told in chance.sample(long_enough, TOLD):
        old = sketcher.sketch(told.title, told.text, None)
        sentences = re.split(r"(?<=[。！？!?；;，,])", told.text)
        half = "".join(chance.sample(sentences, (len(sentences) + 1) // 2))
        other = chance.choice(long_enough).text
        for added, found in covered.items():
            new = sketcher.sketch(None, half + (other[:added] or PLEA), None)
            found.append(covers(old, new) >= shipped_rule().covered)
    for added, found in covered.items():
        told_with = f"{added} characters of another matter" if added else "a plea"
        yield Figure(
            what=f"half of it with {told_with} has nothing new",
            value=float(np.mean(found)),
            n=TOLD,
            unit="%",
            floor=None if added else 0.9,
            ceiling=0.15 if added else None,
        )
