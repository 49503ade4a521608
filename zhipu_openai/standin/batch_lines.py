"""The lines of a batch's input file, checked as they are when it is uploaded.

That the model and the length of ``custom_id`` are checked then, with 1210, and in which words, was seen live
(fxp/skillify, 2026-09-11); the other checks are the documentation's, their words ours.
"""

from __future__ import annotations

import json
from typing import Any, Final

from zhipu_openai.translate.batches.models import MODELS

URL: Final = "/v4/chat/completions"
"""The only path that the specification has (bigmodel.cn OpenAPI, 2026-07-11)."""

_SHORTEST_ID: Final = 6
_MOST_LINES: Final = 50_000


def read(data: bytes) -> list[dict[str, Any]]:
    """Read the lines of a file that was accepted."""
    return [json.loads(line) for line in data.splitlines()]


def wrong(data: bytes) -> str | None:
    """Say what is wrong with an input file, None if nothing is."""
    raw = data.splitlines()
    if not raw:
        return "文件内容为空"
    if len(raw) > _MOST_LINES:
        return f"请求数超过限制: {_MOST_LINES}"
    seen: set[str] = set()
    names: set[str] = set()
    for number, text in enumerate(raw, 1):
        try:
            line = json.loads(text)
        except (ValueError, RecursionError):
            line = None
        problem = _wrong_line(line, seen, names)
        if problem is not None:
            return f"第{number}行: {problem}"
    return None


def _wrong_line(line: Any, seen: set[str], names: set[str]) -> str | None:
    if not isinstance(line, dict):
        return "不是合法的 JSON 对象"
    custom_id, body = line.get("custom_id"), line.get("body")
    if not isinstance(custom_id, str) or len(custom_id) < _SHORTEST_ID:
        return f"custom id 长度不足, 最短: {_SHORTEST_ID}"
    if custom_id in seen:
        return "custom id 重复"
    seen.add(custom_id)
    if line.get("method") != "POST" or line.get("url") != URL or not isinstance(body, dict):
        return "method、url 或 body 错误"
    name = body.get("model")
    if name not in MODELS:
        return f"模型名称错误, 支持的模型: {'、'.join(sorted(MODELS))}"
    names.add(name)
    return "一个文件只能包含一个模型" if len(names) > 1 else None
