"""Answers that are right, for each of Zhipu's services; the fuzzer bends them. Written by us, in the recorded shapes."""

from __future__ import annotations

from typing import Any, Final

from conftest import COMPLETION, chunk, completion

_USAGE: Final = COMPLETION["usage"]
_CALL: Final = {
    "id": "call_1",
    "index": 0,
    "type": "function",
    "function": {"name": "get_weather", "arguments": '{"city": "Paris"}'},
}
_LINK: Final = "https://files.example/f.png"

COMPLETIONS: Final[tuple[Any, ...]] = (
    COMPLETION,
    completion(content=None, tool_calls=[_CALL]),
    completion(content="<think>Hm.</think>Hello.", reasoning_content="Well."),
    {**COMPLETION, "web_search": [{"title": "t", "link": _LINK, "content": "c", "media": "m", "refer": "1"}]},
    completion(content="", audio={"id": "a", "data": "UklGRg==", "expires_at": "1780000000"}),
)
CHUNKS: Final[tuple[Any, ...]] = (
    chunk({"role": "assistant", "content": "Hello"}),
    chunk({"role": "assistant", "reasoning_content": "Hm."}),
    chunk({"role": "assistant", "content": "<thi"}),
    chunk({"role": "assistant", "content": "nk>a</think>b"}),
    chunk({"role": "assistant", "tool_calls": [_CALL]}),
    chunk({"role": "assistant", "content": ""}, "stop", usage=_USAGE),
    chunk({"role": "assistant", "content": ""}, "tool_calls", usage=_USAGE),
    chunk({"role": "assistant", "content": ""}, "network_error"),
    {"error": {"code": "1302", "message": "too many"}},
    {
        "type": "response.created",
        "response": {"id": "r", "object": "response", "output": [], "status": "in_progress"},
    },
    {
        "type": "response.output_text.delta",
        "delta": "a",
        "item_id": "m",
        "output_index": 0,
        "content_index": 0,
    },
    {
        "type": "response.completed",
        "response": {"id": "r", "output": [], "status": "completed", "usage": _USAGE},
    },
    {"type": "transcript.text.delta", "delta": "a"},
    {"type": "transcript.text.done", "text": "a"},
)
FILE: Final[dict[str, Any]] = {
    "id": "f",
    "object": "file",
    "bytes": 5,
    "created_at": 1780000000,
    "filename": "n.jsonl",
    "purpose": "batch",
}
BATCH: Final[dict[str, Any]] = {
    "id": "batch_1",
    "object": "batch",
    "endpoint": "/v4/chat/completions",
    "input_file_id": "f",
    "completion_window": "24h",
    "status": "completed",
    "output_file_id": "o",
    "created_at": 1780000000000,
    "request_counts": {"total": 1, "completed": 1, "failed": 0},
    "errors": None,
    "metadata": {},
}
OTHERS: Final[tuple[Any, ...]] = (
    {"object": "list", "data": [{"id": "glm-5.2", "object": "model", "created": 1, "owned_by": "z-ai"}]},
    {
        "object": "list",
        "model": "embedding-3",
        "data": [{"object": "embedding", "index": 0, "embedding": [0.5, -0.25]}],
        "usage": _USAGE,
    },
    {"created": 1780000000, "data": [{"url": _LINK}], "content_filter": [{"role": "assistant", "level": 3}]},
    {"id": "t", "request_id": "r", "model": "cogvideox-3", "task_status": "PROCESSING"},
    {
        "id": "t",
        "model": "cogvideox-3",
        "task_status": "SUCCESS",
        "video_result": [{"url": _LINK, "cover_image_url": _LINK}],
    },
    {"id": "t", "task_status": "FAIL", "error": {"code": "500", "message": "no"}},
    {"task_status": "SUCCESS", **COMPLETION},
    {"id": "i", "created": 1, "model": "glm-asr-2512", "request_id": "r", "text": "Hello.", "segments": []},
    {
        "id": "i",
        "created": 1,
        "result_list": [{"content_type": "text", "risk_level": "PASS", "risk_type": []}],
    },
    FILE,
    {"object": "list", "data": [FILE], "has_more": False},
    {"id": "f", "object": "file", "deleted": True},
    BATCH,
    {"object": "list", "data": [BATCH], "has_more": False, "first_id": "batch_1", "last_id": "batch_1"},
    {"voice": "v", "file_id": "f", "file_purpose": "voice-clone-output", "request_id": "r"},
    {"voice_list": [{"voice": "v", "voice_name": "n", "voice_type": "OFFICIAL", "download_url": _LINK}]},
    {"voice": "v", "update_time": "2026-01-01 00:00:00"},
    {"code": 200, "message": "ok", "data": {"id": "k"}, "timestamp": 1780000000},
    {
        "code": 200,
        "data": {"list": [{"id": "k", "name": "n", "embedding_id": 3, "document_size": 1}], "total": 1},
    },
    {
        "code": 200,
        "data": {
            "list": [
                {
                    "id": "d",
                    "name": "a.txt",
                    "url": _LINK,
                    "length": 5,
                    "sentence_size": 300,
                    "embedding_stat": 2,
                    "failInfo": {"embedding_code": 10001, "embedding_msg": "m"},
                }
            ],
            "total": 1,
        },
    },
    {"code": 200, "data": {"successInfos": [{"documentId": "d", "fileName": "a.txt"}], "failedInfos": []}},
    {
        "code": 200,
        "data": [{"text": "a", "score": 0.5, "metadata": {"_id": "x", "knowledge_id": "k", "doc_id": "d"}}],
    },
    {
        "id": "t",
        "usage": _USAGE,
        "request_id": "r",
        "created": 1,
        "results": [{"index": 0, "relevance_score": 0.5}],
    },
    {
        "id": "s",
        "created": 1,
        "search_intent": [],
        "search_result": [{"title": "t", "link": _LINK, "content": "c"}],
    },
    {"status": "succeeded", "message": "ok", "content": "text", "task_id": "t", "parsing_result_url": _LINK},
    {
        "id": "resp_1",
        "object": "response",
        "created_at": 1780000000,
        "status": "completed",
        "model": "glm-5.2",
        "output": [
            {
                "id": "m",
                "type": "message",
                "role": "assistant",
                "status": "completed",
                "content": [{"type": "output_text", "text": "Hello.", "annotations": []}],
            },
            {"type": "function_call", "id": "c", "call_id": "c", "name": "f", "arguments": "{}"},
            {"type": "reasoning", "id": "r", "summary": [{"type": "summary_text", "text": "Hm."}]},
        ],
        "usage": {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2},
    },
    {
        "id": "a",
        "agent_id": "general_translation",
        "status": "success",
        "async_id": "x",
        "choices": [
            {"index": 0, "finish_reason": "stop", "messages": [{"role": "assistant", "content": []}]}
        ],
        "usage": _USAGE,
    },
)
ERRORS: Final[tuple[Any, ...]] = (
    {"error": {"code": "1302", "message": "您的账户已达到速率限制"}},
    {"error": {"code": "1308", "message": "Your limit will reset at 2026-09-09 05:38:28"}},
    {"code": 500, "msg": "404 NOT_FOUND", "success": False},
    {"error": {"message": "m", "type": "invalid_request_error", "param": "model", "code": "model_not_found"}},
    {"timestamp": "t", "status": 404, "error": "Not Found", "path": "/v4/x"},
    {"contentFilter": [{"level": 1, "role": "user"}], "error": {"code": "1301", "message": "sensitive"}},
)
ALL: Final[tuple[Any, ...]] = (*COMPLETIONS, *OTHERS, *ERRORS)
