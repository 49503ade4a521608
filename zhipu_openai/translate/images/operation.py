"""The course of a request for pictures: they are made, waited for if they are jobs, and read if bytes are wanted."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from zhipu_openai.errors import refusal
from zhipu_openai.exchange import (
    TOO_LARGE,
    Fetch,
    Pause,
    Reply,
    Send,
    SendAll,
    encode_json,
    error_reply,
    json_reply,
)
from zhipu_openai.translate.media.answers import failure_of_job, object_in
from zhipu_openai.translate.media.jobs import job_path, state_of, task_of

from .answer import Picture, made_by, made_by_job, merged, stream_of
from .fields import translate_request

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from typing import TypeAlias

    from zhipu_openai.exchange import Call, Operation, Step

    from .answer import Made
    from .fields import ImageDraft

    _Replies: TypeAlias = "Generator[Step, Any, list[Reply] | Reply]"

PATH: Final = "/images/generations"
PATH_OF_JOBS: Final = "/async/images/generations"

SHELF: Final = "images"
"""Where a client remembers what was made and could not be handed over."""

POLL_SECONDS: Final = 2.0
"""Between two looks at a job; glm-image takes about 20 seconds (bigmodel.cn OpenAPI, 2026-07-11)."""

MOST_POLLS: Final = 150
"""Looks at a job before it is given up: five minutes."""

SECOND_TRIES: Final = (0.5, 2.0)
"""Seconds before a link that could not be read is read again: the picture is paid for by then, and making
another would cost as much."""


def generate(call: Call) -> Operation:
    """Serve ``POST /images/generations``.

    What was made when the connection broke is remembered, so that openai's retry reads the picture that is
    paid for, and makes no other.
    """
    draft = translate_request(call)
    send = Send("POST", PATH_OF_JOBS if draft.as_job else PATH, draft.body)
    key = hashlib.sha256(encode_json([send.path, draft.body, draft.count])).hexdigest()
    replies: list[Reply] | Reply | None = _claimed(call, key)
    if replies is None:
        replies = yield from _all([send] * draft.count)
    if isinstance(replies, Reply):
        return replies
    try:
        return (yield from _handed_over(draft, replies))
    except GeneratorExit:
        # A request of this operation did not come through.
        call.memory.keep(SHELF, key, replies, size=sum(len(reply.content) for reply in replies))
        raise


def _claimed(call: Call, key: str) -> list[Reply] | None:
    """Take what an attempt made that broke off; nobody else gets it."""
    if not call.attempt:
        return None
    left: list[Reply] | None = call.memory.recall(SHELF, key)
    return left if left is not None and call.memory.forget(SHELF, key) else None


def _handed_over(draft: ImageDraft, replies: list[Reply]) -> Generator[Step, Any, Reply]:
    """Wait for what is a job, read what is wanted as bytes, and write the answer."""
    if draft.as_job:
        made = yield from _finished(draft, replies)
    else:
        made = [made_by(reply, draft.call) for reply in replies]
    if isinstance(made, Reply):
        return made
    pictures: list[Picture] = []
    if draft.form == "b64_json":
        read = yield from _read([link for one in made for link in one.links])
        if isinstance(read, Reply):
            return read
        pictures = read
    if draft.stream:
        return stream_of(draft, made, pictures)
    return json_reply(merged(draft, made, pictures), headers=made[0].headers)


def _all(sends: Sequence[Send | Fetch]) -> _Replies:
    """Send side by side; the first reply that is an error comes back alone."""
    if len(sends) == 1:
        reply: Reply = yield sends[0]
        return [reply] if reply.error is None else reply
    replies: list[Reply] | Reply = yield SendAll(tuple(sends))
    return replies


def _finished(draft: ImageDraft, begun: list[Reply]) -> Generator[Step, Any, list[Made] | Reply]:
    """Wait until every job has ended; none is begun anew, since each is billed."""
    tasks = [task_of(object_in(reply)) for reply in begun]
    made: dict[str, Made] = {}
    for _ in range(MOST_POLLS):
        yield Pause(POLL_SECONDS)
        waiting = [task for task in tasks if task not in made]
        replies = yield from _all([Send("GET", job_path(task)) for task in waiting])
        if isinstance(replies, Reply):
            if replies.error is not None and replies.error.retry:
                continue
            return _final(replies)
        for task, reply in zip(waiting, replies, strict=True):
            body = object_in(reply)
            state = state_of(body)
            if state == "failed":
                return error_reply(failure_of_job(body, draft.call, reply))
            if state == "success":
                made[task] = made_by_job(body, reply, draft.call)
        if all(task in made for task in tasks):
            return [made[task] for task in tasks]
    return error_reply(
        refusal(
            f"The picture was not ready after {MOST_POLLS * POLL_SECONDS:.0f} seconds. Its job goes on; ask for "
            "it with client.get('/async-result/<id>', cast_to=object).",
            param=None,
            code="timeout",
            status=504,
            type="server_error",
        )
    )


def _read(links: list[str]) -> Generator[Step, Any, list[Picture] | Reply]:
    """Read the pictures behind the links."""
    for wait in (*SECOND_TRIES, None):
        replies = yield from _all([Fetch(link) for link in links])
        if isinstance(replies, list):
            pictures = [Picture.of(reply) for reply in replies]
            whole = [picture for picture in pictures if picture is not None]
            if len(whole) == len(links):
                return whole
        elif replies.error is not None and replies.error.body["error"]["code"] == TOO_LARGE:
            return replies
        if wait is not None:
            yield Pause(wait)
    return error_reply(
        refusal(
            "Zhipu made the picture, but its link could not be read. Ask with response_format='url' to get "
            "the link itself.",
            param="response_format",
            code="invalid_upstream_answer",
            status=502,
            type="server_error",
        )
    )


def _final(reply: Reply) -> Reply:
    """Give an error that is not to be retried: the jobs that were begun go on and are billed."""
    if reply.error is None:
        return reply
    return replace(reply, error=replace(reply.error, retry=False))
