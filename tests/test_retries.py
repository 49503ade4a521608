"""Retries, which are openai's own: what is sent again, how often, after what wait, and what is not."""

from __future__ import annotations

import ssl
import time
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

import anyio
import openai
import pytest
from conftest import completion, httpx, sse, text_stream
from scripts import ask, collect, play, text_of

from zhipu_openai.errors import CODES, details

if TYPE_CHECKING:
    from collections.abc import Generator

    from conftest import SyncSide, Wire

BEIJING = timezone(timedelta(hours=8))


def failure(code: str, message: str = "忙") -> dict[str, Any]:
    """Make the body of a failure."""
    return {"error": {"code": code, "message": message}}


@pytest.fixture(params=[False, True], ids=["plain", "stream"])
def stream(request: pytest.FixtureRequest) -> bool:
    """Whether a stream is asked for."""
    return bool(request.param)


def lay_out_success(wire: Wire, *, stream: bool) -> None:
    """Lay out the reply that comes at last."""
    wire.reply(text_stream("Hello.") if stream else completion(content="Hello."))


def words(answer: Any, *, stream: bool) -> str:
    """Give what an answer says."""
    return text_of(answer) if stream else str(answer.choices[0].message.content)


def check_wait(wait: float, code: str, attempt: int) -> None:
    """Check a wait against the code's own schedule, over which it is spread by a quarter at most."""
    schedule = CODES[code].waits
    planned = schedule[min(attempt, len(schedule) - 1)]
    assert planned <= wait <= min(planned * 1.25, 60)


# What is sent again


@pytest.mark.parametrize("status", [429, 200])
@pytest.mark.parametrize("code", ["1302", "1303", "1305", "1312"])
def test_what_passes_is_tried_again_after_the_wait_of_its_code(
    side: SyncSide, wire: Wire, waits: list[float], status: int, code: str, *, stream: bool
) -> None:
    for _ in range(2):
        wire.reply(failure(code), status=status)
    lay_out_success(wire, stream=stream)
    assert words(side.create(stream=stream), stream=stream) == "Hello."
    assert len(wire.sent) == 3
    assert wire.sent[0].content == wire.sent[1].content == wire.sent[2].content
    assert len(waits) == 2
    for attempt, wait in enumerate(waits):
        check_wait(wait, code, attempt)


def test_the_waits_grow_by_the_count_that_openai_keeps(
    side: SyncSide, wire: Wire, waits: list[float]
) -> None:
    wire.reply(failure("1305"), status=429)
    with pytest.raises(openai.APIStatusError) as caught:
        side.create(client={"max_retries": 5})
    assert len(wire.sent) == 6
    assert len(waits) == 5
    for attempt, wait in enumerate(waits):
        check_wait(wait, "1305", attempt)
    assert waits == sorted(waits)
    assert details(caught.value) is not None


def test_native_paths_are_tried_again_by_the_same_schedule(
    side: SyncSide, wire: Wire, waits: list[float]
) -> None:
    wire.reply(failure("1302"))

    def script(client: Any) -> Generator[Any, Any, None]:
        with pytest.raises(openai.RateLimitError):
            yield client.post("/knowledge", body={"a": 1}, cast_to=object)

    play(side, script, max_retries=3)
    assert [sent.json for sent in wire.sent] == [{"a": 1}] * 4
    for attempt, wait in enumerate(waits):
        check_wait(wait, "1302", attempt)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_page_from_the_edge_is_a_server_error_and_is_tried_again(
    side: SyncSide, wire: Wire, waits: list[float], status: int, *, stream: bool
) -> None:
    page = {"content-type": "text/html"}
    wire.reply(b"<html><title>502 Bad Gateway</title></html>", status=status, headers=page)
    lay_out_success(wire, stream=stream)
    assert words(side.create(stream=stream), stream=stream) == "Hello."
    assert len(wire.sent) == 2
    assert len(waits) == 1


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_page_from_the_edge_is_not_quoted(side: SyncSide, wire: Wire, status: int, *, stream: bool) -> None:
    wire.reply(
        b"<html><title>502 Bad Gateway</title></html>", status=status, headers={"content-type": "text/html"}
    )
    with pytest.raises(openai.InternalServerError) as caught:
        side.create(stream=stream, client={"max_retries": 0})
    assert caught.value.status_code == status
    assert "<html>" not in str(caught.value)


@pytest.mark.parametrize("error", ["ConnectError", "ReadError", "RemoteProtocolError", "WriteError"])
def test_a_broken_connection_is_tried_again(
    side: SyncSide, wire: Wire, waits: list[float], error: str, *, stream: bool
) -> None:
    def broken(request: Any) -> Any:
        raise getattr(httpx, error)("broken", request=request)

    wire.reply_with(broken)
    lay_out_success(wire, stream=stream)
    assert words(side.create(stream=stream), stream=stream) == "Hello."
    assert len(wire.sent) == 2
    assert len(waits) == 1


@pytest.mark.parametrize("error", ["ConnectTimeout", "ReadTimeout", "WriteTimeout", "PoolTimeout"])
def test_a_timeout_is_tried_again_and_is_one_in_the_end(
    side: SyncSide, wire: Wire, waits: list[float], error: str, *, stream: bool
) -> None:
    def late(request: Any) -> Any:
        raise getattr(httpx, error)("late", request=request)

    wire.reply_with(late)
    with pytest.raises(openai.APITimeoutError):
        side.create(stream=stream)
    assert len(wire.sent) == 3
    assert len(waits) == 2


def test_a_connection_that_breaks_in_an_answer_is_tried_again(
    side: SyncSide, wire: Wire, waits: list[float]
) -> None:
    class Breaks(httpx.SyncByteStream, httpx.AsyncByteStream):
        def __iter__(self) -> Any:
            yield b'{"choices": ['
            raise httpx.ReadError("cut")

        async def __aiter__(self) -> Any:
            yield b'{"choices": ['
            raise httpx.ReadError("cut")

    wire.reply_with(
        lambda _: httpx.Response(200, headers={"content-type": "application/json"}, stream=Breaks())
    )
    wire.reply(completion(content="Hello."))
    assert side.create().choices[0].message.content == "Hello."
    assert len(wire.sent) == 2
    assert len(waits) == 1


@pytest.mark.parametrize("cut", [b"", sse(done=False), text_stream("Hel")[:20]])
def test_a_stream_that_breaks_before_its_first_word_is_tried_again(
    side: SyncSide, wire: Wire, waits: list[float], cut: bytes
) -> None:
    wire.reply(cut)
    wire.reply(text_stream("Hello."))
    assert text_of(side.create(stream=True)) == "Hello."
    assert len(wire.sent) == 2
    assert len(waits) == 1


def test_an_error_as_the_first_event_of_a_stream_has_its_status_and_is_tried_again(
    side: SyncSide, wire: Wire, waits: list[float]
) -> None:
    wire.reply(sse(failure("1305"), done=False))
    wire.reply(text_stream("Hello."))
    assert text_of(side.create(stream=True)) == "Hello."
    assert len(wire.sent) == 2
    check_wait(waits[0], "1305", 0)


def test_a_stream_that_breaks_later_is_not_tried_again_but_raised(
    side: SyncSide, wire: Wire, waits: list[float]
) -> None:
    wire.reply(text_stream("Hel", "lo.")[:450])
    with pytest.raises(openai.APIConnectionError):
        side.create(stream=True)
    assert len(wire.sent) == 1
    assert waits == []


@pytest.mark.parametrize("error", [ssl.SSLError("cut"), anyio.EndOfStream(), httpx.DecodingError("cut")])
@pytest.mark.parametrize("n", [1, 2])
def test_whatever_breaks_a_stream_is_a_connection_error(
    side: SyncSide, wire: Wire, error: Exception, n: int
) -> None:
    class Breaks(httpx.SyncByteStream, httpx.AsyncByteStream):
        def __iter__(self) -> Any:
            yield text_stream("Hel", "lo.")[:450]
            raise error

        async def __aiter__(self) -> Any:
            yield text_stream("Hel", "lo.")[:450]
            raise error

    wire.reply_with(
        lambda _: httpx.Response(200, headers={"content-type": "text/event-stream"}, stream=Breaks())
    )
    with pytest.raises(openai.APIConnectionError):
        side.create(stream=True, n=n)


@pytest.mark.parametrize("n", [1, 2])
def test_a_mistake_of_the_client_below_is_not_taken_for_the_end(side: SyncSide, wire: Wire, n: int) -> None:
    def stop(_: Any) -> Any:
        raise StopIteration

    wire.reply_with(stop)
    with pytest.raises((StopIteration, RuntimeError, openai.APIConnectionError)):
        side.create(n=n, client={"max_retries": 0})


def test_an_error_later_in_a_stream_is_openais_own_exception(
    side: SyncSide, wire: Wire, waits: list[float]
) -> None:
    start = text_stream("Hel").split(b"\n\n")[0] + b"\n\n"
    wire.reply(start + sse(failure("1302"), done=False))
    with pytest.raises(openai.RateLimitError) as caught:
        side.create(stream=True)
    assert caught.value.status_code == 429
    told = details(caught.value)
    assert told is not None
    assert told.code == "1302"
    assert len(wire.sent) == 1
    assert waits == []


# What is not


@pytest.mark.parametrize("status", [429, 200])
def test_an_empty_balance_is_said_once(
    side: SyncSide, wire: Wire, waits: list[float], status: int, *, stream: bool
) -> None:
    wire.reply(failure("1113", "余额不足或无可用资源包,请充值。"), status=status)
    with pytest.raises(openai.RateLimitError) as caught:
        side.create(stream=stream, client={"max_retries": 5})
    assert caught.value.code == "insufficient_quota"
    assert len(wire.sent) == 1
    assert waits == []


def test_a_limit_that_resets_later_is_said_once_with_the_time(
    side: SyncSide, wire: Wire, waits: list[float], *, stream: bool
) -> None:
    message = "Usage limit reached for 5 hour. Your limit will reset at 2026-11-24 05:38:28"
    wire.reply(failure("1308", message), status=429)
    with pytest.raises(openai.RateLimitError) as caught:
        side.create(stream=stream)
    told = details(caught.value)
    assert told is not None
    assert told.resets_at == datetime(2026, 11, 24, 5, 38, 28, tzinfo=BEIJING)
    assert told.retry is False
    assert len(wire.sent) == 1
    assert waits == []


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (400, "1210", openai.BadRequestError),
        (401, "1000", openai.AuthenticationError),
        (400, "1301", openai.BadRequestError),
        (404, "1211", openai.NotFoundError),
    ],
)
def test_what_will_not_pass_is_not_tried_again(
    side: SyncSide, wire: Wire, waits: list[float], status: int, code: str, error: type[Exception]
) -> None:
    wire.reply(failure(code), status=status)
    with pytest.raises(error):
        side.create()
    assert len(wire.sent) == 1
    assert waits == []


def test_no_retries_are_none(side: SyncSide, wire: Wire, waits: list[float], *, stream: bool) -> None:
    wire.reply(failure("1302"), status=429)
    with pytest.raises(openai.RateLimitError):
        side.create(stream=stream, client={"max_retries": 0})
    assert len(wire.sent) == 1
    assert waits == []


def test_the_number_of_retries_of_a_copy_counts(side: SyncSide, wire: Wire, waits: list[float]) -> None:
    wire.reply(failure("1302"), status=429)

    def script(client: Any) -> Generator[Any, Any, None]:
        with pytest.raises(openai.RateLimitError):
            yield ask(client.with_options(max_retries=1))

    play(side, script)
    assert len(wire.sent) == 2
    assert len(waits) == 1


# Waits that the server asks for


def test_a_longer_wait_that_the_server_asks_for_is_kept(
    side: SyncSide, wire: Wire, waits: list[float], *, stream: bool
) -> None:
    wire.reply(failure("1302"), status=429, headers={"retry-after": "45"})
    lay_out_success(wire, stream=stream)
    side.create(stream=stream)
    assert waits == [45.0]


def test_a_wait_until_a_date_is_kept(side: SyncSide, wire: Wire, waits: list[float]) -> None:
    then = datetime.now(timezone.utc) + timedelta(seconds=50)
    wire.reply(failure("1302"), status=429, headers={"retry-after": format_datetime(then, usegmt=True)})
    wire.reply(completion(content="Hello."))
    side.create()
    assert 45 <= waits[0] <= 50


def test_a_wait_in_milliseconds_is_kept(side: SyncSide, wire: Wire, waits: list[float]) -> None:
    wire.reply(failure("1302"), status=429, headers={"retry-after-ms": "40000", "retry-after": "7"})
    wire.reply(completion(content="Hello."))
    side.create()
    assert waits == [40.0]


def test_a_wait_longer_than_a_minute_is_not_waited_for_but_told(
    side: SyncSide, wire: Wire, waits: list[float]
) -> None:
    wire.reply(failure("1302"), status=429, headers={"retry-after": "3600"})
    with pytest.raises(openai.RateLimitError) as caught:
        side.create()
    told = details(caught.value)
    assert told is not None
    assert told.resets_at is not None
    assert abs(told.resets_at.timestamp() - time.time() - 3600) < 60
    assert waits == []
    assert len(wire.sent) == 1


@pytest.mark.parametrize("value", ["9" * 400, "1e306", "Wed, 21 Oct 9999 07:28:00 GMT"])
def test_a_wait_beyond_all_measure_is_told_as_a_long_one(
    side: SyncSide, wire: Wire, waits: list[float], value: str
) -> None:
    wire.reply(failure("1302"), status=429, headers={"retry-after": value})
    with pytest.raises(openai.RateLimitError) as caught:
        side.create()
    told = details(caught.value)
    assert told is not None
    assert told.resets_at is not None
    assert told.resets_at.year > 2100
    assert waits == []


@pytest.mark.parametrize(
    "value",
    [
        "soon",
        "",
        "-5",
        "nan",
        "inf",
        "Mon, 99 Foo",
        "Mon, 01 Jan 99999999999999999999 00:00:00 GMT",
        "Wed, 21 Oct 2026 07:28:00 +9999999999",
    ],
)
def test_a_wait_that_cannot_be_read_is_the_codes_own(
    side: SyncSide, wire: Wire, waits: list[float], value: str
) -> None:
    wire.reply(failure("1302"), status=429, headers={"retry-after": value})
    wire.reply(completion(content="Hello."))
    side.create()
    check_wait(waits[0], "1302", 0)


# Several requests for one call


def test_when_one_of_several_choices_fails_the_whole_is_tried_again(
    side: SyncSide, wire: Wire, waits: list[float]
) -> None:
    wire.reply(failure("1302"), status=429)
    wire.reply(completion(content="Hello."))
    answer = side.create(n=2)
    assert [choice.message.content for choice in answer.choices] == ["Hello.", "Hello."]
    assert len(waits) == 1


def test_a_stream_of_several_choices_that_fails_at_once_is_tried_again(
    side: SyncSide, wire: Wire, waits: list[float]
) -> None:
    for _ in range(2):
        wire.reply(failure("1302"), status=429)
    wire.reply(text_stream("Hello."))

    def script(client: Any) -> Generator[Any, Any, None]:
        chunks = yield collect((yield ask(client, stream=True, n=2)))
        assert {choice.index for chunk in chunks for choice in chunk.choices} == {0, 1}

    play(side, script)
    assert len(waits) == 1
