"""Reads a pack's folder of TOML, lays it over the pack it extends, and remembers who said what.

A table that carries a `basis` is one legal value: a pack that overrides it replaces it whole, so
that no number ever stands under another number's source. Every other table is overridden key by
key; a list is replaced whole. A file that begins with `replaces = true` takes nothing from the file
of the same name below it. A file that grows long goes on in a folder of its name (`catalogue.toml`
in `catalogue/*.toml`): one table, each key stated once.
"""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from domain.model import Strict
from packs.errors import InvalidPack, UnknownPack

PACKS = Path(__file__).parent
PACK_FILE = "pack.toml"

Table = dict[str, Any]
Key = Sequence[str | int]
Part = tuple[str, Table]
"""A file under its path in the pack's folder, and what it says."""

Model = TypeVar("Model", bound=Strict)


class Folder:
    """The merged tables of one pack and, for each key, the file that states it."""

    def __init__(self, pack_id: str, root: Path = PACKS) -> None:
        self.lineage = _lineage(pack_id, root)
        self._stated = [(folder, _tables(folder)) for folder in self.lineage]

    @property
    def path(self) -> Path:
        """The pack's own folder."""
        return self.lineage[-1]

    def table(self, file: str) -> Table:
        """What `file` says after every pack of the lineage has spoken, the nearest last."""
        merged: Table = {}
        for folder, tables in self._stated:
            above = _joined(folder, tables.get(file, []))
            merged = above if above.pop("replaces", False) is True else _laid_over(merged, above)
        return merged

    def origin(self, file: str, key: Key = ()) -> str:
        """The nearest file that states `key`, or the longest stated part of it."""
        best, deepest = f"{self.path.name}/{file}", -1
        for folder, tables in self._stated:
            depth, part = max(
                ((_depth(table, key), name) for name, table in tables.get(file, [])),
                key=lambda found: found[0],
                default=(-1, file),
            )
            if depth >= deepest:
                best, deepest = f"{folder.name}/{part}", depth
        return best

    def read(self, file: str, model: type[Model]) -> Model:
        """The file as a model; the first thing wrong is refused with file, key and reason."""
        try:
            return model.model_validate(self.table(file))
        except ValidationError as refused:
            first = refused.errors(include_url=False, include_input=False)[0]
            key = [part for part in first["loc"] if part != "[key]"]
            raise InvalidPack(
                self.origin(file, key),
                ".".join(map(str, key)),
                _reason(first["type"], first["msg"]),
            ) from None

    def refuse(self, file: str, key: Key, reason: str) -> InvalidPack:
        """The error for a value that is well formed and cannot be applied."""
        return InvalidPack(self.origin(file, key), ".".join(map(str, key)), reason)


def pack_ids(root: Path = PACKS) -> tuple[str, ...]:
    """Every folder that holds a pack, abstract ones too, by name."""
    return tuple(sorted(path.parent.name for path in root.glob(f"*/{PACK_FILE}")))


def _lineage(pack_id: str, root: Path) -> list[Path]:
    """The pack's folder and those it extends, the eldest first."""
    lineage: list[Path] = []
    wanted: str | None = pack_id
    while wanted is not None:
        folder = root / wanted
        if wanted not in pack_ids(root):
            if not lineage:
                raise UnknownPack("pack", f"no rule pack {pack_id!r}")
            raise InvalidPack(f"{lineage[0].name}/{PACK_FILE}", "extends", f"no pack {wanted!r}")
        if folder in lineage:
            raise InvalidPack(f"{wanted}/{PACK_FILE}", "extends", "the packs extend each other")
        lineage.insert(0, folder)
        wanted = _toml(folder / PACK_FILE).get("extends")
    return lineage


def _tables(folder: Path) -> dict[str, list[Part]]:
    """Each file's own part first, then those of the folder of its name."""
    tables = {path.name: [(path.name, _toml(path))] for path in sorted(folder.glob("*.toml"))}
    for path in sorted(folder.glob("*/*.toml")):
        part = (f"{path.parent.name}/{path.name}", _toml(path))
        tables.setdefault(f"{path.parent.name}.toml", []).append(part)
    own = tables[PACK_FILE][0][1]
    own.pop("extends", None)
    own.setdefault("abstract", False)
    return tables


def _toml(path: Path) -> Table:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as broken:
        raise InvalidPack(f"{path.parent.name}/{path.name}", "", f"not TOML: {broken}") from None


def _joined(folder: Path, parts: Sequence[Part]) -> Table:
    joined: Table = {}
    for name, table in parts:
        _join(joined, table, (), f"{folder.name}/{name}")
    return joined


def _join(joined: Table, table: Table, at: tuple[str, ...], file: str) -> None:
    for key, value in table.items():
        if isinstance(value, dict) and isinstance(joined.get(key, {}), dict):
            _join(joined.setdefault(key, {}), value, (*at, key), file)
        elif key in joined:
            raise InvalidPack(file, ".".join((*at, key)), "another file of the pack states it too")
        else:
            joined[key] = value


def _laid_over(below: Table, above: Table) -> Table:
    merged = dict(below)
    for key, value in above.items():
        old = merged.get(key)
        whole = not isinstance(value, dict) or not isinstance(old, dict) or "basis" in value
        merged[key] = value if whole else _laid_over(old, value)  # type: ignore[arg-type]
    return merged


def _depth(table: Any, key: Key) -> int:
    depth = 0
    for part in key:
        try:
            table = table[part]
        except (KeyError, IndexError, TypeError):
            break
        depth += 1
    return depth


def _reason(kind: str, message: str) -> str:
    if kind == "extra_forbidden":
        return "unknown key"
    if kind == "missing":
        return "is missing"
    return message.removeprefix("Value error, ")
