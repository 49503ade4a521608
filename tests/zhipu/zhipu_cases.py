"""One call of every operation of ``client.zhipu``, with an answer in the shape of Zhipu's."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from conftest import COMPLETION, sse

if TYPE_CHECKING:
    from collections.abc import Callable

PNG = b"\x89PNG\r\n\x1a\n" + bytes(16)
MESSAGES: Any = [{"role": "user", "content": "How many tokens is this?"}]
BEIJING = timezone(timedelta(hours=8))
JOB = {"model": "m", "id": "8875817957674828620", "request_id": "mine-01", "task_status": "PROCESSING"}
BATCH = {
    "id": "batch_1793623747699552256",
    "object": "batch",
    "endpoint": "/v4/chat/completions",
    "input_file_id": "1716468180_59c7ca",
    "status": "validating",
    "created_at": 1716468200026,
}
PARSED = {
    "status": "succeeded",
    "message": "成功",
    "content": "Text",
    "task_id": "t1",
    "parsing_result_url": None,
}
QUOTA = {
    "code": 200,
    "msg": "操作成功",
    "success": True,
    "data": {"level": "pro", "limits": [{"type": "TOKENS_LIMIT", "unit": 3, "number": 5, "currentValue": 1}]},
}
ASSISTANT_EVENTS = [
    {
        "id": "2024",
        "created": 1722932937490,
        "choices": [
            {
                "index": 0,
                "delta": {
                    "role": "tool",
                    "tool_calls": [{"type": "web_browser", "web_browser": {"input": "search"}}],
                },
            }
        ],
        "status": "in_process",
    },
    {
        "id": "2024",
        "choices": [{"index": 0, "delta": {"role": "assistant", "content": "Found."}}],
        "status": "in_process",
    },
    {
        "id": "2024",
        "choices": [{"index": 0, "finish_reason": "stop", "delta": {"role": "assistant"}}],
        "status": "completed",
        "usage": {"total_tokens": 9},
    },
]


@dataclass(frozen=True)
class Case:
    """A call.

    Attributes:
        operation: The name of its row.
        call: What a user writes.
        answer: What Zhipu answers; bytes are a stream.
        url: Where the request goes, behind the base URL, or whole.
        body: What of the body is to be seen, in JSON.
        form: What of the form is to be seen.
        fields: A field of the result, by its path, and its value.
    """

    operation: str
    call: Callable[[Any], Any]
    answer: Any
    url: str
    body: dict[str, Any] = field(default_factory=dict)
    form: dict[str, str] = field(default_factory=dict)
    seen: tuple[str, Any] = ("", None)


CASES = (
    Case(
        "Rerank",
        lambda client: client.zhipu.rerank.create(
            query="capital of France", documents=("Berlin", "Paris is the capital of France"), top_n=1
        ),
        {
            "id": "1",
            "created": 1732083164,
            "results": [{"index": 1, "relevance_score": 0.99866986, "document": "Paris"}],
            "usage": {"prompt_tokens": 72, "total_tokens": 72},
        },
        "rerank",
        {"model": "rerank", "top_n": 1},
        seen=("results.0.index", 1),
    ),
    Case(
        "Tokenizer",
        lambda client: client.zhipu.tokenizer.create(model="glm-4.6", messages=MESSAGES),
        {"id": "1", "usage": {"prompt_tokens": 12, "total_tokens": 12}},
        "tokenizer",
        {"model": "glm-4.6", "messages": MESSAGES},
        seen=("usage.prompt_tokens", 12),
    ),
    Case(
        "Web search",
        lambda client: client.zhipu.web_search.create(
            search_query="GLM",
            search_engine="search_pro_sogou",
            count=10,
            search_recency_filter="oneWeek",
            content_size="high",
        ),
        {
            "id": "1",
            "search_intent": [{"query": "GLM", "intent": "SEARCH_ALWAYS", "keywords": "GLM"}],
            "search_result": [{"title": "GLM", "link": "https://example.com", "refer": "ref_1"}],
        },
        "web_search",
        {"search_intent": False, "count": 10},
        seen=("search_result.0.refer", "ref_1"),
    ),
    Case(
        "Web reader",
        lambda client: client.zhipu.web_reader.create(
            url="https://example.com/a", page_timeout=5, return_format="text"
        ),
        {"id": "1", "model": "web-reader", "reader_result": {"content": "Text", "title": "T", "url": "u"}},
        "reader",
        {"url": "https://example.com/a", "timeout": 5, "return_format": "text"},
        seen=("result.content", "Text"),
    ),
    Case(
        "Layout parsing",
        lambda client: client.zhipu.layout_parsing.create(file=PNG, need_layout_visualization=True),
        {
            "id": "1",
            "created": 1,
            "model": "GLM-OCR",
            "md_results": "# T",
            "layout_details": [[{"index": 0, "label": "text", "bbox_2d": [0, 0, 1, 1], "content": "T"}]],
            "data_info": {"num_pages": 1, "pages": [{"width": 1, "height": 2}]},
        },
        "layout_parsing",
        {"model": "glm-ocr", "need_layout_visualization": True},
        seen=("layout_details.0.0.label", "text"),
    ),
    Case(
        "Handwriting OCR",
        lambda client: client.zhipu.ocr.create(
            file=("a.png", PNG), language_type="CHN_ENG", probability=True
        ),
        {
            "task_id": "1",
            "message": "成功",
            "status": "succeeded",
            "words_result_num": 1,
            "words_result": [
                {
                    "location": {"left": 1, "top": 2, "width": 3, "height": 4},
                    "words": "hand",
                    "probability": {"average": 0.9, "variance": 0.1, "min": 0.8},
                }
            ],
        },
        "files/ocr",
        form={"tool_type": "hand_write", "language_type": "CHN_ENG", "probability": "true"},
        seen=("words_result.0.words", "hand"),
    ),
    Case(
        "File parsing, create",
        lambda client: client.zhipu.file_parser.create(file=("a.pdf", b"%PDF"), tool_type="expert"),
        {"success": True, "message": "ok", "task_id": "t1"},
        "files/parser/create",
        form={"tool_type": "expert", "file_type": "PDF"},
        seen=("task_id", "t1"),
    ),
    Case(
        "File parsing, result",
        lambda client: client.zhipu.file_parser.result("t1", format_type="download_link"),
        {**PARSED, "content": None, "parsing_result_url": "https://example.com/a.zip"},
        "files/parser/result/t1/download_link",
        seen=("parsing_result_url", "https://example.com/a.zip"),
    ),
    Case(
        "File parsing, synchronous",
        lambda client: client.zhipu.file_parser.sync(file=("a.md", b"# Hello"), file_type="MD"),
        PARSED,
        "files/parser/sync",
        form={"tool_type": "prime-sync", "file_type": "MD"},
        seen=("content", "Text"),
    ),
    Case(
        "Moderation",
        lambda client: client.zhipu.moderations.create(input=[{"type": "text", "text": "Hello"}]),
        {
            "id": "1",
            "result_list": [{"content_type": "text", "risk_level": "PASS", "risk_type": []}],
            "usage": {"moderation_text": {"call_count": 1}},
        },
        "moderations",
        {"model": "moderation", "input": [{"type": "text", "text": "Hello"}]},
        seen=("result_list.0.risk_level", "PASS"),
    ),
    Case(
        "Voice cloning",
        lambda client: client.zhipu.voices.clone(voice_name="mine", input="Hello", file_id="f1", text="Hi"),
        {"voice": "voice_clone_1", "file_id": "f2", "file_purpose": "voice-clone-output", "request_id": "r"},
        "voice/clone",
        {"model": "glm-tts-clone", "voice_name": "mine", "input": "Hello", "file_id": "f1", "text": "Hi"},
        seen=("voice", "voice_clone_1"),
    ),
    Case(
        "Voice list",
        lambda client: client.zhipu.voices.list(voice_type="OFFICIAL", voice_name="tong"),
        {
            "voice_list": [
                {
                    "voice": "cd550321",
                    "voice_name": "tongtong",
                    "voice_type": "OFFICIAL",
                    "create_time": "2025-09-08 18:23:10",
                }
            ]
        },
        "voice/list?voiceName=tong&voiceType=OFFICIAL",
        seen=("voice_list.0.voice_name", "tongtong"),
    ),
    Case(
        "Voice deletion",
        lambda client: client.zhipu.voices.delete("voice_clone_1"),
        {"voice": "voice_clone_1", "update_time": "2026-01-01 00:00:00"},
        "voice/delete",
        {"voice": "voice_clone_1"},
        seen=("update_time", "2026-01-01 00:00:00"),
    ),
    Case(
        "Chat completion, asynchronous",
        lambda client: client.zhipu.async_chat.create(
            model="glm-4.6", messages=MESSAGES, max_completion_tokens=9
        ),
        JOB,
        "async/chat/completions",
        {"model": "glm-4.6", "messages": MESSAGES, "max_tokens": 9},
        seen=("task_status", "PROCESSING"),
    ),
    Case(
        "Image generation, asynchronous",
        lambda client: client.zhipu.async_images.create(prompt="A cat", size="1280x1280"),
        JOB,
        "async/images/generations",
        {"model": "glm-image", "prompt": "A cat", "size": "1280x1280"},
        seen=("id", JOB["id"]),
    ),
    Case(
        "Video generation",
        lambda client: client.zhipu.videos.create(
            model="vidu2-reference",
            prompt="A cat",
            image_url=("https://example.com/a.png",),
            aspect_ratio="9:16",
            movement_amplitude="small",
            duration=4,
        ),
        JOB,
        "videos/generations",
        {"model": "vidu2-reference", "image_url": ["https://example.com/a.png"], "aspect_ratio": "9:16"},
        seen=("id", JOB["id"]),
    ),
    Case(
        "Result of a job",
        lambda client: client.zhipu.videos.retrieve("887"),
        {
            "model": "cogvideox-3",
            "task_status": "SUCCESS",
            "video_result": [
                {"url": "https://example.com/a.mp4", "cover_image_url": "https://example.com/a.png"}
            ],
        },
        "async-result/887",
        seen=("video_result.0.cover_image_url", "https://example.com/a.png"),
    ),
    Case(
        "Result of a job",
        lambda client: client.zhipu.async_images.retrieve("887"),
        {
            "model": "glm-image",
            "task_status": "SUCCESS",
            "image_result": [{"url": "https://example.com/a.png"}],
        },
        "async-result/887",
        seen=("id", "887"),
    ),
    Case(
        "Result of a job",
        lambda client: client.zhipu.async_chat.retrieve("887"),
        {**COMPLETION, "task_status": "SUCCESS"},
        "async-result/887",
        seen=("completion.choices.0.message.content", "Hello."),
    ),
    Case(
        "Batch, create",
        lambda client: client.zhipu.batches.create(
            input_file_id="f1", auto_delete_input_file=False, metadata={"who": "me"}
        ),
        BATCH,
        "batches",
        {"endpoint": "/v4/chat/completions", "auto_delete_input_file": False},
        seen=("created_at", 1716468200026),
    ),
    Case(
        "Batch, list",
        lambda client: client.zhipu.batches.list(limit=1, after="batch_0"),
        {"object": "list", "data": [BATCH], "has_more": False},
        "batches?limit=1&after=batch_0",
        seen=("data.0.id", BATCH["id"]),
    ),
    Case(
        "Batch, retrieve",
        lambda client: client.zhipu.batches.retrieve("batch_1"),
        {**BATCH, "request_counts": {"total": 3, "completed": None, "failed": None}, "error_file_id": ""},
        "batches/batch_1",
        seen=("request_counts.total", 3),
    ),
    Case(
        "Batch, cancel",
        lambda client: client.zhipu.batches.cancel("batch_1"),
        {**BATCH, "status": "cancelling"},
        "batches/batch_1/cancel",
        seen=("status", "cancelling"),
    ),
    Case(
        "Agent search",
        lambda client: client.zhipu.search_agent.stream(messages="What is new?"),
        sse(*ASSISTANT_EVENTS, done=False),
        "assistant",
        {
            "assistant_id": "659e54b1b8006379b4b2abd6",
            "model": "glm-4-assistant",
            "stream": True,
            "messages": [{"role": "user", "content": "What is new?"}],
        },
    ),
    Case(
        "Coding Plan quota",
        lambda client: client.zhipu.unofficial_quota.limit(),
        QUOTA,
        "https://open.bigmodel.cn/api/monitor/usage/quota/limit",
        seen=("data.limits.0.current_value", 1),
    ),
    Case(
        "Coding Plan usage of models",
        lambda client: client.zhipu.unofficial_quota.model_usage(
            start=datetime(2026, 9, 1, 8, tzinfo=BEIJING), end=datetime(2026, 9, 1, 1, tzinfo=timezone.utc)
        ),
        {"code": 200, "success": True, "data": {"x": 1}},
        "https://open.bigmodel.cn/api/monitor/usage/model-usage"
        "?startTime=2026-09-01+08%3A00%3A00&endTime=2026-09-01+09%3A00%3A00",
        seen=("data", {"x": 1}),
    ),
    Case(
        "Coding Plan usage of tools",
        lambda client: client.zhipu.unofficial_quota.tool_usage(
            start=datetime.fromisoformat("2026-09-01"), end=datetime.fromisoformat("2026-09-02")
        ),
        {"code": 200, "success": True, "data": {"x": 1}},
        "https://open.bigmodel.cn/api/monitor/usage/tool-usage"
        "?startTime=2026-09-01+00%3A00%3A00&endTime=2026-09-02+00%3A00%3A00",
        seen=("data", {"x": 1}),
    ),
)
