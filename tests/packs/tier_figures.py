"""How well the words' own urgency is found, on messages labelled by hand after docs/tier-rubric.md.

The labels name rows of a data set beside the repository; where that is absent there are no figures.
"""

import csv
import gzip
import json
import sys
from collections import defaultdict
from pathlib import Path

from domain.vocabulary import Tier
from packs.loader import load_pack
from packs.tiers import raised

LABELS = Path(__file__).with_name("tier_labels.csv")
DATA = Path(__file__).parents[3] / "shared" / "data" / "zh_messages"
SIZES = {"danger": 108, "fire": 109, "outage": 124, "near": 757, "rest": 6430}
"""The distinct messages of each stratum of the draw."""


def figures(whole: bool = False) -> dict[str, float] | None:
    """Recall of emergencies and outages, and the share raised wrongly; `whole` counts all too."""
    if not DATA.exists():
        return None
    with LABELS.open(encoding="utf-8", newline="") as lines:
        labelled = list(csv.DictReader(lines))
    texts = _texts({row["file"] for row in labelled})
    read = [(row, _tier(texts[row["file"], row["id"]])) for row in labelled]
    drawn = [(row, tier) for row, tier in read if row["stratum"] in SIZES]
    emergencies = [tier for row, tier in read if row["label"] == "emergency"]
    outages = [tier for row, tier in read if row["label"] == "utility"]
    called = [row["label"] for row, tier in read if tier is Tier.EMERGENCY]
    everyone = [_tier(text) for text in texts.values()] if whole else []
    found: dict[str, float] = {
        "labelled": len(read),
        "emergencies": len(emergencies),
        "emergency_recall": round(emergencies.count(Tier.EMERGENCY) / len(emergencies), 3),
        "emergency_precision_in_sample": round(called.count("emergency") / len(called), 3),
        "outages": len(outages),
        "outage_recall": round(1 - outages.count(Tier.GENERAL) / len(outages), 3),
        "raised_wrongly_to_emergency": round(_wrongly(drawn, Tier.EMERGENCY), 4),
        "raised_wrongly_to_utility": round(_wrongly(drawn, Tier.UTILITY), 4),
    }
    if everyone:
        found["messages"] = len(everyone)
        for tier in (Tier.EMERGENCY, Tier.UTILITY):
            found[f"raised_to_{tier}"] = round(everyone.count(tier) / len(everyone), 4)
    return found


def _wrongly(drawn: list[tuple[dict[str, str], Tier]], to: Tier) -> float:
    """The share of all messages raised to a tier that is not theirs, weighed by stratum."""
    judged: dict[str, list[bool]] = defaultdict(list)
    for row, tier in drawn:
        judged[row["stratum"]].append(tier is to and row["label"] not in (to, Tier.EMERGENCY))
    share = sum(SIZES[name] * sum(wrong) / len(wrong) for name, wrong in judged.items())
    return share / sum(SIZES.values())


def _tier(text: str) -> Tier:
    catalogue = load_pack("cn-beijing").catalogue
    return raised(Tier.GENERAL, text, catalogue.raised, catalogue.context)[0]


def _texts(files: set[str]) -> dict[tuple[str, str], str]:
    texts: dict[tuple[str, str], str] = {}
    for file in sorted(files):
        with gzip.open(DATA / file, "rt", encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                texts[file, row["id"]] = f"{row['title']}\n{row['detail']}"
    return texts


if __name__ == "__main__":
    sys.stdout.write(json.dumps(figures(whole=True), indent=2) + "\n")
