"""Passages: the stretches of a message that are read one by one for what they say of danger.

One sentence can tell that a life is at stake; read with a whole letter around it, it would drown.
"""

import re
from collections.abc import Iterator

from packs.learned.script import unspaced_share

LONGEST = 60
"""Characters of a script without spaces; of other scripts three times as many."""
AT_MOST = 60
"""What comes after so many passages is not read."""

_SENTENCE = re.compile(r"(?:[^。！？；!?;\n.]|\.(?!\s|$))+[。！？；!?;\n.]*")
_CLAUSE = re.compile(r"[^，,：:、]+[，,：:、]*")


def passages(text: str) -> tuple[str, ...]:
    """Sentences that stand together, as many as fit; longer ones in clauses, or cut anywhere."""
    longest = LONGEST if unspaced_share((text,)) >= 0.5 else 3 * LONGEST
    joined: list[str] = []
    for piece in _pieces(text, longest):
        if joined and len(joined[-1]) + len(piece) <= longest:
            joined[-1] += piece
        else:
            joined.append(piece)
    return tuple(joined[:AT_MOST])


def _pieces(text: str, longest: int) -> Iterator[str]:
    for sentence in _SENTENCE.findall(text):
        if len(sentence) <= longest:
            yield sentence
            continue
        for clause in _CLAUSE.findall(sentence):
            yield from (clause[at : at + longest] for at in range(0, len(clause), longest))
