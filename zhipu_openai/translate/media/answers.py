"""Answers of Zhipu's that give links and jobs: what they must hold, and the errors where they do not."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from zhipu_openai import errors
from zhipu_openai.adaptation import Refused
from zhipu_openai.translate.json_schema import parse_json

if TYPE_CHECKING:
    from typing import NoReturn

    from zhipu_openai.exchange import Body, Call, Reply


def object_in(reply: Reply) -> Body:
    """Decode an answer that is to be a JSON object.

    Raises:
        Refused: It is none.
    """
    try:
        body = parse_json(reply.content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        refuse_hollow("is not JSON")
    if not isinstance(body, dict):
        refuse_hollow("is no JSON object")
    return body


def refuse_hollow(what: str) -> NoReturn:
    """Report an answer that lacks what it must hold. It is not asked for again: that may cost money.

    Raises:
        Refused: Always.
    """
    raise Refused(
        errors.refusal(
            f"Zhipu's answer {what}. Ask again; if it stays so, check the base URL and the model.",
            param=None,
            code="invalid_upstream_answer",
            status=502,
            type="server_error",
        )
    )


def usable_link(link: Any) -> str | None:
    """Give a link if it is an address on the web."""
    if isinstance(link, str) and link.strip().lower().startswith(("https://", "http://")):
        return link.strip()
    return None


def links_in(items: Any, name: str = "url") -> list[str]:
    """Give the links of a list of objects, an empty list if one of them has none."""
    if not isinstance(items, list):
        return []
    links = [usable_link(item.get(name)) if isinstance(item, dict) else None for item in items]
    usable = [link for link in links if link is not None]
    return usable if len(usable) == len(links) else []


def failure_of_job(body: Body, call: Call, reply: Reply) -> errors.ErrorAnswer:
    """Make the error for a job that ended in failure; what Zhipu writes there is not documented."""
    said = {name: value for name, value in body.items() if name != "task_status"}
    failure = errors.read_failure(said) or errors.Failure(
        code=None,
        message=_words_of(said),
        param=None,
        content_filter=_content_filter(said),
        request_id=None,
        raw=body,
    )
    return errors.openai_error(
        failure,
        status=400,
        base_url=call.options.base_url,
        log_id=reply.headers.get("x-log-id"),
    )


def blocked(body: Body, call: Call, reply: Reply) -> errors.ErrorAnswer | None:
    """Make the error for an answer that gives a content filter and nothing else; None without one."""
    levels = _content_filter(body)
    if not levels:
        return None
    failure = errors.Failure(
        code="1301",
        message="The content was stopped by Zhipu's filter.",
        param="prompt",
        content_filter=levels,
        request_id=None,
        raw=body,
    )
    return errors.openai_error(
        failure,
        status=400,
        base_url=call.options.base_url,
        log_id=reply.headers.get("x-log-id"),
    )


def moment_of(reply: Reply) -> int:
    """Read when a reply was made, in Unix seconds; 0 if it does not say."""
    try:
        return int(parsedate_to_datetime(reply.headers["date"]).timestamp())
    except (KeyError, ValueError):
        return 0


def _content_filter(body: Body) -> list[Any] | None:
    levels = body.get("content_filter")
    return levels if isinstance(levels, list) and levels else None


def _words_of(body: Body) -> str:
    for name in ("message", "msg", "fail_reason", "reason"):
        if isinstance(body.get(name), str) and body[name].strip():
            return str(body[name])
    return "The job failed, and Zhipu does not say why."
