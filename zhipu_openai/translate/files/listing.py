"""Lists of files, one file found in them, and deletion.

Zhipu lists the files of one purpose, 100 at a time; OpenAI lists all, up to 10,000 at a time, in either
order. That ``GET /files/{id}`` exists is in no source of 2026, so a file is looked for in the lists.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, unquote, urlencode

from zhipu_openai.adaptation import Refused
from zhipu_openai.errors import refusal
from zhipu_openai.exchange import Reply, Send, SendAll, error_reply, json_reply
from zhipu_openai.translate.upstream import kept_headers
from zhipu_openai.translate.vector_stores.attach import UPLOADS

from . import local, purposes
from .answer import failed, file_object, invalid, object_of, page_of, seconds, stamp_of
from .create import SHELF

if TYPE_CHECKING:
    from collections.abc import Generator

    from zhipu_openai.exchange import Call, Operation

PAGE: Final = 100
"""Most files of one page of Zhipu's. Source: bigmodel.cn OpenAPI, 2026-07-11."""

MOST: Final = 10_000
"""OpenAI's own largest and default ``limit``."""

_LISTS: Final = "lists of files"

_CANNOT_BE_LISTED: Final = frozenset({400, 404})
"""How a list may be refused without the file being known to be missing: the purpose is none to list by."""

_Files = list[dict[str, Any]]
_OWN: Final = frozenset({"purpose", "after", "limit", "order"})


def list_files(call: Call) -> Operation:
    """Serve ``GET /files``."""
    asked = dict(parse_qsl(call.query))
    purpose, after, order = asked.get("purpose"), asked.get("after"), asked.get("order")
    limit = _limit(asked.get("limit"))
    extra = {name: value for name, value in asked.items() if name not in _OWN}
    if order not in (None, "asc", "desc"):
        # Zhipu's own word: the caller knows its list.
        reply: Reply = yield Send("GET", "/files")
        if reply.error is not None:
            return failed(call, reply, _LISTS)
        data, page = page_of(reply, "files")
        return _page(data, more=bool(page.get("has_more")), headers=kept_headers(reply))
    here = local.listed(call.memory) if purpose in (None, "assistants", "agent") else []
    if purpose is not None and order is None and not here:
        reply = yield from _one_list(purposes.for_listing(purpose), after, limit, extra)
        return failed(call, reply, _LISTS)
    wanted = purposes.LISTED if purpose is None else (purposes.for_listing(purpose),)
    found = yield from _gather(wanted, extra)
    if isinstance(found, Reply):
        return failed(call, found, _LISTS)
    found = [*found, *here]
    descends = order != "asc"
    found.sort(key=_place, reverse=descends)
    if after is not None:
        cursor = _cursor(after, found)
        found = [file for file in found if (_place(file) < cursor) == descends and _place(file) != cursor]
    return _page(found[:limit], more=len(found) > limit)


def retrieve(call: Call) -> Operation:
    """Serve ``GET /files/{id}``: from the lists, or else from what this client has uploaded."""
    file_id = unquote(call.path.rpartition("/")[2])
    if local.is_local(file_id):
        return local.retrieve(call.memory, file_id)
    for wanted in (purposes.LISTED, *((purpose,) for purpose in purposes.UNLISTED)):
        found = yield from _gather(wanted, {}, until=file_id)
        if isinstance(found, Reply):
            if (
                wanted is purposes.LISTED
                or found.error is None
                or found.error.status not in _CANNOT_BE_LISTED
            ):
                return failed(call, found, _LISTS)
            continue
        for file in found:
            if file.get("id") == file_id:
                return json_reply(file_object(file))
    remembered = call.memory.recall(SHELF, file_id)
    if remembered is not None:
        call.ledger.add(
            "file_id",
            "emulated",
            "found in no list; it is as this client was told when it uploaded the file.",
        )
        return json_reply(remembered)
    return error_reply(
        refusal(
            f"No such file: {file_id}. It is in none of the lists for {', '.join(purposes.LISTED)}, and was "
            "not uploaded by this client.",
            param="id",
            code="file_not_found",
            status=404,
        )
    )


def delete(call: Call) -> Operation:
    """Serve ``DELETE /files/{id}``."""
    file_id = unquote(call.path.rpartition("/")[2])
    if local.is_local(file_id):
        return local.delete(call.memory, file_id)
    reply: Reply = yield Send("DELETE", call.path)
    if reply.error is not None:
        return failed(call, reply, "way to delete a file")
    body = object_of(reply, "deletion")
    if not isinstance(body.get("deleted"), bool):
        raise invalid("does not say whether the file was deleted")
    if body["deleted"]:
        call.memory.forget(SHELF, file_id)
        call.memory.forget(UPLOADS, file_id)
    answer = {**body, "id": body.get("id") or file_id, "object": "file"}
    return json_reply(answer, headers=kept_headers(reply))


def _place(file: dict[str, Any]) -> tuple[int, str]:
    """Give what files are sorted by. Those of one second keep an order too, so that pages fit together."""
    return seconds(file.get("created_at")) or 0, str(file.get("id"))


def _cursor(after: str, found: _Files) -> tuple[int, str]:
    """Find the place behind which a page begins, also when the file there was deleted meanwhile.

    Raises:
        Refused: It is the id of no file.
    """
    for file in found:
        if file.get("id") == after:
            return _place(file)
    second = stamp_of(after)
    if second is None:
        raise Refused(refusal(f"after is the id of no file: {after}", param="after", code="invalid_value"))
    return second, after


def _limit(given: str | None) -> int:
    if given is None:
        return MOST
    if not given.isascii() or not given.isdigit() or not 1 <= int(given) <= MOST:
        raise Refused(
            refusal(f"limit must be a whole number from 1 to {MOST}.", param="limit", code="invalid_value")
        )
    return int(given)


def _page(files: _Files, *, more: bool, headers: dict[str, str] | None = None) -> Reply:
    data = [file_object(file) for file in files]
    ends = {"first_id": data[0]["id"], "last_id": data[-1]["id"]} if data else {}
    return json_reply({"object": "list", "data": data, **ends, "has_more": more}, headers=headers)


def _one_list(
    purpose: str, after: str | None, limit: int, extra: dict[str, str]
) -> Generator[Send, Any, Reply]:
    """Read the list of one purpose in Zhipu's own order, by its own cursor."""
    found: _Files = []
    more = True
    while more and len(found) < limit:
        reply: Reply = yield _send(purpose, after, limit - len(found), extra)
        if reply.error is not None:
            return reply
        data, page = page_of(reply, "files")
        found += data
        before, after = after, data[-1].get("id") if data else None
        # A cursor that stands still would be followed for ever.
        more = bool(page.get("has_more")) and after not in (None, before)
    return _page(found[:limit], more=more or len(found) > limit)


def _gather(
    wanted: tuple[str, ...],
    extra: dict[str, str],
    *,
    until: str | None = None,
) -> Generator[SendAll, Any, _Files | Reply]:
    """Read the lists of some purposes side by side, page after page.

    Args:
        wanted: Zhipu's words.
        extra: Further query parameters.
        until: The id of a file behind which nothing more is needed.
    """
    cursors: dict[str, str | None] = dict.fromkeys(wanted)
    found: _Files = []
    while cursors:
        replies = yield SendAll(
            tuple(_send(purpose, cursor, PAGE, extra) for purpose, cursor in cursors.items())
        )
        if isinstance(replies, Reply):
            return replies
        ahead: dict[str, str | None] = {}
        for (purpose, cursor), reply in zip(cursors.items(), replies, strict=True):
            data, page = page_of(reply, "files")
            found += data
            last = data[-1].get("id") if data else None
            # A cursor that stands still would be followed for ever.
            if page.get("has_more") and last not in (None, cursor):
                ahead[purpose] = last
        if until is not None and any(file.get("id") == until for file in found):
            break
        cursors = ahead
    return found


def _send(purpose: str, cursor: str | None, most: int, extra: dict[str, str]) -> Send:
    query = {**extra, "purpose": purpose, "limit": str(min(most, PAGE))}
    if cursor is not None:
        query["after"] = cursor
    return Send("GET", "/files", query=urlencode(query))
