"""What citizens of the demonstration say: real messages where they lie beside the checkout.

The real ones may be read and never kept: nothing of them is stored outside the demonstration's own
database, and where the folder is absent a few of our own are told instead.
"""

import csv
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from settings import CHECKOUT

MESSAGES = CHECKOUT.parent / "shared" / "data" / "zh_messages" / "replies_2816.csv.gz"
LONGEST_TEXT, LONGEST_TITLE = 8000, 200
DEMANDS = (
    ("consult", ("咨询", "请问", "询问")),
    ("suggestion", ("建议",)),
    ("help", ("求助", "请求", "希望")),
    ("report", ("举报",)),
)


@dataclass(frozen=True)
class Message:
    title: str
    text: str

    @property
    def demand(self) -> str:
        """By the words that such messages begin with; most are complaints."""
        found = (demand for demand, words in DEMANDS if any(word in self.title for word in words))
        return next(found, "complaint")


OURS = tuple(
    Message(title, text)
    for title, text in (
        ("楼下垃圾无人清运", "小区西门的垃圾桶满了三天，味道很大，请安排清运。"),
        ("路灯不亮", "学校门口一段路的路灯坏了，孩子晚上放学看不清路。"),
        ("夜间施工噪音", "工地凌晨两点还在打桩，周围居民无法休息。"),
        ("家里没有暖气", "供暖开始一周了，暖气片还是凉的，家里有老人。"),
        ("投诉物业乱收费", "物业不公示收支，却要上涨停车费。"),
        ("道路坑洼", "小区门前的路面塌了一块，已经有人摔倒。"),
        ("拖欠工资", "工程队欠我们十几个人两个月工资，一直推脱。"),
        ("咨询入学政策", "请问外地户口的孩子上小学需要哪些材料？"),
        ("建议增设公交站", "新区入住率高了，最近的公交站要走二十分钟。"),
        ("停水没有通知", "从昨天晚上停水到现在，没有人告诉我们什么时候来水。"),
    )
)


def messages(count: int, source: Path = MESSAGES) -> tuple[list[Message], bool]:
    """So many messages, and whether they are real ones."""
    real = list(islice(_real(source), count)) if source.exists() else []
    return (real, True) if real else (list(islice(cycle(OURS), count)), False)


def _real(source: Path) -> Iterator[Message]:
    """Of every kind: neighbouring rows are about one matter, so most are passed over."""
    with gzip.open(source, "rt", encoding="utf-8", newline="") as file:
        for nth, row in enumerate(csv.DictReader(file)):
            text = row["detail"].strip()
            if nth % 40 == 0 and text:
                yield Message(row["title"].strip()[:LONGEST_TITLE], text[:LONGEST_TEXT])
