"""``client.zhipu.search_agent``: the assistant that searches the web. Deprecated by Zhipu."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from openai import BaseModel
from typing_extensions import TypedDict, Unpack

from ._resource import (
    Absent,
    AsyncZhipuResource,
    Options,
    ZhipuResource,
    async_raw,
    async_streamed,
    raw,
    streamed,
    takes,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openai import AsyncStream, Stream

ASSISTANT_ID: Final = "659e54b1b8006379b4b2abd6"
"""The assistant "AI search". Source: Zhipu's guide to agent search, as copied in 2025; bigmodel.cn OpenAPI, 2026-07-11."""


class SearchMessage(TypedDict):
    """A turn of the user's."""

    role: str
    content: str


class _Required(TypedDict):
    messages: str | Iterable[SearchMessage]


class SearchAgentParams(_Required, Options, total=False):
    """The keywords of ``search_agent.stream``; see there."""

    conversation_id: str | Absent
    model: str | Absent
    request_id: str | Absent
    user_id: str | Absent


class SearchToolCall(BaseModel):
    """A search, or what it found.

    Attributes:
        type: ``web_browser``, usually.
        web_browser: ``input`` with what was searched, or ``outputs`` with title, link and content of each page.
    """

    type: str | None = None
    web_browser: dict[str, Any] | None = None


class SearchDelta(BaseModel):
    """What an event adds: a piece of text, or calls of tools."""

    role: str | None = None
    content: str | None = None
    tool_calls: list[SearchToolCall] | None = None


class SearchChoice(BaseModel):
    """The one choice there is."""

    index: int | None = None
    delta: SearchDelta | None = None
    finish_reason: str | None = None


class SearchEvent(BaseModel):
    """An event of the stream.

    Attributes:
        status: ``in_process``, and ``completed`` on the last event.
        created: When, in milliseconds since 1970.
        conversation_id: To be given back in order to go on.
        usage: The tokens of the whole, on the last event.
    """

    id: str | None = None
    created: int | None = None
    choices: list[SearchChoice] | None = None
    status: str | None = None
    assistant_id: str | None = None
    conversation_id: str | None = None
    usage: dict[str, Any] | None = None

    @property
    def text(self) -> str:
        """The piece of text that this event adds, if any."""
        deltas = [choice.delta for choice in self.choices or () if choice.delta is not None]
        return "".join(delta.content or "" for delta in deltas)


def asked(given: SearchAgentParams) -> dict[str, Any]:
    """Make the request of the keywords."""
    messages = given["messages"]
    if isinstance(messages, str):
        messages = [{"role": "user", "content": messages}]
    model = given.get("model") or "glm-4-assistant"
    return {**given, "messages": messages, "model": model, "assistant_id": ASSISTANT_ID}


class SearchAgent(ZhipuResource):
    """The assistant that searches the web; deprecated by Zhipu."""

    @cached_property
    def with_raw_response(self) -> SearchAgentWithRawResponse:
        """The same calls, answering with the HTTP response."""
        return SearchAgentWithRawResponse(self)

    @cached_property
    def with_streaming_response(self) -> SearchAgentWithStreamingResponse:
        """The same calls, answering with the HTTP response whose body is read later."""
        return SearchAgentWithStreamingResponse(self)

    @takes(SearchAgentParams)
    def stream(self, **given: Unpack[SearchAgentParams]) -> Stream[SearchEvent]:
        """Ask the assistant that searches the web. It answers with a stream alone (recorded, 2026-09).

        Source: bigmodel.cn OpenAPI, 2026-07-11, where all assistants are marked deprecated. ``tools.web_search`` in a chat does the same.

        Args:
            messages: The question, or turns of the user's.
            conversation_id: A conversation to go on with.
            model: ``"glm-4-assistant"``, which is also sent if none is given.
            request_id: Your own id of the request, 6 to 64 characters.
            user_id: The end user, 6 to 128 characters.

        Raises:
            openai.APIError: The stream reports a failure, or is cut.
        """
        return self._stream("/assistant", chunk=SearchEvent, given=asked(given))


class AsyncSearchAgent(AsyncZhipuResource):
    """The assistant that searches the web; deprecated by Zhipu."""

    @cached_property
    def with_raw_response(self) -> AsyncSearchAgentWithRawResponse:
        """The same calls, answering with the HTTP response."""
        return AsyncSearchAgentWithRawResponse(self)

    @cached_property
    def with_streaming_response(self) -> AsyncSearchAgentWithStreamingResponse:
        """The same calls, answering with the HTTP response whose body is read later."""
        return AsyncSearchAgentWithStreamingResponse(self)

    @takes(SearchAgentParams)
    async def stream(self, **given: Unpack[SearchAgentParams]) -> AsyncStream[SearchEvent]:
        """Ask the assistant that searches the web. It answers with a stream alone (recorded, 2026-09); see SearchAgent.stream."""
        return await self._stream("/assistant", chunk=SearchEvent, given=asked(given))


class SearchAgentWithRawResponse:
    """See SearchAgent."""

    def __init__(self, group: SearchAgent) -> None:
        """Wrap the calls of a group."""
        self.stream = raw(group.stream)


class AsyncSearchAgentWithRawResponse:
    """See AsyncSearchAgent."""

    def __init__(self, group: AsyncSearchAgent) -> None:
        """Wrap the calls of a group."""
        self.stream = async_raw(group.stream)


class SearchAgentWithStreamingResponse:
    """See SearchAgent."""

    def __init__(self, group: SearchAgent) -> None:
        """Wrap the calls of a group."""
        self.stream = streamed(group.stream)


class AsyncSearchAgentWithStreamingResponse:
    """See AsyncSearchAgent."""

    def __init__(self, group: AsyncSearchAgent) -> None:
        """Wrap the calls of a group."""
        self.stream = async_streamed(group.stream)
