"""``import zhipu_openai as openai``, as users type-check it: read by mypy and pyright, never run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import assert_type

import zhipu_openai as openai
import zhipu_openai.types.chat.chat_completion_chunk
from zhipu_openai._types import NOT_GIVEN
from zhipu_openai.lib.streaming.chat import ChatCompletionStream, ChunkEvent
from zhipu_openai.pagination import SyncPage
from zhipu_openai.resources.chat import AsyncChat, Chat
from zhipu_openai.resources.chat.completions import Completions
from zhipu_openai.types import CompletionUsage, CreateEmbeddingResponse, Model
from zhipu_openai.types.completion_usage import CompletionTokensDetails
from zhipu_openai.types.responses import Response

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletionChunk as OpenAIsChunk

    from zhipu_openai.types.chat.chat_completion_message_param import ChatCompletionMessageParam
    from zhipu_openai.types.shared_params import FunctionDefinition


def settings_of_the_module_level_client() -> None:
    openai.api_key = "key"
    openai.base_url = "https://open.bigmodel.cn/api/paas/v4"
    openai.timeout = 5
    openai.timeout = openai.Timeout(5, connect=1)
    openai.max_retries = 0
    openai.default_headers = {"x-trace": "1"}
    openai.default_query = None
    openai.http_client = openai.DefaultHttpxClient()
    openai.organization = None
    openai.project = None
    openai.region = "intl"
    openai.endpoint = "coding"
    openai.on_adaptation = "error"
    openai.max_concurrency = 2
    openai.model_aliases = {"gpt-4o": "glm-5.2"}
    openai.api_type = "openai"


def module_level_resources() -> None:
    assert_type(openai.models.list(), SyncPage[Model])
    assert_type(openai.embeddings.create(model="embedding-3", input="x"), CreateEmbeddingResponse)
    assert_type(openai.chat, Chat)
    assert_type(openai.chat.completions, Completions)
    assert_type(openai.responses.create(model="glm-5.2", input="x"), Response)


def errors() -> None:
    try:
        openai.OpenAI().models.list()
    except openai.RateLimitError as error:
        assert_type(error.code, str | None)
    except (openai.APIConnectionError, openai.APITimeoutError) as error:
        assert_type(error.message, str)
    except openai.APIStatusError as error:
        assert_type(error.status_code, int)


def mirrored_modules(message: ChatCompletionMessageParam, usage: CompletionUsage) -> FunctionDefinition:
    assert_type(usage.completion_tokens_details, CompletionTokensDetails | None)
    assert_type(
        zhipu_openai.types.chat.chat_completion_chunk.ChoiceDelta(reasoning_content="x").reasoning_content,
        str | None,
    )
    openai.OpenAI().chat.completions.create(model="glm-5.2", messages=[message], temperature=NOT_GIVEN)
    return {"name": "now"}


def openais_classes(chunk: openai.types.chat.ChatCompletionChunk, stream: openai.Stream[str]) -> OpenAIsChunk:
    assert_type(next(stream), str)
    return chunk


def events(stream: ChatCompletionStream[None], chat: AsyncChat) -> None:
    for event in stream:
        if isinstance(event, ChunkEvent):
            assert_type(event.chunk, openai.types.chat.ChatCompletionChunk)
    del chat


def further_names() -> None:
    openai.AzureOpenAI(api_key="key", azure_endpoint="https://example.com", api_version="1")
    assert_type(openai.__version__, str)
    assert_type(openai.VERSION, str)
    assert_type(openai.catalogue.__name__, str)
    assert_type(openai.standin.__name__, str)
