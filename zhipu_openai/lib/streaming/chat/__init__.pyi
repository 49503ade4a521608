from collections.abc import AsyncIterator, Iterator
from typing import Generic, TypeAlias

from openai.lib._parsing import ResponseFormatT
from openai.lib.streaming import chat as _openai
from openai.lib.streaming.chat import ChatCompletionStreamState as ChatCompletionStreamState
from openai.lib.streaming.chat import ContentDeltaEvent as ContentDeltaEvent
from openai.lib.streaming.chat import ContentDoneEvent as ContentDoneEvent
from openai.lib.streaming.chat import (
    FunctionToolCallArgumentsDeltaEvent as FunctionToolCallArgumentsDeltaEvent,
)
from openai.lib.streaming.chat import FunctionToolCallArgumentsDoneEvent as FunctionToolCallArgumentsDoneEvent
from openai.lib.streaming.chat import LogprobsContentDeltaEvent as LogprobsContentDeltaEvent
from openai.lib.streaming.chat import LogprobsContentDoneEvent as LogprobsContentDoneEvent
from openai.lib.streaming.chat import LogprobsRefusalDeltaEvent as LogprobsRefusalDeltaEvent
from openai.lib.streaming.chat import LogprobsRefusalDoneEvent as LogprobsRefusalDoneEvent
from openai.lib.streaming.chat import RefusalDeltaEvent as RefusalDeltaEvent
from openai.lib.streaming.chat import RefusalDoneEvent as RefusalDoneEvent

from zhipu_openai.types.chat.chat_completion_chunk import ChatCompletionChunk
from zhipu_openai.types.chat.parsed_chat_completion import (
    ParsedChatCompletion,
    ParsedChatCompletionMessage,
    ParsedChoice,
)

ParsedChatCompletionSnapshot: TypeAlias = ParsedChatCompletion[object]
ParsedChatCompletionMessageSnapshot: TypeAlias = ParsedChatCompletionMessage[object]
ParsedChoiceSnapshot: TypeAlias = ParsedChoice[object]

class ChunkEvent(_openai.ChunkEvent):
    chunk: ChatCompletionChunk
    snapshot: ParsedChatCompletionSnapshot

ChatCompletionStreamEvent: TypeAlias = (
    ChunkEvent
    | ContentDeltaEvent
    | ContentDoneEvent[ResponseFormatT]
    | RefusalDeltaEvent
    | RefusalDoneEvent
    | FunctionToolCallArgumentsDeltaEvent
    | FunctionToolCallArgumentsDoneEvent
    | LogprobsContentDeltaEvent
    | LogprobsContentDoneEvent
    | LogprobsRefusalDeltaEvent
    | LogprobsRefusalDoneEvent
)

class ChatCompletionStream(_openai.ChatCompletionStream[ResponseFormatT], Generic[ResponseFormatT]):
    def __next__(self) -> ChatCompletionStreamEvent[ResponseFormatT]: ...
    def __iter__(self) -> Iterator[ChatCompletionStreamEvent[ResponseFormatT]]: ...
    def get_final_completion(self) -> ParsedChatCompletion[ResponseFormatT]: ...
    @property
    def current_completion_snapshot(self) -> ParsedChatCompletionSnapshot: ...

class ChatCompletionStreamManager(
    _openai.ChatCompletionStreamManager[ResponseFormatT], Generic[ResponseFormatT]
):
    def __enter__(self) -> ChatCompletionStream[ResponseFormatT]: ...

class AsyncChatCompletionStream(_openai.AsyncChatCompletionStream[ResponseFormatT], Generic[ResponseFormatT]):
    async def __anext__(self) -> ChatCompletionStreamEvent[ResponseFormatT]: ...
    def __aiter__(self) -> AsyncIterator[ChatCompletionStreamEvent[ResponseFormatT]]: ...
    async def get_final_completion(self) -> ParsedChatCompletion[ResponseFormatT]: ...
    @property
    def current_completion_snapshot(self) -> ParsedChatCompletionSnapshot: ...

class AsyncChatCompletionStreamManager(
    _openai.AsyncChatCompletionStreamManager[ResponseFormatT], Generic[ResponseFormatT]
):
    async def __aenter__(self) -> AsyncChatCompletionStream[ResponseFormatT]: ...
