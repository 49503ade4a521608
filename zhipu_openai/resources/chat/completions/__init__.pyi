from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any, Literal, TypeAlias, TypedDict, overload

from openai import AsyncStream, NotGiven, Omit, Stream, Timeout
from openai._types import Body, Headers, Query, SequenceNotStr
from openai.lib._parsing import ResponseFormatT
from openai.resources.chat import completions as _openai
from openai.resources.chat.completions import (
    AsyncCompletionsWithRawResponse as AsyncCompletionsWithRawResponse,
)
from openai.resources.chat.completions import (
    AsyncCompletionsWithStreamingResponse as AsyncCompletionsWithStreamingResponse,
)
from openai.resources.chat.completions import AsyncMessages as AsyncMessages
from openai.resources.chat.completions import AsyncMessagesWithRawResponse as AsyncMessagesWithRawResponse
from openai.resources.chat.completions import (
    AsyncMessagesWithStreamingResponse as AsyncMessagesWithStreamingResponse,
)
from openai.resources.chat.completions import CompletionsWithRawResponse as CompletionsWithRawResponse
from openai.resources.chat.completions import (
    CompletionsWithStreamingResponse as CompletionsWithStreamingResponse,
)
from openai.resources.chat.completions import Messages as Messages
from openai.resources.chat.completions import MessagesWithRawResponse as MessagesWithRawResponse
from openai.resources.chat.completions import MessagesWithStreamingResponse as MessagesWithStreamingResponse
from openai.types.chat import (
    ChatCompletionAudioParam,
    ChatCompletionMessageParam,
    ChatCompletionPredictionContentParam,
    ChatCompletionReasoningEffort,
    ChatCompletionStreamOptionsParam,
    ChatCompletionToolChoiceOptionParam,
    ChatCompletionToolUnionParam,
)
from openai.types.chat.completion_create_params import (
    Function,
    FunctionCall,
    Moderation,
    PromptCacheOptions,
    ResponseFormat,
    WebSearchOptions,
)
from openai.types.shared_params import Metadata
from typing_extensions import Required, Unpack

from zhipu_openai.lib.streaming.chat import AsyncChatCompletionStreamManager, ChatCompletionStreamManager
from zhipu_openai.types.chat import ChatCompletion, ChatCompletionChunk, ParsedChatCompletion
from zhipu_openai.zhipu.tools import McpTool, RetrievalTool, WebSearchTool

# openai below 2 writes NOT_GIVEN for "leave it out", later ones `omit`; both are understood by all.
_Unset: TypeAlias = Omit | NotGiven

class CompletionParams(TypedDict, total=False):
    # What create(), parse() and stream() take alike: openai's parameters as the newest openai has them.
    # Zhipu's own go into extra_body.
    messages: Required[Iterable[ChatCompletionMessageParam]]
    model: Required[str]
    audio: ChatCompletionAudioParam | _Unset | None
    frequency_penalty: float | _Unset | None
    function_call: FunctionCall | _Unset
    functions: Iterable[Function] | _Unset
    logit_bias: dict[str, int] | _Unset | None
    logprobs: bool | _Unset | None
    max_completion_tokens: int | _Unset | None
    max_tokens: int | _Unset | None
    metadata: Metadata | _Unset | None
    modalities: list[Literal["text", "audio"]] | _Unset | None
    moderation: Moderation | _Unset | None
    n: int | _Unset | None
    parallel_tool_calls: bool | _Unset
    prediction: ChatCompletionPredictionContentParam | _Unset | None
    presence_penalty: float | _Unset | None
    prompt_cache_key: str | _Unset | None
    prompt_cache_options: PromptCacheOptions | _Unset
    prompt_cache_retention: Literal["in_memory", "24h"] | _Unset | None
    reasoning_effort: ChatCompletionReasoningEffort | _Unset | None
    safety_identifier: str | _Unset | None
    seed: int | _Unset | None
    service_tier: Literal["auto", "default", "flex", "scale", "priority", "fast"] | _Unset | None
    stop: str | SequenceNotStr[str] | _Unset | None
    store: bool | _Unset | None
    stream_options: ChatCompletionStreamOptionsParam | _Unset | None
    temperature: float | _Unset | None
    tool_choice: ChatCompletionToolChoiceOptionParam | _Unset
    tools: Iterable[ChatCompletionToolUnionParam | WebSearchTool | RetrievalTool | McpTool] | _Unset
    top_logprobs: int | _Unset | None
    top_p: float | _Unset | None
    user: str | _Unset
    verbosity: Literal["low", "medium", "high"] | _Unset | None
    web_search_options: WebSearchOptions | _Unset

    extra_headers: Headers | None
    extra_query: Query | None
    extra_body: Body | None
    timeout: float | Timeout | NotGiven | None

class CompletionCreateParams(CompletionParams, total=False):
    response_format: ResponseFormat | _Unset

# Stream is invariant: a Stream of our chunks is no Stream of openai's. Of Any, it is both, so that these pass
# wherever a Stream of either is asked for.
class ChunkStream(Stream[Any]):
    def __next__(self) -> ChatCompletionChunk: ...
    def __iter__(self) -> Iterator[ChatCompletionChunk]: ...

class AsyncChunkStream(AsyncStream[Any]):
    async def __anext__(self) -> ChatCompletionChunk: ...
    def __aiter__(self) -> AsyncIterator[ChatCompletionChunk]: ...

class Completions(_openai.Completions):
    @overload
    def create(
        self, *, stream: Literal[False] | _Unset | None = ..., **params: Unpack[CompletionCreateParams]
    ) -> ChatCompletion: ...
    @overload
    def create(self, *, stream: Literal[True], **params: Unpack[CompletionCreateParams]) -> ChunkStream: ...
    @overload
    def create(
        self, *, stream: bool, **params: Unpack[CompletionCreateParams]
    ) -> ChatCompletion | ChunkStream: ...
    def parse(
        self, *, response_format: type[ResponseFormatT] | _Unset = ..., **params: Unpack[CompletionParams]
    ) -> ParsedChatCompletion[ResponseFormatT]: ...
    def stream(
        self,
        *,
        response_format: ResponseFormat | type[ResponseFormatT] | _Unset = ...,
        **params: Unpack[CompletionParams],
    ) -> ChatCompletionStreamManager[ResponseFormatT]: ...

class AsyncCompletions(_openai.AsyncCompletions):
    @overload
    async def create(
        self, *, stream: Literal[False] | _Unset | None = ..., **params: Unpack[CompletionCreateParams]
    ) -> ChatCompletion: ...
    @overload
    async def create(
        self, *, stream: Literal[True], **params: Unpack[CompletionCreateParams]
    ) -> AsyncChunkStream: ...
    @overload
    async def create(
        self, *, stream: bool, **params: Unpack[CompletionCreateParams]
    ) -> ChatCompletion | AsyncChunkStream: ...
    async def parse(
        self, *, response_format: type[ResponseFormatT] | _Unset = ..., **params: Unpack[CompletionParams]
    ) -> ParsedChatCompletion[ResponseFormatT]: ...
    def stream(
        self,
        *,
        response_format: ResponseFormat | type[ResponseFormatT] | _Unset = ...,
        **params: Unpack[CompletionParams],
    ) -> AsyncChatCompletionStreamManager[ResponseFormatT]: ...
