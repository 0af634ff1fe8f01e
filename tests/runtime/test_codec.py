"""Decision 7(a): ciphertext that explains its own key, and decoding that never raises."""

import json

import pytest
from temporalio.api.common.v1 import Payload

from runtime.codec import ENCODING, EncryptingCodec
from runtime.master_key import MasterKeys

PLAIN = Payload(metadata={"encoding": b"json/plain"}, data='{"text": "路灯不亮"}'.encode())


@pytest.fixture
def keys() -> MasterKeys:
    return MasterKeys.generate()


async def _encoded(keys: MasterKeys) -> Payload:
    return (await EncryptingCodec(keys).encode([PLAIN]))[0]


async def _decoded(keys: MasterKeys, payload: Payload) -> Payload:
    return (await EncryptingCodec(keys).decode([payload]))[0]


def _reason(payload: Payload) -> object:
    return json.loads(payload.data)["undecodable"]


async def test_what_goes_in_comes_out_and_is_unreadable_between(keys: MasterKeys) -> None:
    encoded = await _encoded(keys)

    assert await _decoded(keys, encoded) == PLAIN
    assert encoded.metadata["encoding"] == ENCODING
    assert "路灯".encode() not in encoded.SerializeToString()


async def test_equal_payloads_have_nothing_in_common(keys: MasterKeys) -> None:
    first, second = await _encoded(keys), await _encoded(keys)

    assert first.metadata["encryption-salt"] != second.metadata["encryption-salt"]
    assert first.data != second.data


async def test_an_old_key_still_reads_what_it_wrote(keys: MasterKeys) -> None:
    rotated = MasterKeys.parse(f"{MasterKeys.generate().text()},{keys.text()}")

    assert await _decoded(rotated, await _encoded(keys)) == PLAIN
    assert (await _encoded(rotated)).metadata["encryption-key-id"] == rotated.current_id.encode()


async def test_a_foreign_key_gives_a_marker(keys: MasterKeys) -> None:
    decoded = await _decoded(MasterKeys.generate(), await _encoded(keys))

    assert _reason(decoded) == "unknown-key"


async def test_the_key_id_is_bound_to_the_ciphertext(keys: MasterKeys) -> None:
    secret = keys.text().partition(":")[2]
    twin = MasterKeys.parse(f"{keys.text()},twin:{secret}")
    encoded = await _encoded(keys)
    encoded.metadata["encryption-key-id"] = b"twin"

    assert _reason(await _decoded(twin, encoded)) == "damaged"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("encryption-key-id", b"\xff\xfe"),
        ("encryption-key-id", b""),
        ("encryption-salt", b""),
        ("encryption-salt", b"x" * 500),
    ],
)
async def test_broken_metadata_gives_a_marker(keys: MasterKeys, field: str, value: bytes) -> None:
    encoded = await _encoded(keys)
    encoded.metadata[field] = value

    assert _reason(await _decoded(keys, encoded)) in {"unknown-key", "damaged"}


@pytest.mark.parametrize("length", [0, 1, 11, 12, 13, 27, 28, 29])
async def test_cut_ciphertext_gives_a_marker(keys: MasterKeys, length: int) -> None:
    encoded = await _encoded(keys)
    encoded.data = encoded.data[:length]

    assert _reason(await _decoded(keys, encoded)) == "damaged"


async def test_any_flipped_bit_gives_a_marker(keys: MasterKeys) -> None:
    encoded = await _encoded(keys)
    for position in range(len(encoded.data)):
        flipped = bytearray(encoded.data)
        flipped[position] ^= 1
        damaged = Payload(metadata=dict(encoded.metadata), data=bytes(flipped))

        assert _reason(await _decoded(keys, damaged)) == "damaged"


async def test_unknown_encodings_pass_through(keys: MasterKeys) -> None:
    for foreign in (PLAIN, Payload(metadata={"encoding": b"binary/odd"}, data=b"?"), Payload()):
        assert await _decoded(keys, foreign) == foreign
