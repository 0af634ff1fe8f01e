"""Looks for words in all that a system has written, in every spelling that programs give them."""

import base64
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.e2e.system import System


def spellings(word: str) -> set[bytes]:
    """UTF-8, UTF-16, GB 18030, JSON escapes, percent signs, hex, and base64 at each alignment."""
    plain = word.encode()
    escaped = word.encode("ascii", "backslashreplace")
    found = {
        plain,
        word.encode("utf-16-le"),
        word.encode("utf-16-be"),
        word.encode("gb18030"),
        escaped,
        escaped.replace(b"\\u", b"\\\\u"),
        "".join(f"%{byte:02X}" for byte in plain).encode(),
        plain.hex().encode(),
        plain.hex().upper().encode(),
    }
    found |= {variant.upper().replace(b"\\U", b"\\u") for variant in (escaped,)}
    for skipped in range(3):
        # Whole groups only: the characters at both ends depend on what stands around the word.
        inner = plain[skipped : len(plain) - (len(plain) - skipped) % 3]
        found |= {base64.b64encode(inner), base64.urlsafe_b64encode(inner)}
    return found


def traces(system: System, words: Iterable[str]) -> list[str]:
    """Where a word stands: in a file's bytes, or in a row that PostgreSQL keeps compressed."""
    wanted = {word: spellings(word) for word in words}
    return [
        f"{place}: {word}"
        for place, content in (*_files(system.folder.parent), *_rows(system))
        for word, variants in wanted.items()
        if any(variant in content for variant in variants)
    ]


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            yield str(path.relative_to(folder)), path.read_bytes()


def _rows(system: System) -> Iterator[tuple[str, bytes]]:
    tables = system.query(
        "SELECT format('%%I.%%I', schemaname, tablename) FROM pg_tables"
        " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
    )
    for (table,) in tables:
        for nth, (row,) in enumerate(system.query(f"SELECT t::text FROM {table} t")):
            yield f"{table} {nth}", row.encode()


def visible_in_temporal(system: System) -> str:
    """Everything that Temporal's own lists show: search attributes among it, as one text."""
    path = system.folder / "temporal" / "temporal.db"
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
        rows = database.execute("SELECT * FROM executions_visibility").fetchall()
    return repr(rows)
