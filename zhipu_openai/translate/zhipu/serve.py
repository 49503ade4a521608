"""What ``client.zhipu`` asks for: no translation, but every answer is looked at."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, cast

from zhipu_openai import errors
from zhipu_openai.adaptation import Refused
from zhipu_openai.endpoints import ROOTS
from zhipu_openai.exchange import Branch, Passage, Send, StreamPlan, error_reply
from zhipu_openai.multipart import Form
from zhipu_openai.translate.chat.parts import decode, hollow
from zhipu_openai.zhipu.operations import Ends, find

from .stream import CheckedStream, at, said

if TYPE_CHECKING:
    from zhipu_openai.endpoints import RootName
    from zhipu_openai.exchange import Call, Operation, Reply
    from zhipu_openai.zhipu.operations import Operation as Row

_BASE: Final = "base"
_SUCCESSES: Final = (0, 200)


def serve(call: Call) -> Operation:
    """Serve ``/zhipu/{root}/…``: whatever stands under that path at the root, or at the base URL."""
    root, path = _place(call.path)
    row = find(call.method, root, path)
    send = _send(call, root, path)
    if call.body.get("stream") is True or (row is not None and row.streams):
        ends = row.ends if row is not None else Ends()
        decoder = CheckedStream(ends, base_url=call.options.base_url, attempt=call.attempt)
        return StreamPlan((Branch(send, decoder),))
    if row is None:
        return Passage(send)
    reply = yield send
    return checked(call, reply, row)


def checked(call: Call, reply: Reply, row: Row) -> Reply:
    """Give an answer back if it holds what it must, else the error that it is.

    One that lacks something and has words in its place is Zhipu's refusal in these words.
    """
    if reply.error is not None:
        return reply
    try:
        body: Any = decode(reply.content)
    except ValueError:
        return error_reply(hollow("is not JSON"), reply.headers)
    held = body if isinstance(body, dict) else {}
    absent = [name for name in row.needs if held.get(name) is None]
    failed = bool(row.ends.field) and at(body, row.ends.field) in row.ends.failed
    if not absent and not failed and held.get("status") not in row.fails:
        return reply
    # An envelope that says it is a success has no words about a failure.
    words = "" if held.get("code") in _SUCCESSES else said(body, row.ends.field if failed else "")
    if not words:
        return error_reply(hollow(f"lacks {', '.join(absent)}" if absent else "has failed"), reply.headers)
    answer = errors.openai_error(
        errors.Failure(None, words, raw=body),
        status=reply.status,
        attempt=call.attempt,
        base_url=call.options.base_url,
        log_id=reply.headers.get("x-log-id"),
    )
    return error_reply(answer, reply.headers)


def _place(path: str) -> tuple[RootName | None, str]:
    _, _, root, *rest = path.split("/")
    if root != _BASE and root not in ROOTS:
        raise Refused(
            errors.refusal(
                f"There is no root {root!r}; it is one of {', '.join((_BASE, *ROOTS))}.",
                param=None,
                code="unsupported_operation",
            )
        )
    return (None if root == _BASE else cast("RootName", root)), "/" + "/".join(rest)


def _send(call: Call, root: RootName | None, path: str) -> Send:
    if call.content_type.lower().startswith("multipart/"):
        return Send(call.method, path, root=root, form=_plain(call.form()))
    return Send(call.method, path, call.body if call.content else None, root=root)


def _plain(form: Form) -> Form:
    """Name the items of a list as Zhipu does; openai's client adds brackets."""
    return Form(tuple(replace(part, name=part.name.removesuffix("[]")) for part in form.parts))
