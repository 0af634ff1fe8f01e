"""A classifier that is trained: what it keeps, what it says, and how it is judged."""

import csv
import gzip
import json
from pathlib import Path
from random import Random

import numpy as np
import pytest
from typer.testing import CliRunner

from cli.main import app
from packs.errors import InvalidPack
from packs.learned.figures import coverage, figures, share_at
from packs.learned.hashing import Extractor, word_hash
from packs.learned.labelled import Labelled, Unusable, folds, read_labelled
from packs.learned.lexicon import Lexicon
from packs.learned.model import ARRAYS_FILE, Model, load
from packs.learned.near import groups
from packs.learned.shipped import CHINESE, MODELS, chinese_lexicon, named_model
from packs.learned.training import corpus, held_out, train
from tests.packs.made_messages import KINDS, message, messages

MESSAGES = Path(__file__).parents[3] / "shared/data/zh_messages/labelled_segmented_dev.csv.gz"
NOTHING = Lexicon(np.zeros(0, np.uint64), np.zeros(0, np.float32))


def lexicon(*words: str) -> Lexicon:
    hashes = sorted(word_hash(word) for word in words)
    return Lexicon(np.array(hashes, np.uint64), np.full(len(hashes), -7.0, np.float32))


@pytest.fixture(scope="module")
def model() -> Model:
    return train(corpus(messages(40), NOTHING), {"name": "made"})


def write(file: Path, labelled: Labelled, *, group: bool = True) -> Path:
    with gzip.open(file, "wt", encoding="utf-8", newline="") as lines:
        rows = csv.writer(lines)
        rows.writerow(["words", "label", *(["near_dup_group"] if group else [])])
        for number, ((text,), label) in enumerate(
            zip(labelled.texts, labelled.labels, strict=True)
        ):
            rows.writerow([text, label, *([number] if group else [])])
    return file


def test_unseen_messages_of_the_same_kinds_are_told_apart(model: Model) -> None:
    unseen = messages(30, seed=2)

    said = [model.guess(*texts).best[0] for texts in unseen.texts]

    assert np.mean([one == other for one, other in zip(said, unseen.labels, strict=True)]) > 0.95


def test_probabilities_are_shares_of_one_and_words_without_meaning_get_no_high_one(
    model: Model,
) -> None:
    nothing = model.guess("完全无关")

    assert sum(nothing.probabilities.values()) == pytest.approx(1, abs=1e-5)
    assert nothing.best[1] < 0.7
    assert nothing.known_words == 0


def test_a_model_that_was_stored_says_the_same(model: Model, tmp_path: Path) -> None:
    model.save(tmp_path)

    text = message("roads", Random(5))

    assert load(tmp_path).guess(text).probabilities == pytest.approx(
        model.guess(text).probabilities, abs=1e-3
    )


def test_what_is_stored_holds_no_word_and_no_pickle(model: Model, tmp_path: Path) -> None:
    model.save(tmp_path)
    with np.load(tmp_path / ARRAYS_FILE, allow_pickle=False) as arrays:
        kinds = {array.dtype.kind for array in arrays.values()}
        stored = b"".join(array.tobytes() for array in arrays.values())

    assert kinds <= {"f", "i", "u"}
    for word in sum(KINDS.values(), ()):
        assert word.encode() not in stored
        assert word.encode("utf-32-le") not in stored


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidPack):
        load(tmp_path)


def test_a_run_of_characters_is_cut_into_the_words_of_the_lexicon() -> None:
    cut = Extractor(lexicon("小区", "物业", "物业公司")).features(["我们小区的物业公司不管事"])
    same = Extractor(NOTHING).features(["小区 物业"])

    assert len(cut["word"][0]) == 2
    assert len(np.intersect1d(cut["word"][0], same["word"][0])) == 1  # the longer word is one word


def test_characters_that_no_word_claims_are_passed_over() -> None:
    extractor = Extractor(lexicon("小区", "停水"))

    typed = extractor.features(["我们的小区又停水了吗"])["two"][0]
    cut = extractor.features(["小区 停水"])["two"][0]

    assert typed.tolist() == cut.tolist()


def test_copies_are_one_group_and_others_are_not() -> None:
    texts = [
        "小区停水三天没有人管请尽快处理谢谢",
        "小区停水三天没有人管请尽快处理谢谢了",
        "学校食堂饭菜价格太贵",
    ]
    features = [Extractor(chinese_lexicon()).features([text])["two"] for text in texts]

    assert groups(features) == [0, 0, 2]


def test_no_group_stands_on_both_sides_of_a_split() -> None:
    chance = np.random.default_rng(3)
    group, labels = chance.integers(0, 60, 200), chance.integers(0, 3, 200)

    for seen, unseen in folds(labels, group, 5, seed=1):
        assert not set(group[seen]) & set(group[unseen])
        assert len(unseen) > 20


def test_coverage_says_how_many_can_go_without_a_person() -> None:
    right = np.array([True] * 90 + [False, True] * 5)
    confidence = np.linspace(1, 0.3, 100, dtype=np.float32)

    curve = coverage(right, confidence)

    assert share_at(curve, 0.99)["share"] == 0.9
    assert [point["share"] for point in curve] == sorted(point["share"] for point in curve)
    assert curve[-1] == {"accuracy": 0.95, "share": 1.0, "confidence": pytest.approx(0.3)}


def test_confidence_that_is_meant_has_no_calibration_error() -> None:
    odds = np.array([[0.75, 0.25]] * 4, np.float32)

    found = figures(["a", "a", "a", "b"], odds, ["a", "b"])

    assert (found["accuracy"], found["calibration"]["error"]) == (0.75, 0.0)
    assert found["per_class"]["b"] == {"precision": 0.0, "recall": 0.0, "f1": 0.0, "messages": 1}


def test_a_file_without_the_column_is_refused_by_its_name(tmp_path: Path) -> None:
    file = write(tmp_path / "made.csv.gz", messages(2))

    with pytest.raises(Unusable, match="has no column title"):
        read_labelled(file, ["title"], "label")


UNREADABLE: dict[str, tuple[str, bytes]] = {
    "other bytes than UTF-8": ("made.csv", "words,label\n楼下垃圾,A\n".encode("gb18030")),
    "half a file": ("made.csv.gz", gzip.compress(b"words,label\n" + b"waste,A\n" * 99)[:40]),
    "a damaged file": ("made.csv.gz", gzip.compress(b"words,label\n")[:10] + b"\xff" * 40),
    "no gzip": ("made.csv.gz", b"words,label\n"),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_a_file_that_cannot_be_read_is_refused_by_its_name(tmp_path: Path, case: str) -> None:
    name, content = UNREADABLE[case]
    file = tmp_path / name
    file.write_bytes(content)

    result = CliRunner().invoke(
        app, ["classifier", "evaluate", str(file), "--text", "words", "--label", "label"]
    )

    assert result.exit_code == 2
    assert result.stderr.startswith(f"hotline classifier: {name}: ")


def test_a_row_without_a_group_is_a_group_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "made.csv"
    file.write_text("words,label,near_dup_group\na,A,1\nb,B,1\nc,A\nd,B\n", encoding="utf-8")

    found = read_labelled(file, ["words"], "label").group

    assert found is not None
    assert len(set(found)) == 3


def test_where_no_model_can_be_written_nothing_is_trained(tmp_path: Path) -> None:
    seen = write(tmp_path / "seen.csv.gz", messages(2))
    columns = ["--text", "words", "--label", "label"]

    result = CliRunner().invoke(
        app, ["classifier", "train", str(seen), *columns, "--out", str(seen)]
    )

    assert result.exit_code == 2
    assert result.stderr.startswith(f"hotline classifier: {seen}: ")


@pytest.mark.parametrize("group", [True, False])
def test_the_commands_train_and_judge(tmp_path: Path, group: bool) -> None:
    seen = write(tmp_path / "seen.csv.gz", messages(25), group=group)
    unseen = write(tmp_path / "unseen.csv.gz", messages(25, seed=9), group=group)
    columns = ["--text", "words", "--label", "label"]
    out = tmp_path / "city-1"

    trained = CliRunner().invoke(
        app, ["classifier", "train", str(seen), *columns, "--out", str(out)]
    )
    judged = CliRunner().invoke(
        app, ["classifier", "evaluate", str(unseen), *columns, "--model", str(out), "--json"]
    )
    crossed = CliRunner().invoke(app, ["classifier", "evaluate", str(seen), *columns, "--json"])

    assert trained.exit_code == 0, trained.output
    assert {path.name for path in out.iterdir()} == {"model.npz", "model.json", "CARD.md"}
    for printed in (judged, crossed):
        found = json.loads(printed.output)
        assert found["accuracy"] > 0.9
        assert {"accuracy", "macro_f1", "per_class", "calibration", "coverage"} <= set(found)


def test_a_model_of_passages_is_no_classifier_of_messages(tmp_path: Path) -> None:
    seen = write(tmp_path / "seen.csv.gz", messages(5))
    columns = ["--text", "words", "--label", "label", "--model", str(MODELS / "urgency-2026.1")]

    refused = CliRunner().invoke(app, ["classifier", "evaluate", str(seen), *columns])

    assert refused.exit_code == 2
    assert "reads passages for their urgency" in refused.output


def test_the_model_that_ships_is_small_and_names_its_origin() -> None:
    size = sum(file.stat().st_size for file in (MODELS / CHINESE).iterdir())
    card = named_model(CHINESE).card

    assert size < 8_000_000
    assert card["origin"] != "not said"
    assert card["figures"]["macro_f1"] > 0.91


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_on_held_out_real_messages_it_reaches_what_its_card_says() -> None:
    if not MESSAGES.exists():
        pytest.skip("../shared/data/zh_messages is absent")
    read = corpus(read_labelled(MESSAGES, ["words"], "label"), chinese_lexicon())

    found = held_out(read).figures()

    assert found["macro_f1"] >= 0.915
    assert found["calibration"]["error"] < 0.03
    assert share_at(found["coverage"], 0.95)["share"] >= 0.9
