"""``client.zhipu.assistants``: GLM-4-Assistant, the older platform of ready-made assistants.

Zhipu marks the whole of it as deprecated. It has nothing to do with OpenAI's Assistants.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from typing_extensions import Unpack

from ._resource import (
    AsyncZhipuResource,
    ZhipuResource,
    async_raw,
    async_streamed,
    raw,
    streamed,
    takes,
)
from .assistants_types import (
    AssistantChunk,
    AssistantConversationParams,
    AssistantConversations,
    AssistantConversationsParams,
    AssistantList,
    AssistantListParams,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openai import AsyncStream, Stream


class Assistants(ZhipuResource):
    """Ready-made assistants of an older platform."""

    @cached_property
    def with_raw_response(self) -> AssistantsWithRawResponse:
        """The same calls, answering with the HTTP response."""
        return AssistantsWithRawResponse(self)

    @cached_property
    def with_streaming_response(self) -> AssistantsWithStreamingResponse:
        """The same calls, answering with the HTTP response whose body is read later."""
        return AssistantsWithStreamingResponse(self)

    @takes(AssistantConversationParams)
    def conversation(self, **given: Unpack[AssistantConversationParams]) -> Stream[AssistantChunk]:
        """Talk with an assistant; the answer is streamed.

        Source: bigmodel.cn OpenAPI, 2026-07-11, which marks it as deprecated. At bigmodel.cn alone. It answers as a stream alone: without one Zhipu refuses the call (code 1212, recorded 2026-09).

        Args:
            assistant_id: The assistant; see ``ASSISTANTS``.
            messages: What the user says; text, or text and ``image_url`` parts.
            model: ``"glm-4-assistant"`` (the default) or ``"glm-4-alltools"``.
            conversation_id: The conversation to go on with.
            attachments: Files that were uploaded, ``{"file_id": ...}``.
            metadata: Further facts, as you like.
            extra_parameters: ``{"translate": {"from": ..., "to": ...}}`` for assistants that translate.
            do_sample: Whether to sample.
            request_id: Your own id of the request, 6 to 64 characters.
            user_id: The end user, 6 to 128 characters.

        Raises:
            openai.APIError: Zhipu refused it; or, while the stream is read, the work failed or was cut off.
        """
        return self._stream("/assistant", chunk=AssistantChunk, given=_with_model(given))

    @takes(AssistantListParams)
    def list(self, **given: Unpack[AssistantListParams]) -> AssistantList:
        """Give assistants with what they can do.

        Source: bigmodel.cn OpenAPI, 2026-07-11, which marks it as deprecated. At bigmodel.cn alone.

        Args:
            assistant_id_list: Which ones; all that are open to the account by default.
        """
        return self._call("post", "/assistant/list", cast_to=AssistantList, given=_with_ids(given))

    @takes(AssistantConversationsParams)
    def conversations(self, **given: Unpack[AssistantConversationsParams]) -> AssistantConversations:
        """List the conversations with an assistant, with what they cost.

        Source: bigmodel.cn OpenAPI, 2026-07-11, which marks it as deprecated. At bigmodel.cn alone.

        Args:
            assistant_id: The assistant.
            page: Which page, from 1 (the default).
            page_size: How many on a page, 1 to 100; 5 by default.
        """
        return self._call("post", "/assistant/conversation/list", cast_to=AssistantConversations, given=given)


class AsyncAssistants(AsyncZhipuResource):
    """Ready-made assistants of an older platform."""

    @cached_property
    def with_raw_response(self) -> AsyncAssistantsWithRawResponse:
        """The same calls, answering with the HTTP response."""
        return AsyncAssistantsWithRawResponse(self)

    @cached_property
    def with_streaming_response(self) -> AsyncAssistantsWithStreamingResponse:
        """The same calls, answering with the HTTP response whose body is read later."""
        return AsyncAssistantsWithStreamingResponse(self)

    @takes(AssistantConversationParams)
    async def conversation(self, **given: Unpack[AssistantConversationParams]) -> AsyncStream[AssistantChunk]:
        """Talk with an assistant; the answer is streamed; see Assistants.conversation."""
        return await self._stream("/assistant", chunk=AssistantChunk, given=_with_model(given))

    @takes(AssistantListParams)
    async def list(self, **given: Unpack[AssistantListParams]) -> AssistantList:
        """Give assistants with what they can do; see Assistants.list."""
        return await self._call("post", "/assistant/list", cast_to=AssistantList, given=_with_ids(given))

    @takes(AssistantConversationsParams)
    async def conversations(self, **given: Unpack[AssistantConversationsParams]) -> AssistantConversations:
        """List the conversations with an assistant, with what they cost; see Assistants.conversations."""
        return await self._call(
            "post", "/assistant/conversation/list", cast_to=AssistantConversations, given=given
        )


class AssistantsWithRawResponse:
    """See Assistants."""

    def __init__(self, group: Assistants) -> None:
        """Wrap the calls of a group."""
        self.conversation = raw(group.conversation)
        self.list = raw(group.list)
        self.conversations = raw(group.conversations)


class AssistantsWithStreamingResponse:
    """See Assistants."""

    def __init__(self, group: Assistants) -> None:
        """Wrap the calls of a group."""
        self.conversation = streamed(group.conversation)
        self.list = streamed(group.list)
        self.conversations = streamed(group.conversations)


class AsyncAssistantsWithRawResponse:
    """See AsyncAssistants."""

    def __init__(self, group: AsyncAssistants) -> None:
        """Wrap the calls of a group."""
        self.conversation = async_raw(group.conversation)
        self.list = async_raw(group.list)
        self.conversations = async_raw(group.conversations)


class AsyncAssistantsWithStreamingResponse:
    """See AsyncAssistants."""

    def __init__(self, group: AsyncAssistants) -> None:
        """Wrap the calls of a group."""
        self.conversation = async_streamed(group.conversation)
        self.list = async_streamed(group.list)
        self.conversations = async_streamed(group.conversations)


def _with_model(given: Mapping[str, Any]) -> dict[str, Any]:
    return {**given, "model": given.get("model") or "glm-4-assistant"}


def _with_ids(given: Mapping[str, Any]) -> dict[str, Any]:
    """Send the list that Zhipu requires; an empty one means all."""
    return {**given, "assistant_id_list": given.get("assistant_id_list") or []}
