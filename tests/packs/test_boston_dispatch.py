"""Boston's shipped table on real requests: it comes from the export, and beats the majority."""

from collections import Counter, defaultdict
from pathlib import Path

import pytest

from cli.bench_words.boston import JULY, PACK, REQUESTS, requests
from packs.areas import AREAS_FILE
from packs.dispatch_table import FEWEST, TABLE_FILE
from packs.folder import PACKS
from packs.loader import load_pack
from scripts.write_boston_dispatch import learnt

DATA = Path(__file__).parents[3] / "shared" / "data"
BOSTON = load_pack(PACK)
needs_requests = pytest.mark.skipif(
    not (DATA / REQUESTS).exists(), reason="../shared/data/boston311_2015 is absent"
)


def test_every_line_of_the_shipped_table_rests_on_enough_cases() -> None:
    assert BOSTON.dispatched is not None
    lines = BOSTON.dispatched.went.values()

    assert min(went.cases for line in lines for went in line.values()) >= FEWEST


@needs_requests
def test_the_shipped_files_are_what_the_script_writes() -> None:
    for name, text in learnt(DATA / REQUESTS).items():
        assert (PACKS / PACK / name).read_text(encoding="utf-8") == text, name

    assert {AREAS_FILE, TABLE_FILE} <= {path.name for path in (PACKS / PACK).iterdir()}


@needs_requests
def test_the_table_knows_more_queues_of_later_months_than_the_majority_of_the_type() -> None:
    table, places = BOSTON.dispatched, BOSTON.places
    assert table is not None
    seen: dict[str, Counter[str | None]] = defaultdict(Counter)
    for request in requests(DATA):
        if request.opened < JULY:
            seen[request.type][request.unit] += 1
    judged = [r for r in requests(DATA) if r.opened >= JULY and r.category and r.unit][::20]
    hits = majority = 0
    for request in judged:
        area = places.find(
            address=request.address, latitude=request.latitude, longitude=request.longitude
        ).area
        found = table.likeliest(request.category or "", area)
        hits += found is not None and found.unit == request.unit
        commonest = seen[request.type].most_common(1)
        majority += bool(commonest) and commonest[0][0] == request.unit

    assert hits / len(judged) > 0.82
    assert hits > majority + 0.1 * len(judged)
