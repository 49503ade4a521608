"""``client.zhipu.tokenizer``: how many tokens a conversation has."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

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

    from openai.types.chat import ChatCompletionMessageParam, ChatCompletionToolUnionParam


class _Required(TypedDict):
    model: str
    messages: Iterable[ChatCompletionMessageParam]


class TokenizerParams(_Required, Options, total=False):
    """The keywords of ``tokenizer.create``; see there."""

    tools: Iterable[ChatCompletionToolUnionParam] | Absent
    request_id: str | Absent
    user_id: str | Absent


class TokenizerUsage(BaseModel):
    """How many tokens there are, and of which kind."""

    prompt_tokens: int | None = None
    image_tokens: int | None = None
    video_tokens: int | None = None
    total_tokens: int | None = None


class TokenizerResponse(BaseModel):
    """The count."""

    usage: TokenizerUsage
    id: str | None = None
    created: int | None = None
    request_id: str | None = None


class Tokenizer(ZhipuResource):
    """Counting the tokens of a conversation."""

    @cached_property
    def with_raw_response(self) -> TokenizerWithRawResponse:
        """The same calls, answering with the HTTP response."""
        return TokenizerWithRawResponse(self)

    @cached_property
    def with_streaming_response(self) -> TokenizerWithStreamingResponse:
        """The same calls, answering with the HTTP response whose body is read later."""
        return TokenizerWithStreamingResponse(self)

    @takes(TokenizerParams)
    def create(self, **given: Unpack[TokenizerParams]) -> TokenizerResponse:
        """Count the tokens of a conversation, without asking a model.

        Source: bigmodel.cn OpenAPI, 2026-07-11; z.ai OpenAPI, 2026-08-22.

        Args:
            model: Whose tokens to count: ``"glm-4.6"``, ``"glm-4.6v"``, ``"glm-4.5"``; at bigmodel.cn also
                ``"glm-4.5-air"``, ``"glm-4-0520"``, ``"glm-4-long"``, ``"glm-4-air"``, ``"glm-4-flash"``. Later
                ones are served too, as reported. OpenAI's names are not translated.
            messages: The conversation as for chat; at least one message is the user's.
            tools: The tools as for chat, at most 128.
            request_id: Your own id of the request, 6 to 64 characters.
            user_id: The end user, 6 to 128 characters.

        Raises:
            openai.NotFoundError: The model is not known (Zhipu code 1211).
            openai.BadRequestError: There is no message of the user's.
        """
        return self._call("post", "/tokenizer", cast_to=TokenizerResponse, given=given)


class AsyncTokenizer(AsyncZhipuResource):
    """Counting the tokens of a conversation."""

    @cached_property
    def with_raw_response(self) -> AsyncTokenizerWithRawResponse:
        """The same calls, answering with the HTTP response."""
        return AsyncTokenizerWithRawResponse(self)

    @cached_property
    def with_streaming_response(self) -> AsyncTokenizerWithStreamingResponse:
        """The same calls, answering with the HTTP response whose body is read later."""
        return AsyncTokenizerWithStreamingResponse(self)

    @takes(TokenizerParams)
    async def create(self, **given: Unpack[TokenizerParams]) -> TokenizerResponse:
        """Count the tokens of a conversation, without asking a model; see Tokenizer.create."""
        return await self._call("post", "/tokenizer", cast_to=TokenizerResponse, given=given)


class TokenizerWithRawResponse:
    """See Tokenizer."""

    def __init__(self, group: Tokenizer) -> None:
        """Wrap the calls of a group."""
        self.create = raw(group.create)


class AsyncTokenizerWithRawResponse:
    """See AsyncTokenizer."""

    def __init__(self, group: AsyncTokenizer) -> None:
        """Wrap the calls of a group."""
        self.create = async_raw(group.create)


class TokenizerWithStreamingResponse:
    """See Tokenizer."""

    def __init__(self, group: Tokenizer) -> None:
        """Wrap the calls of a group."""
        self.create = streamed(group.create)


class AsyncTokenizerWithStreamingResponse:
    """See AsyncTokenizer."""

    def __init__(self, group: AsyncTokenizer) -> None:
        """Wrap the calls of a group."""
        self.create = async_streamed(group.create)
