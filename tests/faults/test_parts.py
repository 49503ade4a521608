"""What the faults led to, part by part: packed bodies, cut requests, links that lead to too much."""

from __future__ import annotations

import gzip
import zlib
from functools import partial
from typing import TYPE_CHECKING, Any

import openai
import pytest
from conftest import httpx
from hypothesis import given
from hypothesis import strategies as st

from zhipu_openai.cutting import GivingUp, cut_request
from zhipu_openai.exchange import Fetch
from zhipu_openai.limits import GivenUp
from zhipu_openai.translate.images import operation as images
from zhipu_openai.translate.videos import operation as videos
from zhipu_openai.unpacking import unpacker_for

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conftest import SyncSide, Wire

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(64)
VIDEO = b"\0\0\0\x18ftypmp42" + bytes(64)


class Broken(Exception):  # noqa: N818 - stands for the HTTP library's exception
    pass


def unpacked(encoding: str, pieces: Iterable[bytes]) -> bytes:
    unpacker = unpacker_for(encoding, Broken)
    assert unpacker is not None
    return b"".join(map(unpacker.feed, pieces)) + unpacker.end()


def bare(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


PACKERS = {
    "gzip": [gzip.compress, lambda data: gzip.compress(data[:9]) + gzip.compress(data[9:])],
    "deflate": [zlib.compress, bare],
}
FORMS = [(name, pack) for name, packers in PACKERS.items() for pack in packers]


@pytest.mark.parametrize(("encoding", "pack"), FORMS)
@given(data=st.binary(min_size=10, max_size=200), size=st.integers(1, 50))
def test_a_packed_body_is_unpacked_however_it_is_cut(
    encoding: str, pack: Any, data: bytes, size: int
) -> None:
    packed = pack(data)
    pieces = [packed[place : place + size] for place in range(0, len(packed), size)]
    assert unpacked(encoding, pieces) == data


@pytest.mark.parametrize(("encoding", "pack"), FORMS)
@given(data=st.binary(min_size=10, max_size=200), short=st.integers(1, 8))
def test_a_packed_body_that_breaks_off_is_not_taken_for_whole(
    encoding: str, pack: Any, data: bytes, short: int
) -> None:
    packed = pack(data)[:-short]
    with pytest.raises(Broken):
        unpacked(encoding, [packed])


def test_a_packed_body_of_nothing_is_nothing() -> None:
    assert unpacked("gzip", []) == b""


def test_a_damaged_body_is_said_to_be() -> None:
    with pytest.raises(Broken, match="damaged"):
        unpacked("gzip", [b"no gzip"])


def test_padding_behind_a_packed_body_is_left_out() -> None:
    assert unpacked("gzip", [gzip.compress(b"text") + b"\0\0\0", b"\0"]) == b"text"


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "other", ""])
def test_other_encodings_are_the_librarys(encoding: str) -> None:
    assert unpacker_for(encoding, Broken) is None


# Requests that nobody waits for


def test_what_is_given_up_is_not_begun() -> None:
    given_up = GivingUp()
    given_up.set()
    with pytest.raises(GivenUp), given_up.watching(None, None):
        pytest.fail("it was begun")


def test_a_client_of_an_unknown_make_is_left_alone() -> None:
    given_up = GivingUp()
    with given_up.watching(object(), object()):
        given_up.set()
    cut_request(object(), object())


# Links


def picture(side: SyncSide, wire: Wire, reply: Any) -> Any:
    wire.reply({"created": 1780000000, "data": [{"url": "https://files.example/p.png"}]})
    wire.reply_with(reply)
    return side.run(
        lambda client: client.images.generate(model="cogview-4", prompt="x", response_format="b64_json")
    )


def too_large(side: SyncSide, wire: Wire, reply: Any) -> openai.APIStatusError:
    with pytest.raises(openai.InternalServerError) as caught:
        picture(side, wire, reply)
    return caught.value


class _Pieces(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that comes in pieces and counts those that were read."""

    def __init__(self, piece: bytes, count: int) -> None:
        self.piece, self.count, self.read = piece, count, 0

    def __iter__(self) -> Any:
        for _ in range(self.count):
            self.read += 1
            yield self.piece

    async def __aiter__(self) -> Any:
        for piece in self:
            yield piece


def test_a_link_that_says_that_it_leads_to_too_much_is_not_read(side: SyncSide, wire: Wire) -> None:
    body = _Pieces(PICTURE, 3)
    error = too_large(
        side, wire, lambda _: httpx.Response(200, headers={"content-length": str(10**10)}, stream=body)
    )
    assert (error.status_code, error.code) == (502, "response_too_large")
    assert "128 MB" in error.message
    assert "response_format='url'" in error.message
    assert body.read == 0
    # The picture is there, and as large as before: neither is asked for again.
    assert len(wire.sent) == 2


def test_a_link_that_leads_to_too_much_is_read_no_further(
    side: SyncSide, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(images, "Fetch", partial(Fetch, most=200))
    body = _Pieces(PICTURE, 100)
    error = too_large(side, wire, lambda _: httpx.Response(200, stream=body))
    assert error.code == "response_too_large"
    assert body.read == 3


def test_what_is_counted_is_what_was_packed(
    side: SyncSide, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(images, "Fetch", partial(Fetch, most=100_000))
    packed = gzip.compress(PICTURE + bytes(1_000_000))
    assert len(packed) < 100_000
    headers = {"content-encoding": "gzip"}
    error = too_large(side, wire, lambda _: httpx.Response(200, headers=headers, stream=_Pieces(packed, 1)))
    assert error.code == "response_too_large"


def test_a_link_that_leads_to_just_enough_is_read(
    side: SyncSide, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(images, "Fetch", partial(Fetch, most=len(PICTURE)))
    made = picture(side, wire, lambda _: httpx.Response(200, content=PICTURE))
    assert made.data[0].b64_json


@pytest.mark.filterwarnings("ignore:The Sora API:DeprecationWarning")
def test_a_video_that_is_too_large_is_said_to_be(
    side: SyncSide, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(videos, "MOST_OF_A_VIDEO", 200)
    job = {"task_status": "SUCCESS", "video_result": [{"url": "https://files.example/v.mp4"}]}
    wire.reply({"model": "cogvideox-3", "id": "1", **job})
    wire.reply_with(lambda _: httpx.Response(200, stream=_Pieces(VIDEO, 100)))
    with pytest.raises((openai.InternalServerError, openai.APIConnectionError)) as caught:
        side.run(lambda client: client.videos.download_content("1"), max_retries=0)
    if isinstance(caught.value, openai.InternalServerError):
        assert caught.value.code == "response_too_large"
