"""Input files of batches, made and translated without a client."""

from __future__ import annotations

import json
import warnings
from typing import TYPE_CHECKING, Any

import pytest

from zhipu_openai.adaptation import Ledger, Refused, ZhipuAdaptationWarning
from zhipu_openai.exchange import Call, Options, Pause
from zhipu_openai.translate.batches.request_file import translate_requests

if TYPE_CHECKING:
    from collections.abc import Mapping

    from zhipu_openai.adaptation import Policy

BASE = "https://open.bigmodel.cn/api/paas/v4/"
CHAT = "/v1/chat/completions"
MESSAGES: list[Any] = [{"role": "user", "content": "Hi"}]


def line(custom_id: str = "request-1", url: str = CHAT, **body: Any) -> dict[str, Any]:
    """Make a line; a body without a model asks glm-5.1."""
    given = {"model": "glm-5.1", "messages": MESSAGES, **body}
    return {"custom_id": custom_id, "method": "POST", "url": url, "body": given}


def jsonl(*lines: Any) -> bytes:
    """Write lines; bytes pass as they are."""
    return b"\n".join(
        one if isinstance(one, bytes) else json.dumps(one, ensure_ascii=False).encode() for one in lines
    )


def call(policy: Policy = "ignore", aliases: Mapping[str, str] | None = None) -> Call:
    """Make the call that an upload is."""
    return Call("POST", "/files", "", {}, Options(BASE, dict(aliases or {})), Ledger(policy))


def translated_bytes(content: bytes, upload: Call | None = None) -> bytes:
    """Translate an input file."""
    work = translate_requests(content, upload or call())
    try:
        while True:
            assert next(work) == Pause(0)
    except StopIteration as end:
        result: bytes = end.value
        return result


def translated(*lines: Any, upload: Call | None = None) -> list[dict[str, Any]]:
    """Translate lines."""
    return [json.loads(one) for one in translated_bytes(jsonl(*lines), upload).split(b"\n")]


def body(**fields: Any) -> dict[str, Any]:
    """Translate the body of one line."""
    made: dict[str, Any] = translated(line(**fields))[0]["body"]
    return made


def refusal_of(content: bytes, upload: Call | None = None) -> dict[str, Any]:
    """Translate an input file that is refused; give the error."""
    with pytest.raises(Refused) as caught:
        translated_bytes(content, upload)
    error: dict[str, Any] = caught.value.answer.body["error"]
    assert caught.value.answer.status < 500
    return error


def notes(*lines: Any) -> dict[str, str]:
    """Translate lines and give what was recorded, by field; the first that was recorded of each."""
    upload = call("warn")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ZhipuAdaptationWarning)
        translated(*lines, upload=upload)
    entries = reversed(upload.ledger.entries)
    return {entry.field: f"{entry.kind}: {entry.detail}" for entry in entries}
