"""Place names as people write them: found in an address by the longest name that fits."""

import csv
import gzip
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator
from pathlib import Path

from packs.errors import InvalidPack

COMMUNITIES_FILE = "communities.csv.gz"
PARENT_DIGITS = 9
"""A community's code begins with that of its sub-district."""

_NOISE = re.compile(r"[\s·•.．,，、_\-—]+")
_KINDS = {"地区": ("乡", "镇", "街道")}
"""A 地区 is what people still call by its older kind, where no other unit bears that name."""

_SHORTEST_NAME, _SHORTEST_STEM = 3, 4


def plain(text: str) -> str:
    """The text with one width and case, and without spaces or what stands for them."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", text)).casefold()


class NameIndex:
    """Names and the codes that bear them; looks up a text in the time of its length."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        self._codes: dict[str, set[str]] = {}
        for name, code in names:
            if written := plain(name):
                self._codes.setdefault(written, set()).add(code)
        self._head = min(map(len, self._codes), default=1)
        self._by_head: dict[str, list[str]] = defaultdict(list)
        for written in self._codes:
            self._by_head[written[: self._head]].append(written)

    def bearing(self, name: str) -> frozenset[str]:
        """Who bears exactly this name."""
        return frozenset(self._codes.get(plain(name), ()))

    def mentioned(self, text: str, fits: Callable[[str], bool]) -> frozenset[str]:
        """Of the longest names in a plain text that one who fits bears, all who fit."""
        named = set(self._found(text))
        for length in sorted(set(map(len, named)), reverse=True):
            longest = (name for name in named if len(name) == length)
            if found := frozenset(
                code for name in longest for code in self._codes[name] if fits(code)
            ):
                return found
        return frozenset()

    def _found(self, text: str) -> Iterator[str]:
        for at in range(len(text)):
            for name in self._by_head.get(text[at : at + self._head], ()):
                if text.startswith(name, at):
                    yield name


def also_called(name: str, taken: Container[str]) -> tuple[str, ...]:
    """The older names of a sub-district that are nobody else's."""
    for kind, others in _KINDS.items():
        if name.endswith(kind):
            stem = name.removesuffix(kind)
            return tuple(stem + other for other in others if stem + other not in taken)
    return ()


def community_names(communities: dict[str, str]) -> Iterable[tuple[str, str]]:
    """Each community by its name, and by that of its estate where that is long enough."""
    for code, name in communities.items():
        if len(name) >= _SHORTEST_NAME:
            yield name, code
        stem = name.removesuffix("社区")
        if stem != name and len(stem) >= _SHORTEST_STEM:
            yield stem, code


def read_communities(lineage: list[Path], subdistricts: Container[str]) -> dict[str, str]:
    """The communities of the nearest pack that lists some: `code,zh`."""
    for folder in reversed(lineage):
        if (path := folder / COMMUNITIES_FILE).exists():
            return _communities(path, subdistricts)
    return {}


def _communities(path: Path, subdistricts: Container[str]) -> dict[str, str]:
    file = f"{path.parent.name}/{path.name}"
    communities: dict[str, str] = {}
    try:
        with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
            for number, row in enumerate(csv.DictReader(lines), start=2):
                parent = row["code"][:PARENT_DIGITS]
                if parent not in subdistricts:
                    raise InvalidPack(file, f"line {number}", f"no unit {parent!r}")
                communities[row["code"]] = row["zh"]
    except (OSError, EOFError, KeyError, UnicodeDecodeError) as broken:
        raise InvalidPack(file, "", f"not a list of communities: {broken}") from None
    return communities
