"""Writes `packs/us-boston-2015/units/queues.toml`: the city's own work queues as units.

Origin: the columns `queue` and `department` of the City of Boston's 311 export for January to
August 2015 (github.com/johnsliao/bostonservicemap, cartoDB_data). Names are derived, no requests.

    python scripts/write_boston_queues.py REQUESTS.csv.gz
"""

import csv
import gzip
import json
import re
import sys
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "packs" / "us-boston-2015" / "units"
DEPARTMENTS = {
    "PWDx": "public-works", "ISD": "inspectional-services", "BTDT": "transportation",
    "INFO": "constituent-services", "PARK": "parks", "PROP": "property-management",
    "HS_O": "fair-housing", "BWSC": "water-sewer", "DISB": "disabilities", "HS_D": "disabilities",
    "ANML": "animal-control", "GEN_": "general", "HS_Y": "youth", "HS_V": "veterans",
    "BPS_": "schools", "CHT_": "check-in",
}  # fmt: skip
"""The export's department codes and our units; what has no queue ("No Q") is left out."""

HEAD = """\
# The work queues that the city's export of 2015 names, each under the department it stood with.
# Written by scripts/write_boston_queues.py: names derived from the export, no table of the city's.
# The alias is the export's spelling, so that a dispatch model can answer with a unit.
"""


def main(source: Path) -> None:
    """One unit a queue, by department and name."""
    with gzip.open(source, "rt", encoding="utf-8", newline="") as lines:
        named = {(row["department"], row["queue"]) for row in csv.DictReader(lines)}
    queues = sorted((DEPARTMENTS[code], queue) for code, queue in named if code in DEPARTMENTS)
    written = [HEAD]
    for department, queue in queues:
        plain = re.sub(r"^[A-Za-z]+\d*_(?:OCR_|GRAF_)?", "", queue).replace("_", ": ").strip()
        written.append(
            f"[unit.{_slug(queue)}]\n"
            f"name = {{ en = {json.dumps(plain)} }}\n"
            f'kind = "department"\nparent = "{department}"\n'
            f"aliases = [{json.dumps(queue)}]\n"
        )
    TARGET.mkdir(exist_ok=True)
    (TARGET / "queues.toml").write_text("\n".join(written), encoding="utf-8")


def _slug(queue: str) -> str:
    return "queue-" + re.sub(r"[^a-z0-9]+", "-", queue.lower()).strip("-")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
