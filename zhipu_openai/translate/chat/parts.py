"""Pieces that whole answers and streamed ones share."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from zhipu_openai import errors
from zhipu_openai.translate.json_schema import parse_json

from .finish import failing

if TYPE_CHECKING:
    from zhipu_openai.errors import ErrorAnswer

_LATEST: Final = 10**15
"""A time beyond this is none, neither in seconds nor in milliseconds."""


def decode(content: bytes) -> Any:
    """Decode JSON as it comes from the wire: UTF-8, with or without a byte order mark.

    Raises:
        ValueError: It is not JSON, or nothing that could be sent on as JSON.
    """
    try:
        return parse_json(content.decode("utf-8-sig"))
    except RecursionError:
        raise ValueError("the JSON is nested too deeply") from None


def finish_error(
    reason: str, *, produced: bool, log_id: str | None, base_url: str, attempt: int
) -> ErrorAnswer | None:
    """Make the error that a finish reason stands for, if it stands for one."""
    row = failing(reason, produced=produced)
    if row is None or row.error is None:
        return None
    answer = errors.stream_failure(row.error, attempt=attempt, log_id=log_id)
    if answer is not None:
        return answer
    failure = errors.Failure(
        code=row.error,
        message=f"finish_reason: {reason}",
        param=None,
        content_filter=None,
        request_id=log_id,
        raw=None,
    )
    return errors.openai_error(failure, status=400, attempt=attempt, base_url=base_url, log_id=log_id)


def hollow(what: str) -> ErrorAnswer:
    """Make the error for an answer that holds nothing that could be passed on; openai tries again."""
    answer = errors.refusal(
        f"Zhipu's answer {what}. Try again; if it stays so, check the base URL and the model.",
        param=None,
        code="invalid_upstream_answer",
        status=502,
        type="server_error",
    )
    return replace(answer, retry=True)


def unmet(message: str, *, code: str, param: str, content: str) -> ErrorAnswer:
    """Make the error for an answer that does not hold what OpenAI would have guaranteed."""
    answer = errors.refusal(message, param=param, code=code, status=422)
    answer.body["error"].setdefault("zhipu", {})["content"] = content
    return answer


def head_of(body: dict[str, Any], kind: str, *, otherwise: str = "") -> dict[str, Any]:
    """Give what an answer says of itself (id, created, model), with the types that OpenAI's have.

    Args:
        body: An answer or a chunk of Zhipu's.
        kind: What OpenAI calls such an object.
        otherwise: The id of an answer that has none.
    """
    created, model = body.get("created"), body.get("model")
    return {
        "id": str(body.get("id") or body.get("request_id") or otherwise),
        "created": int(created) if isinstance(created, int | float) and abs(created) < _LATEST else 0,
        "object": kind,
        "model": model if isinstance(model, str) else "",
    }


def arguments_text(arguments: Any) -> str:
    """Give the arguments of a call as the JSON text that OpenAI sends."""
    if isinstance(arguments, str):
        return arguments
    return "" if arguments is None else json.dumps(arguments, ensure_ascii=False)


def citations(results: Any, content: str) -> list[dict[str, Any]]:
    """Make OpenAI's url citations of Zhipu's ``web_search`` results.

    A result's ``refer`` (``ref_1``) gives the place in the text where it is cited; without one in the text
    the citation stands at its beginning with no length.
    """
    if not isinstance(results, list):
        return []
    cited = []
    for result in results:
        if not isinstance(result, dict) or not result.get("link"):
            continue
        refer = result.get("refer")
        # ref_1 is not to be found in ref_12.
        place = re.search(re.escape(refer) + r"(?!\d)", content) if isinstance(refer, str) and refer else None
        span = place.span() if place is not None else (0, 0)
        cited.append(
            {
                "type": "url_citation",
                "url_citation": {
                    "start_index": span[0],
                    "end_index": span[1],
                    "title": str(result.get("title") or ""),
                    "url": str(result["link"]),
                },
            }
        )
    return cited


def add_usage(total: dict[str, Any] | None, more: Any) -> dict[str, Any] | None:
    """Add two usages field by field; every request of a call is billed."""
    if not isinstance(more, dict):
        return total
    if total is None:
        return dict(more)
    summed = dict(total)
    for name, value in more.items():
        before = summed.get(name)
        if isinstance(value, dict):
            summed[name] = add_usage(before if isinstance(before, dict) else None, value)
        elif isinstance(value, int) and isinstance(before, int):
            summed[name] = before + value
        elif before is None:
            summed[name] = value
    return summed
