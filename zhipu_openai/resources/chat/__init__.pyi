from openai.resources import chat as _openai
from openai.resources.chat import AsyncChatWithRawResponse as AsyncChatWithRawResponse
from openai.resources.chat import AsyncChatWithStreamingResponse as AsyncChatWithStreamingResponse
from openai.resources.chat import AsyncCompletionsWithRawResponse as AsyncCompletionsWithRawResponse
from openai.resources.chat import (
    AsyncCompletionsWithStreamingResponse as AsyncCompletionsWithStreamingResponse,
)
from openai.resources.chat import ChatWithRawResponse as ChatWithRawResponse
from openai.resources.chat import ChatWithStreamingResponse as ChatWithStreamingResponse
from openai.resources.chat import CompletionsWithRawResponse as CompletionsWithRawResponse
from openai.resources.chat import CompletionsWithStreamingResponse as CompletionsWithStreamingResponse

from .completions import AsyncCompletions as AsyncCompletions
from .completions import Completions as Completions

class Chat(_openai.Chat):
    @property
    def completions(self) -> Completions: ...

class AsyncChat(_openai.AsyncChat):
    @property
    def completions(self) -> AsyncCompletions: ...
