"""The calendar that a clock was measured with, when it is still on file; else the newest.

The newest version of a calendar stands in `packs/calendars/<id>.toml`; one that it superseded may
be kept in `packs/calendars/<version>/<id>.toml`.
"""

import re
from functools import cache

from domain.calendar import Calendar
from packs.calendar_files import FOLDER, load_calendar, read_calendar_file

_VERSION = re.compile(r"[0-9A-Za-z]+([.-][0-9A-Za-z]+)*")


@cache
def calendar_of(id: str, version: str | None = None) -> Calendar:
    """The calendar in this version if it is on file, else the newest; an unknown id is refused."""
    newest = load_calendar(id)
    if version is None or version == newest.version or not _VERSION.fullmatch(version):
        return newest
    superseded = FOLDER / version / f"{id}.toml"
    return read_calendar_file(superseded).calendar if superseded.is_file() else newest
