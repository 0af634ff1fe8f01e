"""Writes `packs/us-boston-2015/areas.csv` and `dispatched.csv`: where and to whom cases went.

Origin: the City of Boston's 311 export for January to June 2015
(github.com/johnsliao/bostonservicemap, cartoDB_data). Areas are the public works districts that
the export names; a case's type, place and queue are counted, and no line of either file rests on
fewer than three requests. What was known only later (who closed it, how, when) is not read, nor are
the titles that staff wrote, some of them after dispatch.

    python scripts/write_boston_dispatch.py REQUESTS.csv.gz
"""

import csv
import gzip
import io
import re
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from packs.areas import AREAS_FILE, Areas, address_words
from packs.catalogue import Catalogue, read_catalogue
from packs.dispatch_table import TABLE_FILE, Key, Went
from packs.folder import PACK_FILE, PACKS, Folder
from packs.pack_file import PackFile
from packs.past_cases import PastCase, count_dispatches, learn_areas
from packs.units import UnitTree, read_units

PACK = "us-boston-2015"
UNTIL = datetime(2015, 7, 1)  # noqa: DTZ001 - the export's times are local
NOWHERE = frozenset({(42.3594, -71.0587), (42.3601, -71.0579)})
"""City Hall: what the export writes for want of an address."""

_POSTCODE = re.compile(r"\b0\d{4}\b")
_NUMBER = re.compile(r"^[\d\-/]+[A-Za-z]?\s")
_TOWN = re.compile(
    r"\s(?:(?:East|South|West)\s(?:Boston|Roxbury)|Boston|Dorchester|Roxbury|Mattapan|Hyde Park"
    r"|Roslindale|Jamaica Plain|Charlestown|Brighton|Allston)\sMA\b.*$"
)
_OWN = re.compile(r"PWDx_District (\w+):")


def main(source: Path) -> None:
    for name, text in learnt(source).items():
        (PACKS / PACK / name).write_text(text, encoding="utf-8")


def learnt(source: Path) -> dict[str, str]:
    """Both files by name, the same text every time."""
    folder = Folder(PACK)
    file = folder.read(PACK_FILE, PackFile)
    units = read_units(folder, file.desks, file.languages[0])
    cases = list(past_cases(source, read_catalogue(folder, units), units, UNTIL))
    areas = learn_areas(cases, own_units(units), NOWHERE)
    table = count_dispatches(cases, areas)
    return {
        AREAS_FILE: _csv("kind,key,within,area", _area_rows(areas)),
        TABLE_FILE: _csv("category,area,unit,cases,weight", _table_rows(table)),
    }


def past_cases(
    source: Path, catalogue: Catalogue, tree: UnitTree, until: datetime
) -> Iterator[PastCase]:
    """The export's requests from before `until`, as they stood when they came in."""
    categories = {entry.name["en"]: code for code, entry in catalogue.category.items()}
    units = {alias: code for code, entry in tree.entries.items() for alias in entry.aliases}
    with gzip.open(source, "rt", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            opened = datetime.fromisoformat(row["open_dt"])
            if opened >= until or row["type"] not in categories or row["queue"] not in units:
                continue
            address = row["location"]
            postcode = _POSTCODE.search(address)
            yield PastCase(
                category=categories[row["type"]],
                unit=units[row["queue"]],
                age_days=(until - opened).days,
                area=row["pwd_district"] or None,
                latitude=float(row["latitude"]) if row["latitude"] else None,
                longitude=float(row["longitude"]) if row["longitude"] else None,
                address=address,
                postcode=postcode[0] if postcode else None,
                street=" ".join(address_words(_NUMBER.sub("", _TOWN.sub("", address)))),
            )


def own_units(tree: UnitTree) -> dict[str, str]:
    """The queue of each public works district, by the district's code."""
    return {
        named[1]: code
        for code, entry in tree.entries.items()
        for alias in entry.aliases
        if (named := _OWN.match(alias))
    }


def _area_rows(areas: Areas) -> Iterator[tuple[object, ...]]:
    yield from (("nowhere", f"{point[0]} {point[1]}", "", "") for point in sorted(areas.nowhere))
    yield from (("unit", unit, "", area) for area, unit in sorted(areas.units.items()))
    yield from (("postcode", code, "", area) for code, area in sorted(areas.postcodes.items()))
    for (postcode, street), area in sorted(areas.streets.items()):
        yield "street", street, postcode, area
    yield from (("cell", " ".join(map(str, at)), "", area) for at, area in areas.cells.items())


def _table_rows(table: dict[Key, dict[str, Went]]) -> Iterator[tuple[object, ...]]:
    for (category, area), line in table.items():
        for unit, went in line.items():
            yield category, area, unit, went.cases, went.weight


def _csv(head: str, rows: Iterator[tuple[object, ...]]) -> str:
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(head.split(","))
    writer.writerows(rows)
    return written.getvalue()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
