"""In which kind of script a text is written: a model does not judge what it cannot read.

Hashed features cannot tell: some word of any language falls on a number that the model knows.
"""

from collections.abc import Iterable

from packs.learned.hashing import FIRST_UNSPACED, tokens

UNSPACED = "unspaced"
"""The card's key for the share of unspaced script in the messages that taught a model."""
OWN = 0.7
"""A message is of a script when so much of it is."""


def unspaced_share(texts: Iterable[str]) -> float:
    """Characters of scripts without spaces, among these and the words of the others; 1 for none."""
    characters = words = 0
    for text in texts:
        for token in tokens(text):
            if token >= FIRST_UNSPACED:
                characters += len(token)
            elif not token.isdecimal():
                words += 1
    return characters / (characters + words) if characters + words else 1.0


def foreign(share: float, taught: float) -> bool:
    """Whether a message of this share is in another script than what taught the model."""
    return share < OWN if taught >= OWN else taught <= 1 - OWN < share


def mixed(share: float) -> bool:
    return 1 - OWN < share < OWN
