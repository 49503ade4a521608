"""``client.zhipu``, as users type-check it: read by mypy and pyright, never run."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from openai.pagination import AsyncCursorPage, SyncCursorPage
from typing_extensions import assert_type

import zhipu_openai
from zhipu_openai import NOT_GIVEN, AsyncOpenAI, AsyncStream, OpenAI, Stream, omit
from zhipu_openai.types.chat import ChatCompletion
from zhipu_openai.zhipu import AsyncZhipu, Zhipu, tools
from zhipu_openai.zhipu.async_chat import ChatJob
from zhipu_openai.zhipu.batches import ZhipuBatch
from zhipu_openai.zhipu.file_parser import FileParserResult
from zhipu_openai.zhipu.layout_parsing import LayoutElement
from zhipu_openai.zhipu.rerank import RerankResponse, RerankResult
from zhipu_openai.zhipu.search_agent import SearchEvent
from zhipu_openai.zhipu.videos import VideoJob

if TYPE_CHECKING:
    from zhipu_openai.types.chat import ChatCompletionMessageParam

MESSAGES: list[ChatCompletionMessageParam] = [{"role": "user", "content": "你好"}]


def the_room(client: OpenAI) -> None:
    assert_type(client.zhipu, Zhipu)
    assert_type(client.with_options(timeout=1).zhipu, Zhipu)
    assert_type(zhipu_openai.zhipu.tools.retrieval("1"), tools.RetrievalTool)


def tools_for_texts(client: OpenAI) -> None:
    ranked = client.zhipu.rerank.create(
        query="q",
        documents=("a", "b"),
        top_n=NOT_GIVEN,
        return_documents=omit,
        request_id=None,
        extra_headers={"x-mine": "1"},
        extra_query={"trace": "1"},
        extra_body={"novel": 1},
        timeout=3,
    )
    assert_type(ranked, RerankResponse)
    assert_type(ranked.results, list[RerankResult])
    assert_type(ranked.results[0].relevance_score, float)
    client.zhipu.rerank.create(query="q")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    client.zhipu.rerank.create(query="q", documents=[], documentz=[])  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    client.zhipu.rerank.create(query=1, documents=[])  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    client.zhipu.tokenizer.create(model="glm-4.6", messages=MESSAGES)
    client.zhipu.web_search.create(search_query="q", search_engine="a-new-one", content_size="high")
    client.zhipu.web_search.create(search_query="q", search_engine="search_std", content_size="low")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    assert_type(client.zhipu.web_reader.create(url="u").result.content, str)


def documents(client: OpenAI) -> None:
    read = client.zhipu.layout_parsing.create(file=Path("a.pdf"))
    assert_type(read.layout_details, list[list[LayoutElement]] | None)
    client.zhipu.ocr.create(file=b"", language_type="CHN_ENG")
    parsed = client.zhipu.file_parser.create_and_poll(
        file=("a.pdf", b""), tool_type="prime", format_type="text", poll_interval=1, max_wait_seconds=60
    )
    assert_type(parsed, FileParserResult)
    client.zhipu.moderations.create(input=[{"type": "text", "text": "x"}])


def jobs(client: OpenAI) -> None:
    job = client.zhipu.async_chat.create(model="glm-5.2", messages=MESSAGES, temperature=0.5)
    assert_type(job, ChatJob)
    assert_type(job.completion, ChatCompletion | None)
    done = client.zhipu.async_chat.create_and_poll(model="glm-5.2", messages=MESSAGES, poll_interval=0.5)
    if done.completion is not None:
        assert_type(done.completion.choices[0].message.reasoning_content, str | None)
    assert_type(client.zhipu.videos.create(model="viduq1-text", prompt="x", style="anime"), VideoJob)
    assert_type(client.zhipu.batches.list(limit=1), SyncCursorPage[ZhipuBatch])
    client.zhipu.voices.clone(voice_name="a", input="b", file_id="c")
    client.zhipu.unofficial_quota.tool_usage(start=datetime.now(), end=datetime.now())  # noqa: DTZ005 - Beijing's


def streams(client: OpenAI) -> None:
    stream = client.zhipu.search_agent.stream(messages="q")
    assert_type(stream, Stream[SearchEvent])
    for event in stream:
        assert_type(event.text, str)


def responses(client: OpenAI) -> None:
    raw = client.zhipu.rerank.with_raw_response.create(query="q", documents=[])
    assert_type(raw.parse(), RerankResponse)
    with client.zhipu.videos.with_streaming_response.retrieve("1") as response:
        assert_type(response.status_code, int)


def tools_of_a_chat(client: OpenAI) -> None:
    client.chat.completions.create(
        model="glm-5.2",
        messages=MESSAGES,
        tools=[
            tools.web_search("search_pro_quark", count=3),
            tools.retrieval("1"),
            tools.mcp("maps"),
            {"type": "function", "function": {"name": "now"}},
        ],
    )
    role = tools.role_play(user_info="a", bot_info="b", bot_name="c", user_name="d")
    client.chat.completions.create(model="charglm-4", messages=MESSAGES, extra_body=role)
    code = tools.code_completion("Python", code_prefix="def f():")
    client.chat.completions.create(model="codegeex-4", messages=MESSAGES, extra_body=code)


async def asynchronous(client: AsyncOpenAI) -> None:
    assert_type(client.zhipu, AsyncZhipu)
    assert_type(await client.zhipu.rerank.create(query="q", documents=[]), RerankResponse)
    assert_type(await client.zhipu.videos.create_and_poll(model="cogvideox-3", prompt="x"), VideoJob)
    assert_type(await client.zhipu.async_chat.poll("1", max_wait_seconds=5), ChatJob)
    assert_type(await client.zhipu.search_agent.stream(messages="q"), AsyncStream[SearchEvent])
    assert_type(await client.zhipu.batches.list(), AsyncCursorPage[ZhipuBatch])
    raw = await client.zhipu.rerank.with_raw_response.create(query="q", documents=[])
    assert_type(raw.parse(), RerankResponse)
