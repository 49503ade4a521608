"""Rows of ``operations``: what ``client.zhipu`` serves below the base URL, and the plan's quota."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from ._operation import Ends, Operation

if TYPE_CHECKING:
    from zhipu_openai.endpoints import Region

    from ._operation import Proof

_BOTH: Final[tuple[Region, ...]] = ("cn", "intl")
_CN: Final[tuple[Region, ...]] = ("cn",)


def _live(
    name: str,
    method: str,
    path: str,
    call: str,
    regions: tuple[Region, ...],
    proof: Proof = "official",
    **more: Any,
) -> Operation:
    source = "bigmodel.cn OpenAPI" if regions == _CN else "bigmodel.cn OpenAPI; z.ai OpenAPI, 2026-08-22"
    return Operation(
        name, method, path, f"client.zhipu.{call}", regions, "live", proof, source, date(2026, 7, 11), **more
    )


TOOLS: Final = (
    _live("Rerank", "POST", "/rerank", "rerank.create", _CN, needs=("results",)),
    _live("Tokenizer", "POST", "/tokenizer", "tokenizer.create", _BOTH, needs=("usage",)),
    _live(
        "Web search",
        "POST",
        "/web_search",
        "web_search.create",
        _BOTH,
        needs=("id",),
        note="search_std and search_pro give no links (recorded, 2026-09).",
        since="2025-05",
    ),
    _live(
        "Web reader",
        "POST",
        "/reader",
        "web_reader.create",
        _BOTH,
        needs=("reader_result",),
        note="Open to Coding Plan keys (recorded, 2026-09).",
    ),
    _live("Layout parsing", "POST", "/layout_parsing", "layout_parsing.create", _BOTH, needs=("id",)),
    _live(
        "Handwriting OCR",
        "POST",
        "/files/ocr",
        "ocr.create",
        _CN,
        needs=("task_id", "status"),
        fails=("failed",),
        note="A failure is an HTTP 200 without task_id and status.",
    ),
    _live(
        "File parsing, create",
        "POST",
        "/files/parser/create",
        "file_parser.create",
        _CN,
        needs=("task_id",),
    ),
    _live(
        "File parsing, result",
        "GET",
        "/files/parser/result/{task_id}/{format_type}",
        "file_parser.result",
        _CN,
        needs=("status", "task_id"),
    ),
    _live(
        "File parsing, synchronous",
        "POST",
        "/files/parser/sync",
        "file_parser.sync",
        _CN,
        "captured",
        needs=("status", "task_id"),
        fails=("failed",),
        note="file_type is required, whatever the specification says (recorded, 2026-07).",
    ),
    _live("Moderation", "POST", "/moderations", "moderations.create", _CN, needs=("result_list",)),
    _live("Voice cloning", "POST", "/voice/clone", "voices.clone", _CN, needs=("voice",)),
    _live(
        "Voice list",
        "GET",
        "/voice/list",
        "voices.list",
        _CN,
        "captured",
        needs=("voice_list",),
        since="2025-09",
    ),
    _live("Voice deletion", "POST", "/voice/delete", "voices.delete", _CN, needs=("voice",)),
)

JOBS: Final = (
    _live(
        "Chat completion, asynchronous",
        "POST",
        "/async/chat/completions",
        "async_chat.create",
        _CN,
        "captured",
        needs=("id", "task_status"),
        since="2024-05",
    ),
    _live(
        "Image generation, asynchronous",
        "POST",
        "/async/images/generations",
        "async_images.create",
        _BOTH,
        needs=("id", "task_status"),
    ),
    _live(
        "Video generation", "POST", "/videos/generations", "videos.create", _BOTH, needs=("id", "task_status")
    ),
    _live(
        "Result of a job",
        "GET",
        "/async-result/{id}",
        "async_chat.retrieve, .async_images.retrieve, .videos.retrieve",
        _BOTH,
        "captured",
        needs=("task_status",),
        since="2024-05",
    ),
    _live(
        "Batch, create",
        "POST",
        "/batches",
        "batches.create",
        _CN,
        "captured",
        needs=("id", "status"),
        since="2024-05",
    ),
    _live("Batch, list", "GET", "/batches", "batches.list", _CN, needs=("data",)),
    _live(
        "Batch, retrieve",
        "GET",
        "/batches/{batch_id}",
        "batches.retrieve",
        _CN,
        "captured",
        needs=("id", "status"),
        note="Times are in milliseconds (recorded, 2024-05 and 2026-09).",
        since="2024-05",
    ),
    _live(
        "Batch, cancel", "POST", "/batches/{batch_id}/cancel", "batches.cancel", _CN, needs=("id", "status")
    ),
)

_MONITOR: Final = ("recorded traffic (fxp/skillify)", date(2026, 9, 11))


def _quota(name: str, path: str, call: str, proof: Proof = "standin") -> Operation:
    return Operation(
        name,
        "GET",
        path,
        f"client.zhipu.unofficial_quota.{call}",
        _BOTH,
        "undocumented",
        proof,
        *_MONITOR,
        root="monitor",
        since="2026-09",
        needs=("data",),
    )


QUOTA: Final = (
    _quota("Coding Plan quota", "/quota/limit", "limit", "captured"),
    _quota("Coding Plan usage of models", "/model-usage", "model_usage"),
    _quota("Coding Plan usage of tools", "/tool-usage", "tool_usage"),
)

SEARCH_AGENT: Final = Operation(
    "Agent search",
    "POST",
    "/assistant",
    "client.zhipu.search_agent.stream",
    _CN,
    "deprecated",
    "standin",
    "bigmodel.cn OpenAPI; Zhipu's guide to agent search, 2025",
    date(2026, 7, 11),
    ends=Ends("status", done=("completed",), failed=("failed",)),
    streams=True,
    since="2024-08",
    note="One of the assistants; answers with a stream alone.",
)
