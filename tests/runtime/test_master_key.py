"""Where master keys come from, and that one purpose's key says nothing about another's."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import SecretStr

from runtime.master_key import MasterKeyRefused, MasterKeys
from settings import Settings


def test_the_first_start_makes_a_key_for_its_owner_only(tmp_path: Path) -> None:
    made = MasterKeys.load(Settings(data=tmp_path))

    assert stat.S_IMODE((tmp_path / "master.key").stat().st_mode) == 0o600
    assert MasterKeys.load(Settings(data=tmp_path)).text() == made.text()
    assert [file.name for file in tmp_path.iterdir()] == ["master.key"]


def test_first_starts_at_once_agree_on_one_key(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    with ThreadPoolExecutor(16) as pool:
        texts = set(pool.map(lambda _: MasterKeys.kept_in(folder).text(), range(64)))

    assert len(texts) == 1


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    MasterKeys.kept_in(tmp_path)
    (tmp_path / "master.key").chmod(0o640)

    with pytest.raises(MasterKeyRefused, match="chmod"):
        MasterKeys.kept_in(tmp_path)


def test_the_environment_comes_first_and_leaves_no_file(tmp_path: Path) -> None:
    configured = MasterKeys.generate()

    loaded = MasterKeys.load(Settings(data=tmp_path, master_key=SecretStr(configured.text())))

    assert loaded.text() == configured.text()
    assert list(tmp_path.iterdir()) == []


def test_each_purpose_and_each_key_has_its_own_sub_key() -> None:
    first, second = MasterKeys.generate(), MasterKeys.generate()
    both = MasterKeys.parse(f"{second.text()},{first.text()}")

    assert len({first.derive(purpose) for purpose in ("a", "b", "")}) == 3
    assert both.derive("a") == second.derive("a")
    assert both.derive("a", first.current_id) == first.derive("a")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no master key"),
        ("c2VjcmV0", "id:base64"),
        (":c2VjcmV0", "id:base64"),
        ("k1:???", "not base64"),
        ("k1:c2VjcmV0", "32 bytes"),
        (f"k1:{'A' * 43}=,k1:{'B' * 43}=", "two master keys"),
    ],
)
def test_what_is_no_key_is_refused_without_quoting_it(text: str, said: str) -> None:
    with pytest.raises(MasterKeyRefused, match=said) as refused:
        MasterKeys.parse(text)

    assert "c2VjcmV0" not in str(refused.value)


def test_keys_are_not_shown() -> None:
    keys = MasterKeys.generate()

    assert repr(keys) == f"MasterKeys({keys.current_id})"
