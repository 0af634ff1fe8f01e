"""The words can raise a tier, for a reason that is shown, and never lower one."""

from pathlib import Path

import pytest

from cli.bench_words.tiers import Judged, Row, by_pack, by_rules, judged
from domain.vocabulary import Basis, Tier
from packs.loader import load_pack
from packs.tiers import Context, RaiseRule, raised

DATA = Path(__file__).parents[3] / "shared" / "data" / "zh_messages"
CATALOGUE = load_pack("cn-beijing").catalogue
NOW = (
    ("三楼着火了，快来人", Tier.EMERGENCY),
    ("去年刚改的燃气管今天又漏气了", Tier.EMERGENCY),
    ("楼道里燃气味很重", Tier.EMERGENCY),
    ("我妈被困在电梯里半小时了", Tier.EMERGENCY),
    ("小区电梯经常困人，上周又掉层", Tier.EMERGENCY),
    ("路面塌陷，车掉进去了", Tier.EMERGENCY),
    ("围墙倾斜，随时可能倒下来砸到人", Tier.EMERGENCY),
    ("路灯杆漏电，孩子被电到", Tier.EMERGENCY),
    ("电线断落在人行道上，裸露的电线没人管", Tier.EMERGENCY),
    ("有人要跳楼", Tier.EMERGENCY),
    ("邻居持刀砸门，说要打死我", Tier.EMERGENCY),
    ("有人落水了", Tier.EMERGENCY),
    ("她有自杀的念头，请你们快来", Tier.EMERGENCY),
    ("孩子从楼梯摔下来动弹不得", Tier.EMERGENCY),
    ("化工厂的酒精罐泄漏了", Tier.EMERGENCY),
    ("电梯突然停在半空，里面有老人", Tier.EMERGENCY),
    ("坐电梯被关在里面四十分钟，这个月第三次了", Tier.EMERGENCY),
    ("孩子放学后走失，到现在没找到", Tier.EMERGENCY),
    ("弟弟被骗进传销，电话打不通，请解救", Tier.EMERGENCY),
    ("有人把我女儿关在出租屋不让出来", Tier.EMERGENCY),
    ("工地挖断了燃气管，味道很大", Tier.EMERGENCY),
    ("全家吃了食堂的饭上吐下泻，已经送医院", Tier.EMERGENCY),
    ("配电箱里进水了，一直在打火花", Tier.EMERGENCY),
    ("高压线杆倒在路中间", Tier.EMERGENCY),
    ("墙体裂缝一天比一天宽，楼都歪了", Tier.EMERGENCY),
    ("挡土墙向外倾斜，存在很大的安全隐患", Tier.EMERGENCY),
    ("去年垮塌的河堤至今没有修复，汛期又到了", Tier.EMERGENCY),
    ("外墙砖一直往下掉，地上天天都是", Tier.EMERGENCY),
    ("桥墩被冲空了，大货车还在过", Tier.EMERGENCY),
    ("我看到有人在桥上要跳下去", Tier.EMERGENCY),
    ("他扬言要杀我全家", Tier.EMERGENCY),
    ("物业保安正在殴打业主", Tier.EMERGENCY),
    ("老人倒在地上没有反应", Tier.EMERGENCY),
    ("门口的下水井没盖，已经摔了两个人", Tier.EMERGENCY),
    ("洪水进村了，老人在房顶上", Tier.EMERGENCY),
    ("曾书记您好，我弟弟被人限制人身自由", Tier.EMERGENCY),
    ("表弟上周出门，至今未能联系上", Tier.EMERGENCY),
    ("墙体倾斜、室内外地面开裂", Tier.EMERGENCY),
    ("他们非要人参观七天，母子二人被非法软禁", Tier.EMERGENCY),
    ("儿子打电话来要钱，好像被人控制了", Tier.EMERGENCY),
    ("她几次欲跳楼自杀，都被拦下", Tier.EMERGENCY),
    ("smoke everywhere, the kitchen is on fire", Tier.EMERGENCY),
    ("I smell gas in the hallway", Tier.EMERGENCY),
    ("people trapped in the elevator", Tier.EMERGENCY),
    ("downed wire across the sidewalk", Tier.EMERGENCY),
    ("全楼停水两天", Tier.UTILITY),
    ("暖气一直不热", Tier.UTILITY),
    ("家里没有水用", Tier.UTILITY),
    ("污水倒灌到屋里", Tier.UTILITY),
    ("小区三天没来水了", Tier.UTILITY),
    ("物业把我家电断了", Tier.UTILITY),
    ("电压太低，空调打不开", Tier.UTILITY),
    ("我们组忍受低电压好几年，风扇都转不动", Tier.UTILITY),
    ("一到晚上没水洗澡", Tier.UTILITY),
    ("卫生间往外冒粪水", Tier.UTILITY),
    ("天然气打不着，说是管道维修", Tier.UTILITY),
    ("burst water main, no running water", Tier.UTILITY),
)
NOT_NOW = (
    "消防通道被堵，一旦着火后果不堪设想",
    "楼道堆物，有火灾隐患",
    "建议加强燃气泄漏预防宣传",
    "2016年家里失火，赔偿至今没有下来",
    "看新闻说外地有楼房倒塌，请检查我们这里",
    "贫困人口如何申请救助",
    "公交到火车站的班次太少",
    "担心停电，想问何时检修",
    "请修落水管",
    "物业费太高，领导没水平",
    "小区关停电梯，老人下不了楼",
    "工资拖欠两年，逼得人走投无路",
    "生态环境岌岌可危",
    "公司法人失踪，欠款没人还",
    "扼杀了我们的希望",
    "物业费和水费捆绑在一起收",
    "有人垄断水泥市场",
    "他曾被人限制人身自由",
    "家里没水平管孩子",
    "担心以后会漏气，建议检查",
    "the hallway is a fire hazard",
    "if there was an explosion nobody could get out",
    "trees could have collapsed on a risk of landslide",
    "no gas station nearby",
)


def tier_of(text: str, tier: Tier = Tier.GENERAL) -> tuple[Tier, tuple[str, ...]]:
    return raised(tier, text, CATALOGUE.raised, CATALOGUE.context)


@pytest.mark.parametrize(("text", "tier"), NOW)
def test_what_is_happening_raises_the_tier_and_says_why(text: str, tier: Tier) -> None:
    found, why = tier_of(text)

    assert found is tier
    assert why[0].startswith(f"tier {tier}: ")


@pytest.mark.parametrize("text", NOT_NOW)
def test_what_only_might_happen_or_is_over_or_elsewhere_does_not(text: str) -> None:
    assert tier_of(text) == (Tier.GENERAL, ())


def test_no_words_lower_a_tier() -> None:
    assert tier_of("谢谢，已经解决", Tier.EMERGENCY) == (Tier.EMERGENCY, ())
    assert tier_of("停水", Tier.EMERGENCY) == (Tier.EMERGENCY, ())


def test_the_most_urgent_of_several_rules_wins() -> None:
    assert tier_of("停电了，老人被困电梯")[0] is Tier.EMERGENCY


def test_the_reason_holds_no_word_of_the_message() -> None:
    assert tier_of("三楼着火了") == (Tier.EMERGENCY, ("tier emergency: fire or explosion",))


def test_a_shield_covers_its_sentence_from_where_it_stands() -> None:
    rule = RaiseRule(
        tier=Tier.EMERGENCY, words=("fire",), shielded_by=("if",), basis=Basis.DEMO, source="D0"
    )
    shield = {"if": Context(before="if", clause="drill", lifts="now")}

    said = {
        text: bool(raised(Tier.GENERAL, text, (rule,), shield)[1])
        for text in (
            "if a fire, help",
            "help, fire, if you can",
            "if so. fire",
            "fire drill",
            "drill, fire",
            "if now fire",
        )
    }

    assert said == {
        "if a fire, help": False,
        "help, fire, if you can": True,
        "if so. fire": True,
        "fire drill": False,
        "drill, fire": True,
        "if now fire": True,
    }


@pytest.mark.parametrize(
    ("split", "recall"),
    [("tune", 0.95), ("tune2", 0.95), ("judge", 0.9), ("words-tune", 0.75), ("words-judge", 0.6)],
)
def test_on_labelled_messages_emergencies_are_found_and_few_are_raised_wrongly(
    split: str, recall: float
) -> None:
    if not DATA.exists():
        pytest.skip("../shared/data/zh_messages is absent")

    found, rules = judged(DATA.parent, split, by_pack), judged(DATA.parent, split, by_rules)

    assert found.labelled(Tier.EMERGENCY) >= 19
    assert found.recall(Tier.EMERGENCY) >= max(recall, rules.recall(Tier.EMERGENCY))
    assert found.wrongly(Tier.EMERGENCY) <= 0.02
    assert found.wrongly(Tier.UTILITY) <= 0.02


def test_a_row_weighs_as_much_as_the_messages_of_its_stratum() -> None:
    found = (
        (Row("judge", "few", "emergency", ""), Tier.EMERGENCY),
        (Row("judge", "many", "emergency", ""), Tier.GENERAL),
        (Row("judge", "many", "none", ""), Tier.EMERGENCY),
    )
    one = Judged(found, {"few": 10, "many": 60})

    assert one.recall(Tier.EMERGENCY) == 1 / 2
    assert one.weighted_recall(Tier.EMERGENCY) == 10 / 40
    assert one.wrongly(Tier.EMERGENCY) == 30 / 70
