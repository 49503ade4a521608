"""The bases of the groups of ``client.zhipu``: one call each for a whole answer, a stream and a list of pages.

A group's request goes to ``/zhipu/{root}/…`` below the base URL. The client's boundary knows that path (see
``routes``), sends it to the root that is meant, and checks what comes back by the row of ``operations``.

A call's keywords are declared once, as a TypedDict, for the sync and the async method and for type checkers.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, TypeVar, cast
from urllib.parse import quote

import openai
import pydantic
from openai._base_client import make_request_options
from openai._legacy_response import async_to_raw_response_wrapper as async_raw
from openai._legacy_response import to_raw_response_wrapper as raw
from openai._resource import AsyncAPIResource, SyncAPIResource
from openai._response import async_to_streamed_response_wrapper as async_streamed
from openai._response import to_streamed_response_wrapper as streamed
from openai._types import NOT_GIVEN, NotGiven, Omit

from ._keywords import OPTIONS, Options, PollOptions, part_of, request_options, takes, takes_as

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from openai import AsyncStream, Stream
    from openai._base_client import AsyncPaginator, BaseAsyncPage, BaseSyncPage
    from openai._types import FileTypes

    from zhipu_openai.endpoints import RootName

__all__ = [
    "NOT_GIVEN",
    "Absent",
    "AsyncZhipuResource",
    "Options",
    "PollOptions",
    "PollTimeoutError",
    "ZhipuResource",
    "async_raw",
    "async_streamed",
    "part_of",
    "path_of",
    "raw",
    "request_options",
    "streamed",
    "takes",
    "takes_as",
    "with_id",
]

Absent: TypeAlias = NotGiven | Omit | None
"""What may be given for a keyword that is to be left out, beside leaving it out."""

Method: TypeAlias = Literal["get", "post", "put", "patch", "delete"]

T = TypeVar("T")
SyncPageT = TypeVar("SyncPageT", bound="BaseSyncPage[Any]")
AsyncPageT = TypeVar("AsyncPageT", bound="BaseAsyncPage[Any]")


class PollTimeoutError(openai.OpenAIError, TimeoutError):
    """A job was not finished within ``max_wait_seconds``. It goes on, and may be asked for again by its id."""


_WAITING: Final = frozenset({"poll_interval", "max_wait_seconds"})
_INTERVAL: Final = 2.0
_LONGEST_WAIT: Final = 1800.0


def path_of(template: str, **parts: str) -> str:
    """Put identifiers into a path, quoted.

    Raises:
        ValueError: One is empty or made of dots, which would be another path.
    """
    for name, part in parts.items():
        if part in ("", ".", ".."):
            raise ValueError(f"Expected a non-empty value for `{name}` but received {part!r}")
    return template.format_map({name: quote(part, safe="") for name, part in parts.items()})


def _url(root: RootName | None, path: str) -> str:
    return f"/zhipu/{root or 'base'}{path}"


def _is_given(value: object) -> bool:
    return value is not None and not isinstance(value, (NotGiven, Omit))


def _plain(value: Any) -> Any:
    """Make what JSON can carry of what a caller may give: models of pydantic, tuples and other iterables."""
    if isinstance(value, pydantic.BaseModel):
        return value.model_dump(mode="json", exclude_unset=True)
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items() if not isinstance(one, (NotGiven, Omit))}
    if isinstance(value, Iterable) and not isinstance(value, (str, bytes, bytearray)):
        return [_plain(one) for one in value]
    return value


def _fields(given: Mapping[str, Any], without: Iterable[str] = ()) -> dict[str, Any]:
    """Give the keywords that are fields of the request and were given."""
    left_out = {*OPTIONS, *_WAITING, *without}
    return {name: _plain(value) for name, value in given.items() if name not in left_out and _is_given(value)}


def _options(given: Mapping[str, Any], *, query: Mapping[str, Any] | None = None, form: bool = False) -> Any:
    headers = given.get("extra_headers")
    if form:
        headers = {"Content-Type": "multipart/form-data", **(headers or {})}
    return make_request_options(
        query=query or None,
        extra_headers=headers,
        extra_query=given.get("extra_query"),
        extra_body=given.get("extra_body"),
        timeout=given.get("timeout", NOT_GIVEN),
    )


def _arguments(
    method: Method, url: str, given: Mapping[str, Any], more: Mapping[str, Any], files: Mapping[str, Any]
) -> dict[str, Any]:
    """Make the arguments of openai's own client.get, client.post and the like."""
    added = {name: _plain(value) for name, value in more.items() if _is_given(value)}
    fields = {**_fields(given, files), **added}
    if method == "get":
        return {"path": url, "options": _options(given, query=fields)}
    made: dict[str, Any] = {"path": url, "options": _options(given, form=bool(files))}
    if fields:
        made["body"] = fields
    present = {name: file for name, file in files.items() if _is_given(file)}
    if present:
        made["files"] = present
    return made


def with_id(job: T, job_id: str) -> T:
    """Give a job the id that it was asked for by, which Zhipu does not repeat."""
    found: Any = job
    if getattr(found, "id", None) is None and isinstance(found, openai.BaseModel):
        found.id = job_id  # type: ignore[attr-defined]  # every job has one
    return job


def _stream_arguments(path: str, root: RootName | None, given: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "path": _url(root, path),
        "body": {**_fields(given), "stream": True},
        "options": _options(given),
        "stream": True,
    }


class _Wait:
    """How often to look at a job, and how long."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self.interval = float(given.get("poll_interval", _INTERVAL))
        self.most = float(given.get("max_wait_seconds", _LONGEST_WAIT))
        if self.interval <= 0:
            raise ValueError("poll_interval is a number of seconds above 0")
        self._began = time.monotonic()

    def check(self, what: str) -> None:
        """Give up if the next look would come too late.

        Raises:
            PollTimeoutError: It would.
        """
        if time.monotonic() - self._began + self.interval > self.most:
            raise PollTimeoutError(f"{what} was not finished after {self.most:g} seconds; it goes on.")


class ZhipuResource(SyncAPIResource):
    """The base of a group of ``client.zhipu``."""

    def _call(
        self,
        method: Method,
        path: str,
        *,
        cast_to: type[T],
        given: Mapping[str, Any],
        root: RootName | None = None,
        fields: Mapping[str, Any] | None = None,
        files: Mapping[str, FileTypes | Absent] | None = None,
    ) -> T:
        """Ask for a whole answer.

        Args:
            method: The HTTP method; with ``get`` the keywords go into the URL.
            path: The path below the root, with identifiers put in by ``path_of``.
            cast_to: The type of the answer.
            given: The call's keywords, options among them.
            root: Which of Zhipu's roots; None for the base URL.
            fields: Further fields, whatever their names.
            files: Files to be sent in a form, by field; the keywords of these names are no fields of the body.
        """
        client: Any = self._client
        made = _arguments(method, _url(root, path), given, fields or {}, files or {})
        return cast("T", getattr(client, method)(cast_to=cast_to, **made))

    def _stream(
        self, path: str, *, chunk: type[T], given: Mapping[str, Any], root: RootName | None = None
    ) -> Stream[T]:
        """Ask by POST for a stream of events; ``stream`` is added to the body."""
        client: Any = self._client
        cls = openai.Stream[chunk]  # type: ignore[valid-type]  # the type of the events is known at run time only
        made = _stream_arguments(path, root, given)
        return cast("Stream[T]", client.post(cast_to=chunk, stream_cls=cls, **made))

    def _pages(
        self,
        path: str,
        *,
        page: type[SyncPageT],
        model: type[Any],
        given: Mapping[str, Any],
        root: RootName | None = None,
    ) -> SyncPageT:
        """Ask by GET for a list that comes in pages."""
        client: Any = self._client
        options = _options(given, query=_fields(given))
        return cast(
            "SyncPageT",
            client.get_api_list(_url(root, path), page=page, model=model, options=options),
        )

    def _wait(
        self, look: Callable[[], T], finished: Callable[[T], bool], given: Mapping[str, Any], what: str
    ) -> T:
        """Look again and again until a job is finished.

        Raises:
            PollTimeoutError: It is not within ``max_wait_seconds``.
        """
        wait = _Wait(given)
        while True:
            found = look()
            if finished(found):
                return found
            wait.check(what)
            self._sleep(wait.interval)


class AsyncZhipuResource(AsyncAPIResource):
    """The async twin of ZhipuResource."""

    async def _call(
        self,
        method: Method,
        path: str,
        *,
        cast_to: type[T],
        given: Mapping[str, Any],
        root: RootName | None = None,
        fields: Mapping[str, Any] | None = None,
        files: Mapping[str, FileTypes | Absent] | None = None,
    ) -> T:
        """Ask for a whole answer; see ZhipuResource."""
        client: Any = self._client
        made = _arguments(method, _url(root, path), given, fields or {}, files or {})
        return cast("T", await getattr(client, method)(cast_to=cast_to, **made))

    async def _stream(
        self, path: str, *, chunk: type[T], given: Mapping[str, Any], root: RootName | None = None
    ) -> AsyncStream[T]:
        """Ask by POST for a stream of events; see ZhipuResource."""
        client: Any = self._client
        cls = openai.AsyncStream[chunk]  # type: ignore[valid-type]  # as in the sync twin
        made = _stream_arguments(path, root, given)
        return cast("AsyncStream[T]", await client.post(cast_to=chunk, stream_cls=cls, **made))

    def _pages(
        self,
        path: str,
        *,
        page: type[AsyncPageT],
        model: type[Any],
        given: Mapping[str, Any],
        root: RootName | None = None,
    ) -> AsyncPaginator[Any, AsyncPageT]:
        """Ask by GET for a list that comes in pages."""
        client: Any = self._client
        options = _options(given, query=_fields(given))
        return cast(
            "AsyncPaginator[Any, AsyncPageT]",
            client.get_api_list(_url(root, path), page=page, model=model, options=options),
        )

    async def _wait(
        self,
        look: Callable[[], Awaitable[T]],
        finished: Callable[[T], bool],
        given: Mapping[str, Any],
        what: str,
    ) -> T:
        """Look again and again until a job is finished; see ZhipuResource."""
        wait = _Wait(given)
        while True:
            found = await look()
            if finished(found):
                return found
            wait.check(what)
            await self._sleep(wait.interval)
