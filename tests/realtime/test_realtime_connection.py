"""Whole connections: both clients, both protocols, in process and over a real websocket on the loopback."""

from __future__ import annotations

import asyncio
import base64
import json
import threading
from typing import TYPE_CHECKING, Any

import openai
import pytest
from conftest import KEY, AsyncSide, SyncSide, Wire, httpx
from realtime_helpers import HELLO, WEATHER, kinds, realtime_of, until
from scripts import play, play_with

from zhipu_openai import standin
from zhipu_openai.client import AsyncOpenAI, OpenAI
from zhipu_openai.standin import BackgroundServer, StandIn
from zhipu_openai.standin.realtime import speech

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

# Release 13 waits 10 s for the end of a connection behind unread messages.
pytest.importorskip("websockets", minversion="14")

GA = hasattr(openai.OpenAI, "realtime")
DIALECTS = ["ga", "beta"] if GA else ["beta"]
MODEL = {"ga": "gpt-realtime", "beta": "gpt-4o-realtime-preview"}


@pytest.fixture(scope="module")
def server() -> Iterator[BackgroundServer]:
    with BackgroundServer(StandIn()) as running:
        yield running


class Place:
    """A stand-in, and how a client of either kind gets there."""

    def __init__(self, way: str, is_async: bool, server: BackgroundServer) -> None:
        self.is_async = is_async
        self.service = server.service if way == "socket" else StandIn()
        if way == "socket":
            self.options: dict[str, Any] = {"base_url": server.base_url}
        else:
            make = standin.async_client if is_async else standin.client
            self.options = {"region": "standin", "http_client": make(self.service, httpx)}
        self.service.requests.clear()

    def play(self, script: Any, **options: Any) -> Any:
        side = AsyncSide(Wire()) if self.is_async else SyncSide(Wire())
        return play(side, script, **{"on_adaptation": "ignore", **self.options, **options})

    def sent(self) -> list[dict[str, Any]]:
        """Give the client events that arrived."""
        return [request.json for request in self.service.requests if request.method == "WEBSOCKET"]


@pytest.fixture(params=["sync memory", "sync socket", "async memory", "async socket"])
def place(request: pytest.FixtureRequest, server: BackgroundServer) -> Place:
    kind, way = request.param.split()
    return Place(way, kind == "async", server)


@pytest.fixture(params=DIALECTS)
def dialect(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def names(dialect: str) -> dict[str, str]:
    output = "output_" if dialect == "ga" else ""
    return {"text": f"response.{output}text", "audio": f"response.{output}audio"}


def test_a_text_turn(place: Place, dialect: str) -> None:
    def script(client: Any) -> Generator[Any, Any, list[Any]]:
        connection = yield realtime_of(client, dialect).connect(model=MODEL[dialect]).enter()
        only_text = (
            {"output_modalities": ["text"], "type": "realtime"}
            if dialect == "ga"
            else {"modalities": ["text"]}
        )
        yield connection.session.update(session=only_text)
        yield connection.conversation.item.create(item=HELLO)
        yield connection.response.create()
        events = yield from until(connection, "response.done")
        yield connection.close()
        return events

    events = place.play(script)
    name = names(dialect)["text"]
    text = "".join(event.delta for event in events if event.type == f"{name}.delta")
    assert text.startswith("[stand-in]")
    assert '"Hello"' in text
    assert [event.text for event in events if event.type == f"{name}.done"] == [text]
    assert kinds(events)[:2] == ["session.created", "session.updated"]
    assert type(events[0]).__name__ == "SessionCreatedEvent"
    assert type(events[-1]).__name__ == "ResponseDoneEvent"
    assert events[-1].response.output[0].content[0].text == text
    assert [event["type"] for event in place.sent()] == [
        "session.update",
        "conversation.item.create",
        "response.create",
    ]
    assert place.sent()[0]["session"]["model"] == "glm-realtime-air"
    [handshake] = [request for request in place.service.requests if request.method == "GET"]
    assert handshake.path == "/api/paas/v4/realtime"


def test_an_audio_turn_without_turn_detection(place: Place, dialect: str) -> None:
    second = base64.b64encode(speech.tone(1.0)).decode()

    def script(client: Any) -> Generator[Any, Any, list[Any]]:
        connection = yield realtime_of(client, dialect).connect(model=MODEL[dialect]).enter()
        manual = (
            {"audio": {"input": {"turn_detection": None}}} if dialect == "ga" else {"turn_detection": None}
        )
        yield connection.session.update(session=manual)
        yield connection.input_audio_buffer.append(audio=second)
        yield connection.input_audio_buffer.commit()
        yield connection.response.create()
        events = yield from until(connection, "response.done")
        yield connection.close()
        return events

    events = place.play(script)
    name = names(dialect)["audio"]
    pcm = b"".join(base64.b64decode(event.delta) for event in events if event.type == f"{name}.delta")
    assert pcm == speech.tone(len(pcm) / 48000)
    assert len(pcm) > 4800
    [transcript] = [event.transcript for event in events if event.type == f"{name}_transcript.done"]
    assert "1.0 s of audio" in transcript
    transcribed = "conversation.item.input_audio_transcription.completed"
    [heard] = [event for event in events if event.type == transcribed]
    assert heard.transcript == "[stand-in] 1.0 s of audio"
    assert "input_audio_buffer.committed" in kinds(events)
    assert place.sent()[0]["session"]["turn_detection"] == {"type": "client_vad"}


def test_the_service_detects_turns_unless_told_not_to(place: Place, dialect: str) -> None:
    spoken = speech.tone(0.5) + bytes(48000)

    def script(client: Any) -> Generator[Any, Any, list[Any]]:
        connection = yield realtime_of(client, dialect).connect(model=MODEL[dialect]).enter()
        yield connection.input_audio_buffer.append(audio=base64.b64encode(spoken).decode())
        events = yield from until(connection, "response.done")
        yield connection.close()
        return events

    events = place.play(script)
    started, stopped = (
        next(event for event in events if event.type == f"input_audio_buffer.speech_{word}")
        for word in ("started", "stopped")
    )
    assert started.item_id == stopped.item_id
    assert stopped.audio_end_ms == 1500
    assert events[-1].response.status == "completed"


def test_a_function_is_called_and_its_result_used(place: Place, dialect: str) -> None:
    def script(client: Any) -> Generator[Any, Any, Any]:
        connection = yield realtime_of(client, dialect).connect(model=MODEL[dialect]).enter()
        yield connection.session.update(session={"tools": [WEATHER]})
        yield connection.conversation.item.create(item=HELLO)
        yield connection.response.create()
        first = yield from until(connection, "response.done")
        [call] = first[-1].response.output
        result = {"type": "function_call_output", "call_id": call.call_id, "output": '{"celsius": 21}'}
        yield connection.conversation.item.create(item=result)
        yield connection.response.create()
        second = yield from until(connection, "response.done")
        yield connection.close()
        return first, call, second

    first, call, second = place.play(script)
    [done] = [event for event in first if event.type == "response.function_call_arguments.done"]
    assert (call.type, call.name, json.loads(call.arguments)) == (
        "function_call",
        "get_weather",
        {"city": "Beijing"},
    )
    assert (done.call_id, done.arguments, done.item_id) == (call.call_id, call.arguments, call.id)
    assert '"celsius": 21' in second[-1].response.output[0].content[0].transcript
    [result] = [event["item"] for event in place.sent() if event.get("item", {}).get("output")]
    assert "call_id" not in result
    echoed = [event.item for event in second if getattr(event, "item", None) is not None]
    assert {item.call_id for item in echoed if item.type == "function_call_output"} == {call.call_id}


def test_an_error_is_an_event_and_the_connection_stays_open(place: Place, dialect: str) -> None:
    def script(client: Any) -> Generator[Any, Any, Any]:
        connection = yield realtime_of(client, dialect).connect(model=MODEL[dialect]).enter()
        yield connection.input_audio_buffer.commit()
        [*_, error] = yield from until(connection, "error")
        place.service.fail("1302")
        yield connection.response.create()
        [*_, busy] = yield from until(connection, "error")
        yield connection.response.create()
        yield from until(connection, "response.done")
        yield connection.close()
        return error, busy

    error, busy = place.play(script)
    assert (error.error.type, error.error.code) == ("invalid_request_error", "input_audio_buffer_empty")
    assert type(error).__name__ in ("RealtimeErrorEvent", "ErrorEvent")
    assert busy.error.code == "rate_limit_exceeded"


def test_what_cannot_be_honoured_raises_before_anything_is_sent(place: Place, dialect: str) -> None:
    image = {**HELLO, "content": [{"type": "input_image", "image_url": "data:image/png;base64,"}]}

    def script(client: Any) -> Generator[Any, Any, Any]:
        connection = yield realtime_of(client, dialect).connect(model=MODEL[dialect]).enter()
        for refused, code in (
            (lambda: connection.conversation.item.create(item=image), "unsupported_parameter"),
            (connection.output_audio_buffer.clear, "unsupported_operation"),
        ):
            with pytest.raises(openai.BadRequestError) as caught:
                yield refused()
            assert caught.value.code == code
        yield connection.conversation.item.create(item=HELLO)
        yield from until(connection, "conversation.item.created", "conversation.item.done")
        yield connection.close()

    place.play(script)
    assert [event["type"] for event in place.sent()] == ["session.update", "conversation.item.create"]


def test_strictness_is_heeded(place: Place, dialect: str) -> None:
    def script(client: Any) -> Generator[Any, Any, Any]:
        connection = yield realtime_of(client, dialect).connect(model="glm-realtime-flash").enter()
        with pytest.raises(openai.BadRequestError, match="voice"):
            yield connection.session.update(session={"voice": "alloy"})
        yield connection.close()

    place.play(script, on_adaptation="error")
    assert place.sent() == []


def test_a_caller_may_speak_zhipus_own_words(place: Place, dialect: str) -> None:
    def script(client: Any) -> Generator[Any, Any, Any]:
        connection = yield realtime_of(client, dialect).connect(model="glm-realtime").enter()
        session = {"beta_fields": {"chat_mode": "video_passive"}, "greeting_config": {"enable": False}}
        yield connection.send({"type": "session.update", "session": session})
        yield connection.send({"type": "input_audio_buffer.append_video_frame", "video_frame": "aGk="})
        yield from until(connection, "session.updated")
        yield connection.close()

    place.play(script)
    update, frame = place.sent()
    assert update["session"]["beta_fields"] == {"chat_mode": "video_passive", "tts_source": "e2e"}
    assert update["session"]["greeting_config"] == {"enable": False}
    assert frame == {"type": "input_audio_buffer.append_video_frame", "video_frame": "aGk="}


def test_bytes_may_be_received_and_parsed_later(place: Place, dialect: str) -> None:
    def script(client: Any) -> Generator[Any, Any, Any]:
        connection = yield realtime_of(client, dialect).connect(model=MODEL[dialect]).enter()
        data = yield connection.recv_bytes()
        yield connection.close()
        return data, connection.parse_event(data)

    data, event = place.play(script)
    assert isinstance(data, bytes)
    assert json.loads(data)["type"] == event.type == "session.created"


def test_receiving_after_a_close_says_so(place: Place, dialect: str) -> None:
    from websockets.exceptions import ConnectionClosed

    def script(client: Any) -> Generator[Any, Any, Any]:
        connection = yield realtime_of(client, dialect).connect(model=MODEL[dialect]).enter()
        yield connection.recv()
        yield connection.close(code=1000, reason="enough")
        with pytest.raises(ConnectionClosed):
            yield from until(connection, "an event that does not come")
        with pytest.raises(ConnectionClosed):
            yield connection.response.create()

    place.play(script)


# Managers, iteration and leaving early


def test_the_sync_manager_closes_and_iteration_ends(server: BackgroundServer, dialect: str) -> None:
    before = threading.active_count()
    with OpenAI(api_key=KEY, base_url=server.base_url, on_adaptation="ignore") as client:
        with realtime_of(client, dialect).connect(model=MODEL[dialect]) as connection:
            connection.conversation.item.create(item=HELLO)
            connection.response.create()
            for event in connection:
                if event.type == "response.created":
                    break
        assert list(connection) == [] or all(event.type for event in connection)
    assert threading.active_count() <= before


def test_the_async_manager_closes_and_leaves_no_task(server: BackgroundServer, dialect: str) -> None:
    async def main() -> None:
        async with AsyncOpenAI(api_key=KEY, base_url=server.base_url, on_adaptation="ignore") as client:
            async with realtime_of(client, dialect).connect(model=MODEL[dialect]) as connection:
                await connection.conversation.item.create(item=HELLO)
                await connection.response.create()
                async for event in connection:
                    if event.type == "response.created":
                        break
            async for _ in connection:
                pass
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(main())


def test_an_error_in_the_block_closes_the_connection(place: Place, dialect: str) -> None:
    if place.is_async:

        async def main() -> Any:
            async with AsyncOpenAI(api_key=KEY, **place.options) as client:
                with pytest.raises(LookupError):
                    async with realtime_of(client, dialect).connect(model="glm-realtime") as connection:
                        raise LookupError
                return [event async for event in connection]

        asyncio.run(main())
        return
    with OpenAI(api_key=KEY, **place.options) as client:
        with (
            pytest.raises(LookupError),
            realtime_of(client, dialect).connect(model="glm-realtime") as connection,
        ):
            raise LookupError
        assert [event.type for event in connection] in ([], ["session.created"])


def test_a_response_can_be_cancelled_while_it_is_made(dialect: str) -> None:
    place = Place("memory", False, None)  # type: ignore[arg-type]  # no server is needed in process

    def script(client: Any) -> Generator[Any, Any, Any]:
        connection = yield realtime_of(client, dialect).connect(model=MODEL[dialect]).enter()
        yield connection.conversation.item.create(item=HELLO)
        yield connection.response.create()
        yield from until(connection, f"{names(dialect)['audio']}_transcript.delta")
        yield connection.response.cancel()
        events = yield from until(connection, "response.done")
        yield connection.response.create()
        more = yield from until(connection, "response.done")
        yield connection.close()
        return events[-1], more

    done, more = place.play(script)
    assert done.response.status == "cancelled"
    assert done.response.status_details.reason == "client_cancelled"
    assert kinds(more)[0] == "response.created"


def test_a_waiting_receiver_is_woken_by_what_another_sends(dialect: str) -> None:
    place = Place("memory", False, None)  # type: ignore[arg-type]  # no server is needed in process
    with OpenAI(api_key=KEY, on_adaptation="ignore", **place.options) as client:
        connection = realtime_of(client, dialect).connect(model=MODEL[dialect]).enter()
        connection.recv()
        received: list[Any] = []
        thread = threading.Thread(target=lambda: received.append(connection.recv()))
        thread.start()
        connection.session.update(session={})
        thread.join(10)
        connection.close()
    assert [event.type for event in received] == ["session.updated"]


def test_a_waiting_task_is_woken_by_what_another_sends(dialect: str) -> None:
    place = Place("memory", True, None)  # type: ignore[arg-type]  # no server is needed in process

    async def main() -> Any:
        async with AsyncOpenAI(api_key=KEY, on_adaptation="ignore", **place.options) as client:
            connection = await realtime_of(client, dialect).connect(model=MODEL[dialect]).enter()
            await connection.recv()
            waiting = asyncio.create_task(connection.recv())
            for _ in range(5):
                await asyncio.sleep(0)
            await connection.session.update(session={})
            event = await asyncio.wait_for(waiting, 10)
            await connection.close()
            return event

    assert asyncio.run(main()).type == "session.updated"


def test_a_connection_in_process_is_that_of_the_default_service_too() -> None:
    client = OpenAI(region="standin")
    with realtime_of(client, DIALECTS[0]).connect(model="glm-realtime") as connection:
        assert connection.recv().session.model == "glm-realtime"


# What newer releases of openai add


def queued() -> bool:
    """Whether openai's managers take messages before they are entered."""
    if not GA:
        return False
    from openai.resources.realtime.realtime import RealtimeConnectionManager

    return hasattr(RealtimeConnectionManager, "send")


if queued():

    def test_messages_queued_before_entry_are_sent_and_handlers_called(place: Place) -> None:
        def script(client: Any) -> Generator[Any, Any, Any]:
            seen: list[Any] = []
            manager = client.realtime.connect(model="gpt-realtime")
            manager.send({"type": "conversation.item.create", "item": HELLO})
            manager.send({"type": "response.create"})
            connection = yield manager.enter()
            events = yield from until(connection, "response.done")
            yield connection.close()
            return seen, events

        _, events = place.play(script)
        assert events[-1].response.status == "completed"
        assert [event["type"] for event in place.sent()] == [
            "session.update",
            "conversation.item.create",
            "response.create",
        ]

    def test_a_queued_message_that_cannot_be_honoured_is_raised_on_entry(place: Place) -> None:
        def script(client: Any) -> Generator[Any, Any, Any]:
            manager = client.realtime.connect(model="gpt-realtime")
            manager.send({"type": "output_audio_buffer.clear"})
            with pytest.raises(openai.BadRequestError, match="WebRTC"):
                yield manager.enter()

        place.play(script)

    def test_events_are_dispatched_to_handlers(server: BackgroundServer) -> None:
        seen: list[str] = []
        with OpenAI(api_key=KEY, base_url=server.base_url, on_adaptation="ignore") as client:
            connection = client.realtime.connect(model="gpt-realtime").enter()
            connection.on("session.created", lambda event: seen.append(event.type))

            def done(event: Any) -> None:
                seen.append(event.type)
                connection.close()

            connection.on("response.done", done)
            connection.conversation.item.create(item=HELLO)
            connection.response.create()
            connection.dispatch_events()
        assert seen == ["session.created", "response.done"]

    def test_a_connection_that_breaks_is_made_anew(place: Place) -> None:
        """A new connection begins a new session, with the model of connect()."""
        from websockets.exceptions import ConnectionClosedError
        from websockets.frames import Close

        reconnects: list[Any] = []
        client_class = AsyncOpenAI if place.is_async else OpenAI
        client = client_class(api_key=KEY, on_adaptation="ignore", **place.options)

        def script(client: Any) -> Generator[Any, Any, Any]:
            manager = client.realtime.connect(
                model="gpt-realtime", on_reconnecting=reconnects.append, initial_delay=0.0
            )
            connection = yield manager.enter()
            yield connection.recv()
            yield connection._connection.close()
            error = ConnectionClosedError(Close(1011, "gone"), None, None)
            assert (yield connection._reconnect(error))
            yield connection.response.create()
            events = yield from until(connection, "response.done")
            yield connection.close()
            yield client.close()
            return events

        events = play_with(client, script)
        assert kinds(events)[0] == "session.created"
        assert len(reconnects) == 1
        [update, _] = place.sent()
        assert update["session"]["model"] == "glm-realtime-air"
