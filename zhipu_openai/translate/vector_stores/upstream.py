"""The conversation with Zhipu's knowledge bases: requests, envelopes and pages."""

from __future__ import annotations

import json
from functools import wraps
from typing import TYPE_CHECKING, Any, Final, NoReturn
from urllib.parse import quote, unquote, urlencode

from zhipu_openai.adaptation import Refused
from zhipu_openai.errors import Failure, openai_error, refusal
from zhipu_openai.exchange import Reply, Send, SendAll, error_reply
from zhipu_openai.multipart import Form, Part

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping

    from zhipu_openai.exchange import Body, Call, Operation, Operator, Step

SUCCESS: Final = 200
"""What ``code`` says in an envelope that reports no failure. Source: bigmodel.cn OpenAPI, 2026-07-11."""

PAGE: Final = 100
"""Items asked for at once. The largest page is not documented; one that comes back shorter sets the size."""

SIDE_BY_SIDE: Final = 8
"""Requests under way at once for one call."""


class Failed(Exception):  # noqa: N818 - it is an answer on its way out, not an error of ours
    """Ends an operation with a reply that reports a failure, and keeps that reply's headers."""

    def __init__(self, reply: Reply) -> None:
        """Keep the reply."""
        super().__init__(reply.status)
        self.reply = reply


def serving(operation: Operator) -> Operator:
    """Let an operation end with the reply of a request that failed."""

    @wraps(operation)
    def run(call: Call) -> Operation:
        try:
            return (yield from operation(call))
        except Failed as failed:
            return failed.reply

    return run


def segment(path: str, place: int) -> str:
    """Give a segment of a path as it was before it was quoted; 2 is the vector store's id."""
    return unquote(path.split("/")[place])


def knowledge(method: str, store: str = "", body: Body | None = None) -> Send:
    """Make a request about knowledge bases, or about one."""
    return Send(
        method, f"/knowledge/{quote(store, safe='')}" if store else "/knowledge", body, root="application"
    )


def document(method: str, name: str) -> Send:
    """Make a request about one document."""
    return Send(method, f"/document/{quote(name, safe='')}", root="application")


def upload(store: str, file: tuple[str, str | None, bytes], fields: Mapping[str, Any]) -> Send:
    """Make the request that puts a file into a knowledge base.

    Args:
        store: The knowledge base.
        file: The file's name, content type and bytes.
        fields: Zhipu's other fields of that form.
    """
    name, content_type, data = file
    parts = [Part("files", data, name, content_type or "application/octet-stream")]
    for field, value in fields.items():
        values = value if isinstance(value, list) else [value]
        parts += [Part(field, _text(one).encode()) for one in values if one is not None]
    path = f"/document/upload_document/{quote(store, safe='')}"
    return Send("POST", path, root="application", form=Form(tuple(parts)))


def data_of(reply: Reply) -> Any:
    """Give what an envelope holds.

    Raises:
        Failed: The reply reports a failure.
        Refused: It is no envelope.
    """
    body = envelope(reply)
    return body.get("data")


def envelope(reply: Reply) -> dict[str, Any]:
    """Decode an envelope that reports success.

    Raises:
        Failed: The reply reports a failure.
        Refused: It is no envelope.
    """
    if reply.error is not None:
        raise Failed(reply)
    try:
        body = reply.json()
    except ValueError:
        body = None
    if not isinstance(body, dict) or not isinstance(body.get("code"), int):
        invalid("an envelope")
    if body["code"] != SUCCESS:
        failure = Failure(str(body["code"]), str(body.get("message") or ""), raw=body)
        raise Failed(error_reply(openai_error(failure, status=reply.status), reply.headers))
    return body


def invalid(what: str) -> NoReturn:
    """End a call whose answer has not the form that is known.

    Raises:
        Refused: Always; the status is 502.
    """
    raise Refused(
        refusal(
            f"Zhipu's answer was expected to hold {what}, and does not. Check the base URL.",
            param=None,
            code="invalid_upstream_answer",
            status=502,
            type="server_error",
        )
    )


def objects(value: Any, what: str, *needed: str) -> list[dict[str, Any]]:
    """Check that a value is a list of objects that have these keys.

    Raises:
        Refused: It is not.
    """
    if not isinstance(value, list) or not all(
        isinstance(one, dict) and all(one.get(name) is not None for name in needed) for one in value
    ):
        invalid(what)
    return value


def seconds(body: Mapping[str, Any]) -> int:
    """Read the time of an envelope, milliseconds on the wire, as seconds; 0 where it has none."""
    stamp = body.get("timestamp")
    return stamp // 1000 if isinstance(stamp, int) and not isinstance(stamp, bool) else 0


def every(path: str, query: Mapping[str, str], what: str) -> Generator[Step, Any, list[dict[str, Any]]]:
    """Read all pages of a list.

    Args:
        path: The list's path below the root.
        query: Its query, but for the page.
        what: What the list holds, for an error.
    """
    reply = yield _page_of(path, query, 1, PAGE)
    return (yield from _rest(path, query, what, PAGE, reply))


def every_of_each(
    queries: Iterable[tuple[Mapping[str, str], int]],
) -> Generator[Step, Any, list[list[dict[str, Any]]]]:
    """Read all documents of several knowledge bases.

    Args:
        queries: For each, the query and how many documents it holds; of one that holds none none are asked for.
    """
    asked = [(query, min(max(count, 10), PAGE) if count else 0) for query, count in queries]
    sends = [_page_of("/document", query, 1, size) for query, size in asked if size]
    replies = iter((yield from one_by_one(sends)))
    found: list[list[dict[str, Any]]] = []
    for query, size in asked:
        pages = _rest("/document", query, "documents", size, next(replies)) if size else None
        found.append([] if pages is None else (yield from pages))
    return found


def _rest(
    path: str, query: Mapping[str, str], what: str, size: int, first: Reply
) -> Generator[Step, Any, list[dict[str, Any]]]:
    """Read the pages behind the first one, if there are any."""
    found, total = _page(first, what)
    if found and len(found) < min(size, total):
        size = len(found)  # the service has a largest page of its own
    pages = range(2, -(-total // size) + 1) if found else range(0)
    replies = yield from one_by_one(_page_of(path, query, number, size) for number in pages)
    for reply in replies:
        found = [*found, *_page(reply, what)[0]]
    # Items may move from page to page while the pages are read.
    return list({one["id"]: one for one in found}.values())


def one_by_one(sends: Iterable[Send]) -> Generator[Step, Any, list[Reply]]:
    """Send several requests, a few at a time; the first failure ends the call."""
    left, replies = list(sends), list[Reply]()
    while left:
        group, left = tuple(left[:SIDE_BY_SIDE]), left[SIDE_BY_SIDE:]
        came = (yield SendAll(group)) if len(group) > 1 else (yield group[0])
        if isinstance(came, Reply):
            if came.error is not None:
                raise Failed(came)
            came = [came]
        replies += came
    return replies


def _page_of(path: str, query: Mapping[str, str], number: int, size: int) -> Send:
    asked = urlencode({**query, "page": number, "size": size})
    return Send("GET", path, query=asked, root="application")


def _page(reply: Reply, what: str) -> tuple[list[dict[str, Any]], int]:
    data = data_of(reply)
    if not isinstance(data, dict):
        invalid(what)
    items = objects(data.get("list") or [], what, "id")
    total = data.get("total")
    return items, total if isinstance(total, int) else len(items)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)
