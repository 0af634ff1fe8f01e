"""A person's words and name go through a whole life and stand readable nowhere; then are erased."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from tests.e2e import files
from tests.e2e.town import DISTRICT, STREET, Case, Town, taken
from tests.e2e.traces import traces, visible_in_temporal

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.slow,
    pytest.mark.timeout(240),
    pytest.mark.xdist_group("e2e"),
]

NAME, PHONE, EMAIL = "欧阳锦绣", "13987654321", "jinxiu.ouyang@example.cn"
ADDRESS, TITLE = "幸福里胡同七十九号院三单元", "邻居豢养孔雀扰民"
WORDS = (
    "孔雀每日寅时啼鸣令人神经衰弱",  # what the citizen wrote
    "已劝导饲主将孔雀迁往郊外",  # what the unit answered
    "现场勘验照片编号甲子零柒",  # its evidence
    "饲主又添置了两只珍珠鸡",  # facts added later
    "补偿方案仍然令人不敢恭维",  # the comment
    "需要林业部门协助捕捉",  # a reason
)
TEXT, ANSWER, EVIDENCE, FACTS, COMMENT, REASON = WORDS
SECRET = (NAME, PHONE, EMAIL, ADDRESS, TITLE, *WORDS)
PERSON = {"kind": "person", "name": NAME, "phone": PHONE, "email": EMAIL, "account": PHONE}


async def test_no_word_of_a_person_is_readable_before_or_after_it_is_erased(town: Town) -> None:
    closed, open_ = await asyncio.gather(_whole_life(town), _half_a_life(town))
    read = (await town.get(f"complaints/{closed.number}/matter")).json()
    assert (read["text"], read["answers"][0]["answer"]) == (TEXT, ANSWER), "its own may read it"
    assert traces(town.system, [closed.number]), "a trace that stands there is found"
    await asyncio.to_thread(files.everything_is_told, town.system)

    assert traces(town.system, SECRET) == []
    assert not any(word in visible_in_temporal(town.system) for word in SECRET)

    for case in (closed, open_):
        erased = town.system.run("erase", case.number)
        assert erased.returncode == 0, erased.stdout + erased.stderr
        await _assert_forgotten(case)
    assert (await open_.read())["outcome"] == "withdrawn"
    assert traces(town.system, SECRET) == []
    await _assert_the_rest_goes_on(town)


async def _whole_life(town: Town) -> Case:
    case = await _complain(town, 1)
    await case.until("dispatched")
    taken(await case.on_order("sign-off"))
    now = datetime.now(UTC)
    until = (now + timedelta(seconds=3)).isoformat()
    suspended = {"cause": "force_majeure", "until": until, "evidence": EVIDENCE}
    taken(await case.on_order("suspension", **suspended))
    taken(await case.on_order("resumption"))
    taken(await case.act("facts", case.receipt, text=FACTS))
    taken(await case.on_order("interim-report", text=REASON))
    taken(await case.on_order("completion", result="solved", answer=ANSWER, evidence=EVIDENCE))
    await case.until("evaluating")
    verdict = {"round": 1, "contacted": "yes", "resolved": "yes", "satisfied": "yes"}
    taken(await case.act("evaluation", case.receipt, **verdict, comment=COMMENT))
    return case


async def _half_a_life(town: Town) -> Case:
    case = await _complain(town, 2)
    await case.until("dispatched")
    taken(await case.on_order("help", reason=REASON))
    return case


async def _complain(town: Town, nth: int) -> Case:
    """Each with a picture of its own: without a new fact it would be attached to the one before."""
    picture = {"url": f"https://pictures.example/{nth}", "kind": "photo", "sha256": f"{nth}" * 64}
    place = {"address": ADDRESS, "district": DISTRICT, "subdistrict": STREET}
    return await town.complain(
        title=TITLE,
        text=TEXT,
        place=place,
        complainant=PERSON,
        media=[picture],
        external_id=f"{PHONE}-{nth}",
    )


async def _assert_forgotten(case: Case) -> None:
    for part in ("matter", "person"):
        answer = await case.town.get(f"complaints/{case.number}/{part}")
        assert answer.status_code == 410, answer.text
        assert answer.json()["code"] == "person-erased", answer.text


async def _assert_the_rest_goes_on(town: Town) -> None:
    now = datetime.now(UTC)
    period = {"from": (now - timedelta(hours=1)).isoformat(), "to": now.isoformat()}
    rates = await town.get("rates", **period)
    assert rates.status_code == 200
    assert rates.json()["total"]["rounds"] > 0
    files.assert_the_files_are_whole(town.system)
