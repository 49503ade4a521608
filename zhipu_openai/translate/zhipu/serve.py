"""What ``client.zhipu`` asks for: no translation, but every answer is looked at."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from zhipu_openai.adaptation import Refused
from zhipu_openai.endpoints import ROOTS
from zhipu_openai.errors import Failure, openai_error, refusal
from zhipu_openai.exchange import Branch, Passage, Send, StreamPlan, error_reply
from zhipu_openai.multipart import Form
from zhipu_openai.translate.chat.parts import decode, hollow
from zhipu_openai.zhipu.operations import Ends, find

from .stream import CheckedStream, at, said

if TYPE_CHECKING:
    from zhipu_openai.endpoints import RootName
    from zhipu_openai.exchange import Call, Operation, Reply

_BASE = "base"


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
    return checked(reply, row.needs, row.ends)


def checked(reply: Reply, needs: tuple[str, ...], ends: Ends = Ends()) -> Reply:  # noqa: B008 - it is frozen
    """Give an answer back if it holds what it must and says of no failure, else the error that it is."""
    if reply.error is not None:
        return reply
    lacking = "is not JSON"
    try:
        body: Any = decode(reply.content)
    except ValueError:
        return error_reply(hollow(lacking), reply.headers)
    absent = [name for name in needs if not isinstance(body, dict) or body.get(name) is None]
    if absent:
        return error_reply(hollow(f"lacks {', '.join(absent)}"), reply.headers)
    if ends.field and at(body, ends.field) in ends.failed:
        words = said(body, ends.field)
        failure = openai_error(Failure(None, words, raw=body), status=reply.status) if words else None
        return error_reply(failure or hollow("says that the work has failed, and not why"), reply.headers)
    return reply


def _place(path: str) -> tuple[RootName | None, str]:
    _, _, root, *rest = path.split("/")
    if root != _BASE and root not in ROOTS:
        raise Refused(
            refusal(
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
