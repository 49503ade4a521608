"""Replies of a hostile service, and what may come of a call that is answered by one."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Final
from unittest import mock

import fuzz_answers
import openai
import pydantic
import sdk_walk
from conftest import KEY, httpx
from fuzz_json import bent, encoded, nested, texts, values
from hypothesis import strategies as st

from zhipu_openai import OpenAI

if TYPE_CHECKING:
    from collections.abc import Callable

STATUSES: Final = (200,) * 12 + (
    201,
    204,
    206,
    301,
    304,
    307,
    400,
    401,
    403,
    404,
    413,
    418,
    429,
    434,
    500,
    502,
    529,
)
KINDS: Final = (
    "application/json",
    "application/json; charset=UTF-8",
    "text/event-stream",
    "text/plain;charset=utf-16",
    "text/html",
    "application/octet-stream",
    "",
)
NUMBERS_IN_HEADERS: Final = (
    "0",
    "-5",
    "1e306",
    "1e999",
    "nan",
    "²",
    "9" * 5000,
    "Thu, 01 Jan 9999 00:00:00 GMT",
    "x",
)


@dataclass(frozen=True)
class Given:
    """One reply."""

    status: int = 200
    content: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    pieces: tuple[bytes, ...] = ()

    def __call__(self, _: Any) -> Any:
        """Make it an object of the HTTP library."""
        raw = [(name.encode(), value.encode("utf-8", "replace")) for name, value in self.headers.items()]
        return httpx.Response(
            self.status, headers=raw, content=iter(self.pieces) if self.pieces else self.content
        )


def events(values: list[Any]) -> bytes:
    """Write events as a service does; bytes are the data of one as they are."""
    return b"".join(b"data: " + (one if isinstance(one, bytes) else encoded(one)) + b"\n\n" for one in values)


bodies = st.one_of(
    bent(fuzz_answers.ALL).map(encoded),
    bent(fuzz_answers.ALL).map(encoded),
    values.map(encoded),
    st.binary(max_size=60),
    st.sampled_from(
        [b"", b"null", b"{}", b"[]", b"{", b"\xef\xbb\xbf{}", nested(20_000), nested(20_000, '{"a":')]
    ),
    st.lists(bent(fuzz_answers.CHUNKS) | st.just(b"[DONE]") | values | st.binary(max_size=9), max_size=5).map(
        events
    ),
)
headers = st.fixed_dictionaries(
    {"content-type": st.sampled_from(KINDS)},
    optional={
        "retry-after": st.sampled_from(NUMBERS_IN_HEADERS),
        "retry-after-ms": st.sampled_from(NUMBERS_IN_HEADERS),
        "x-log-id": texts,
        "x-request-id": texts,
        "location": texts,
        "date": st.sampled_from(NUMBERS_IN_HEADERS) | texts,
        "content-disposition": texts,
        "set-cookie": st.sampled_from(["a=b", "a=b; Domain=evil.example", "=", "a"]),
        "x-should-retry": st.sampled_from(["true", "false", "x"]),
        "openai-version": texts,
    },
)
replies = st.builds(Given, st.sampled_from(STATUSES), bodies, headers)


class Service:
    """A client on a wire whose other end says what it is told to say."""

    def __init__(self, **options: Any) -> None:
        """Make the client; ``replies`` is what is answered in turn, the last again and again."""
        self.replies: list[Callable[[Any], Any]] = []
        below = httpx.Client(transport=httpx.MockTransport(self._answer), follow_redirects=True)
        self.options = {"api_key": KEY, "http_client": below, "max_retries": 0, **options}
        self.client = OpenAI(**self.options)
        self.methods = dict(sdk_walk.methods(self.client))
        self.sent: list[Any] = []

    def _answer(self, request: Any) -> Any:
        request.read()
        self.sent.append(request)
        make = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        return make(request)

    def play(self, name: str, replies: list[Any], arguments: dict[str, Any]) -> Any:
        """Call a method; give what came, or openai's error.

        A call that polls would do so for as long as it is told to; it is not called.
        """
        self.replies, self.sent = list(replies), []
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                # A job is asked about again and again, and a refused request is sent again: nobody waits here.
                with mock.patch("time.sleep"):
                    return read(self.methods[name](**arguments))
            except openai.OpenAIError as error:
                str(error), repr(error)  # and it can be shown
                return error


@cache
def service(**options: Any) -> Service:
    """Give the one service of these options."""
    return Service(**options)


def read(answer: Any) -> Any:
    """Read an answer to its end, whatever kind it is."""
    if hasattr(answer, "__enter__") and not hasattr(answer, "read"):
        with answer as opened:
            return list(opened)
    return answer


def check(answer: Any) -> None:
    """Check that an answer is an error of openai's, or an object with all that its type requires.

    Lists and pages are checked item by item; what is no object of openai's is left alone.
    """
    if isinstance(answer, openai.APIStatusError):
        assert 300 <= answer.status_code <= 599, answer.status_code
    if isinstance(answer, list):
        for one in answer:
            check(one)
    elif isinstance(answer, pydantic.BaseModel) and not type(answer).__module__.startswith("zhipu_openai"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                type(answer).model_validate(answer.to_dict())
            except UnicodeEncodeError:
                pass  # half a character of the service's own, which pydantic does not write either
            except pydantic.ValidationError as error:
                wrong = [one for one in error.errors() if not _is_passed_on(one)]
                if not any(
                    one["type"] == "literal_error" and one["loc"][-1] == "type" for one in error.errors()
                ):
                    assert not wrong, wrong


def _is_passed_on(error: Any) -> bool:
    """Whether a value is there, but is none of those that OpenAI's type knows: words of Zhipu's own pass."""
    within = {"message", "delta", "usage", "item", "output", "metadata", "annotations"} & set(error["loc"])
    return bool(within) or error["type"] in ("literal_error", "union_tag_invalid")
