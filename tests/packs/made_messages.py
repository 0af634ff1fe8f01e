"""Made messages of three kinds, for tests that need labels and no real words."""

from random import Random

from packs.learned.labelled import Labelled

KINDS = {
    "roads": ("坑洼", "路面", "人行道", "红绿灯", "堵车", "车道", "斑马线", "桥梁"),
    "schools": ("老师", "学生", "补课", "食堂", "学费", "校长", "课本", "操场"),
    "noise": ("施工", "扰民", "音响", "深夜", "噪声", "睡觉", "广场舞", "工地"),
}
ANYWHERE = ("小区", "附近", "希望", "部门", "处理", "反映", "居民", "问题", "长期", "尽快")


def message(kind: str, chance: Random, telling: int = 4) -> str:
    """Words cut by spaces: some of its kind, some of any."""
    words = chance.sample(KINDS[kind], telling) + chance.sample(ANYWHERE, 5)
    chance.shuffle(words)
    return " ".join(words)


def messages(each: int, seed: int = 1, telling: int = 4) -> Labelled:
    chance = Random(seed)
    pairs = [(message(kind, chance, telling), kind) for _ in range(each) for kind in KINDS]
    return Labelled(
        texts=tuple((text,) for text, _ in pairs),
        labels=tuple(kind for _, kind in pairs),
        group=tuple(map(str, range(len(pairs)))),
    )
