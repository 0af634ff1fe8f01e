"""From a text to hashed features: character n-grams and words, and no way back.

A feature is the leading bits of a 64-bit hash, so what is stored of the training texts is a row of
numbers. Everything is arithmetic on arrays of code points; only the cutting into words is a loop.
"""

import re
import unicodedata
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from packs.learned.lexicon import LONGEST_WORD, Lexicon

Hashes = NDArray[np.uint64]
Found = tuple[NDArray[np.int64], NDArray[np.float32]]
"""Which features a text has, ascending, and how often."""

BLOCKS = {"one": 14, "two": 18, "three": 18, "word": 18}
"""The kinds of features of a message, each with the bits of its table."""
GRAM = "gram"
"""The one kind of features of a passage."""
BITS = {**BLOCKS, GRAM: 18}

LONGEST_TEXT = 4_000
"""Characters that are read; a matter is named long before."""

_DIGITS = re.compile(r"\d+")
FIRST_UNSPACED = "\u2e80"
"""From here on scripts are written without spaces between words, or nearly so."""
_TOKENS = re.compile(rf"[^\W_{FIRST_UNSPACED}-\U0010ffff]+|[^\W\0-\u2e7f]+")
_ODD = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xFF51AFD7ED558CCD)
_SHIFT, _FOLD, _ONE = np.uint64(31), np.uint64(29), np.uint64(1)


def tokens(text: str) -> list[str]:
    """What stands between spaces and punctuation, of one script each; all numbers are alike."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST_TEXT]).casefold()
    return _TOKENS.findall(_DIGITS.sub("0", plain))


def code_points(run: str) -> Hashes:
    return np.frombuffer(run.encode("utf-32-le", "replace"), dtype="<u4").astype(np.uint64)


def hashed(points: Hashes, length: int) -> Hashes:
    """The hash of every stretch of `length` characters, by where it starts."""
    count = max(len(points) - length + 1, 0)
    hashes = np.full(count, length, dtype=np.uint64)
    for offset in range(length):
        hashes = (hashes + points[offset : offset + count] + _ONE) * _ODD
        hashes ^= hashes >> _SHIFT
    hashes = (hashes ^ (hashes >> _SHIFT)) * _MIX
    return hashes ^ (hashes >> _FOLD)


def word_hash(word: str) -> int:
    return int(hashed(code_points(word), len(word))[0])


class Extractor:
    """Counts the features of a text, one block after the other in one row of numbers."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def features(self, texts: Sequence[str]) -> dict[str, Found]:
        """The features of all fields of one text, taken together."""
        said = [token for text in texts for token in tokens(text)]
        points = code_points("".join(said))
        by_length = {length: hashed(points, length) for length in range(1, LONGEST_WORD + 1)}
        cut = self._lexicon.cut(
            [len(token) for token in said],
            [token >= FIRST_UNSPACED for token in said],
            by_length,
        )
        words = [by_length[length][starts] for length, starts in cut.words.items()]
        words.append(np.array([word_hash(said[at]) for at in cut.whole], dtype=np.uint64))
        kept = points[cut.claimed]
        return {
            "one": counted(hashed(kept, 1), BLOCKS["one"]),
            "two": counted(hashed(kept, 2), BLOCKS["two"]),
            "three": counted(hashed(kept, 3), BLOCKS["three"]),
            "word": counted(np.concatenate(words), BLOCKS["word"]),
        }


def counted(hashes: Hashes, bits: int) -> Found:
    """Each feature once, with its count."""
    rows = hashes >> np.uint64(64 - bits)
    found, counts = np.unique(rows.astype(np.int64), return_counts=True)
    return found, counts.astype(np.float32)
