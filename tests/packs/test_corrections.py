"""What staff correct makes the next guess better, and spoils little else."""

from random import Random

import numpy as np
import pytest

from packs.learned.corrections import learned, lessons
from packs.learned.labelled import Labelled
from packs.learned.lexicon import Lexicon
from packs.learned.model import Model
from packs.learned.training import corpus, train
from tests.packs.made_messages import KINDS, message, messages

NIGHT = ("烧烤", "摊贩", "占道", "夜市", "油烟", "招牌", "餐馆", "排档")
"""A kind that the first training put under roads, and staff put under noise."""


def stalls(count: int, seed: int, label: str) -> Labelled:
    chance = Random(seed)
    texts = tuple(
        (" ".join([*chance.sample(NIGHT, 4), message("noise", chance, 1)]),) for _ in range(count)
    )
    return Labelled(texts, (label,) * count)


def right(model: Model, labelled: Labelled) -> float:
    pairs = zip(labelled.texts, labelled.labels, strict=True)
    return float(np.mean([model.guess(*texts).best[0] == label for texts, label in pairs]))


@pytest.fixture(scope="module")
def misled() -> Model:
    seen, wrong = messages(40), stalls(30, 4, "roads")
    both = Labelled(seen.texts + wrong.texts, seen.labels + wrong.labels)
    nothing = Lexicon(np.zeros(0, np.uint64), np.zeros(0, np.float32))
    return train(corpus(both, nothing), {"name": "misled"})


def test_fifty_corrections_of_one_kind_improve_unseen_messages_of_that_kind(misled: Model) -> None:
    unseen, others = stalls(40, 11, "noise"), messages(30, seed=12)

    after = learned(misled, stalls(50, 10, "noise"))

    assert right(misled, unseen) < 0.2
    assert right(after, unseen) > 0.9
    assert right(after, others) >= right(misled, others) - 0.05
    assert after.card["corrections"] == 50


def test_before_and_after_are_told_for_corrections_that_were_held_out(misled: Model) -> None:
    (lesson,) = lessons(misled, stalls(50, 10, "noise"))

    assert (lesson.label, lesson.messages) == ("noise", 50)
    assert lesson.before < 0.2
    assert lesson.after > 0.8


def test_a_label_that_the_model_lacks_is_learned_from_ten_corrections_on(misled: Model) -> None:
    assert learned(misled, stalls(9, 1, "stalls")) is misled

    after = learned(misled, stalls(30, 1, "stalls"))

    assert set(after.labels) == {*KINDS, "stalls"}
    assert right(after, stalls(20, 2, "stalls")) > 0.8
    assert right(after, messages(20, seed=5)) > 0.9
