"""The fast stream: server-sent events become openai's objects at a tenth of the CPU time.

``FastStream`` and ``AsyncFastStream`` are openai's stream classes with another source of items. An event whose
value is valid is built by pydantic-core in one call, from the JSON bytes or from what the transport has decoded
already; every other event goes through openai's own code, one event at a time, so that what it gives and what it
raises is openai's. ``__iter__`` and ``__aiter__``, which tracing libraries patch, are left alone.

This module knows some private names of openai's. ``usable`` says whether those of the installed release are
the known ones; if not, openai's own streams are used.
"""

from __future__ import annotations

import inspect
import logging
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, TypeVar, get_args, get_origin

import openai

from .breakage import breaking_in_body, in_openais_words
from .building import Builder, builder_of
from .drain import drain, drain_async
from .library import module_of
from .translate.sse import Frames, encode_event
from .transport_base import RELAY

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from .exchange import Event

_T = TypeVar("_T")

log = logging.getLogger("zhipu_openai")

_DATA: Final = b"data: "
_DONE: Final = b"[DONE]"


class FastStream(openai.Stream[_T]):
    """openai.Stream, built faster."""

    def __stream__(self) -> Iterator[_T]:
        """Give the items of the stream."""
        builder = _builder(self)
        response: Any = self.response
        if builder is None:
            yield from super().__stream__()
            return
        from_json, from_python = builder.from_json, builder.from_python
        source = _events(response)
        try:
            for events in source:
                for event in events:
                    made = from_json(event) if type(event) is bytes else from_python(event)
                    if made is not None and not (made.__pydantic_extra__ or _NOTHING).get("error"):
                        yield made
                    elif type(event) is bytes and event.startswith(_DONE):
                        if RELAY not in response.extensions:
                            drain(response, source)
                        return
                    else:
                        yield from self._by_openai(event)
        finally:
            response.close()

    def _by_openai(self, event: Event | _Raw) -> Iterator[_T]:
        one: Any = openai.Stream(**_arguments(self, _OneEvent(self.response, event)))
        return one._iterator  # type: ignore[no-any-return]  # noqa: SLF001 - iterating the stream itself would be traced


class AsyncFastStream(openai.AsyncStream[_T]):
    """openai.AsyncStream, built faster."""

    async def __stream__(self) -> AsyncIterator[_T]:
        """Give the items of the stream."""
        builder = _builder(self)
        response: Any = self.response
        if builder is None:
            async for item in super().__stream__():
                yield item
            return
        from_json, from_python = builder.from_json, builder.from_python
        source = _async_events(response)
        try:
            async for events in source:
                for event in events:
                    made = from_json(event) if type(event) is bytes else from_python(event)
                    if made is not None and not (made.__pydantic_extra__ or _NOTHING).get("error"):
                        yield made
                    elif type(event) is bytes and event.startswith(_DONE):
                        if RELAY not in response.extensions:
                            await drain_async(response, source)
                        return
                    else:
                        async for item in self._by_openai(event):
                            yield item
        finally:
            await response.aclose()

    def _by_openai(self, event: Event | _Raw) -> AsyncIterator[_T]:
        one: Any = openai.AsyncStream(**_arguments(self, _OneEvent(self.response, event)))
        return one._iterator  # type: ignore[no-any-return]  # noqa: SLF001 - iterating the stream itself would be traced


_NOTHING: Final[dict[str, Any]] = {}


class _Raw:
    """An event that is more than one line of data, as it came, or the beginning of one that has no end."""

    __slots__ = ("data",)

    def __init__(self, data: bytes) -> None:
        self.data = data


class _OneEvent:
    """A response that holds one event, for openai's own stream to read."""

    http_version = ""

    def __init__(self, response: Any, event: Event | _Raw) -> None:
        self._response = response
        if isinstance(event, _Raw):
            self._content = event.data
        elif isinstance(event, bytes):
            self._content = encode_event(event)
        else:
            from .exchange import encode_json  # noqa: PLC0415 - for the few events that openai must build

            self._content = encode_event(encode_json(event))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._response, name)

    def iter_bytes(self) -> Iterator[bytes]:
        yield self._content

    async def aiter_bytes(self) -> AsyncIterator[bytes]:
        yield self._content

    def close(self) -> None:
        """Leave the real response open: more events may come."""

    async def aclose(self) -> None:
        """Leave the real response open."""


def _arguments(stream: Any, response: Any) -> dict[str, Any]:
    arguments = {"cast_to": stream._cast_to, "response": response, "client": stream._client}  # noqa: SLF001 - see the module
    if _TAKES_OPTIONS:
        arguments["options"] = stream._options  # noqa: SLF001 - likewise
    return arguments


def _builder(stream: Any) -> Any:
    """Give the builder for a stream's items; None where openai must do all of it."""
    options = getattr(stream, "_options", None)
    if getattr(options, "synthesize_event_and_data", False) or (
        getattr(options, "stream_mode", "legacy") not in (None, "legacy")
    ):
        return None
    if stream._client._strict_response_validation or stream.response.is_stream_consumed:  # noqa: SLF001 - see the module
        return None
    return _stream_builder(stream._cast_to)  # noqa: SLF001 - likewise


def _events(response: Any) -> Iterator[list[Any]]:
    """Give the events as the transport has them, or cut them out of the bytes."""
    relay = response.extensions.get(RELAY)
    if relay is not None:
        return relay.events()  # type: ignore[no-any-return]
    return _framed(response)


def _framed(response: Any) -> Iterator[list[Any]]:
    frames = Frames()
    try:
        for data in response.iter_bytes():
            yield [_data_of(event) for event in frames.feed(data)]
        rest = frames.rest()
    except Exception as error:
        told = _as_openais(error, response)
        if told is error:
            raise
        raise told from error
    if rest:
        yield [_Raw(rest)]


def _async_events(response: Any) -> AsyncIterator[list[Any]]:
    relay = response.extensions.get(RELAY)
    if relay is not None:
        return relay.events()  # type: ignore[no-any-return]
    return _async_framed(response)


async def _async_framed(response: Any) -> AsyncIterator[list[Any]]:
    frames = Frames()
    try:
        async for data in response.aiter_bytes():
            yield [_data_of(event) for event in frames.feed(data)]
        rest = frames.rest()
    except Exception as error:
        told = _as_openais(error, response)
        if told is error:
            raise
        raise told from error
    if rest:
        yield [_Raw(rest)]


def _data_of(event: bytes) -> bytes | _Raw:
    """Give the data of an event that is one line of it; the event itself otherwise."""
    if event.startswith(_DATA) and b"\n" not in event:
        return event[len(_DATA) :]
    name, _, rest = event.partition(b"\n")
    # The name of an event of the Responses API stands in its data too. Those of the Assistants do not.
    if name.startswith(b"event: ") and rest.startswith(_DATA) and b"\n" not in rest:
        return _Raw(event + b"\n\n") if b"thread." in name else rest[len(_DATA) :]
    return _Raw(event + b"\n\n")


def _as_openais(error: Exception, response: Any) -> Exception:
    """Make openai's exception of one that the HTTP library raised while a body was read."""
    library: Any = module_of(type(response))
    if isinstance(error, breaking_in_body(library)):
        return in_openais_words(error, response.request, library)
    return error


@lru_cache(maxsize=64)
def _stream_builder(type_: Any) -> Any:
    """Give the builder of a stream's items. openai takes an item with an ``error`` for a failure."""
    builder = builder_of(type_)
    if isinstance(builder, Builder):
        return None if "error" in builder.names else builder
    return None if builder is None else builder.without("error")


@lru_cache(maxsize=64)
def fast(stream_cls: Any) -> Any:
    """Give the fast class in place of openai's own; any other class stays, and so does openai's where it must."""
    ours: Any = {openai.Stream: FastStream, openai.AsyncStream: AsyncFastStream}.get(get_origin(stream_cls))
    if ours is None or not usable():
        return stream_cls
    return ours[get_args(stream_cls)]


@lru_cache(maxsize=1)
def usable() -> bool:
    """Whether the installed openai's streams are of the known make; if not, that is logged, once."""
    missing = [what for what, known in _known() if not known]
    if missing:
        log.debug(
            "openai %s: its own streams are used, unknown here: %s", openai.__version__, ", ".join(missing)
        )
    return not missing


def _known() -> Iterator[tuple[str, bool]]:
    for cls in (openai.Stream, openai.AsyncStream):
        name = cls.__name__
        yield f"{name}.__init__", _PARAMETERS <= _parameters(cls.__init__) <= _PARAMETERS | {"options"}
        yield f"{name}.__stream__", _parameters(getattr(cls, "__stream__", None)) == {"self"}
        source = inspect.getsource(cls.__init__)
        yield f"{name}._iterator", "self._iterator = self.__stream__()" in source


def _parameters(function: Any) -> set[str]:
    return set() if function is None else set(inspect.signature(function).parameters)


_PARAMETERS: Final = {"self", "cast_to", "response", "client"}
_TAKES_OPTIONS: Final = "options" in _parameters(openai.Stream.__init__)
