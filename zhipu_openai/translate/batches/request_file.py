"""The input file of a batch: every line in Zhipu's words, or the first that cannot be, by its number."""

from __future__ import annotations

import io
from codecs import BOM_UTF8
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, NoReturn

from zhipu_openai import catalogue
from zhipu_openai.adaptation import Refused
from zhipu_openai.errors import refusal
from zhipu_openai.exchange import Call, Pause, encode_json
from zhipu_openai.translate.chat.content import needs_sight
from zhipu_openai.translate.chat.fields import translate_request
from zhipu_openai.translate.json_schema import parse_json

from . import embeddings, models
from .custom_ids import lengthen
from .endpoints import CHAT, EMBEDDINGS, ENDPOINTS
from .ledger import LineLedger

if TYPE_CHECKING:
    from collections.abc import Generator

    from zhipu_openai.errors import ErrorAnswer
    from zhipu_openai.exchange import Options

MOST_LINES: Final[dict[str, int]] = {EMBEDDINGS: 10_000}
"""Requests of one file by Zhipu's path, where it is not ``MOST_REQUESTS``. Source: bigmodel.cn guide, 2026-09-11."""

MOST_REQUESTS: Final = 50_000
"""Source: bigmodel.cn guide, 2026-09-11."""

MOST_BYTES: Final = 100 * 1024 * 1024
"""Source: bigmodel.cn OpenAPI, 2026-07-11, which writes 100 MB; the larger reading is held against."""

_BREATH: Final = 100
"""Lines after which others are let run: a large file is worked on for seconds."""


class _ImageShown(Exception):  # noqa: N818 - a signal to begin again, not an error of anybody's
    """A line shows an image: the one model of the file must be one that sees."""


def translate_requests(content: bytes, call: Call) -> Generator[Pause, None, bytes]:
    """Translate an input file.

    Args:
        content: The file as it was uploaded.
        call: The upload, whose ledger is told what was changed.

    Returns:
        The file that Zhipu is to read: a line for each request, none of them blank.

    Raises:
        Refused: A line cannot be translated; the message begins with its number.
    """
    if len(content) > MOST_BYTES:
        _refuse_file(
            f"The file has {len(content)} bytes; Zhipu takes {MOST_BYTES}. Split it.", "file_too_large"
        )
    for images in (False, True):
        work = _Lines(call, LineLedger(call.ledger.policy), images=images)
        try:
            translated = yield from _all_lines(content, work)
        except _ImageShown:
            continue
        work.ledger.announce(call.ledger)
        return translated
    raise AssertionError("the second time images are expected")


def _all_lines(content: bytes, work: _Lines) -> Generator[Pause, None, bytes]:
    out: list[bytes] = []
    for number, raw in enumerate(io.BytesIO(content), 1):
        line = raw.removeprefix(BOM_UTF8).strip() if number == 1 else raw.strip()
        if line:
            out.append(work.translate(number, line))
        if number % _BREATH == 0:
            yield Pause(0)
    if not out:
        _refuse_file("The file holds no requests.", "empty_file")
    return b"\n".join(out)


@dataclass(slots=True)
class _Lines:
    """The lines of one file, and what they must have in common."""

    call: Call
    ledger: LineLedger
    images: bool
    seen: dict[str, int] = field(default_factory=dict)
    url: str | None = None
    model: str | None = None
    resolved: dict[str, Options] = field(default_factory=dict)

    def translate(self, number: int, raw: bytes) -> bytes:
        """Translate one line.

        Raises:
            Refused: It cannot be, with its number.
        """
        try:
            return self._translate(number, raw)
        except RecursionError:
            raise _numbered(
                refusal("This is nested too deeply.", param=None, code="invalid_json_line"), number
            ) from None
        except Refused as refused:
            raise _numbered(refused.answer, number) from None

    def _translate(self, number: int, raw: bytes) -> bytes:
        try:
            line = parse_json(raw.decode("utf-8"))
        except (ValueError, RecursionError):
            _refuse("This is not JSON in UTF-8.", None, "invalid_json_line")
        if not isinstance(line, dict):
            _refuse("A line must be a JSON object.", None, "invalid_json_line")
        url = self._url(line.get("url"))
        if line.get("method") != "POST":
            _refuse("method must be POST.", "method", "invalid_method")
        body = line.get("body")
        if not isinstance(body, dict):
            _refuse("body must be an object.", "body", "missing_required_parameter")
        sent = {
            **line,
            "custom_id": self._custom_id(number, line.get("custom_id")),
            "url": url,
            "body": self._body(url, body),
        }
        self._check_model(sent["body"].get("model"))
        return raw if sent == line else encode_json(sent)

    def _custom_id(self, number: int, given: Any) -> str:
        if not isinstance(given, str) or not given:
            _refuse("custom_id must be a text.", "custom_id", "missing_required_parameter")
        first = self.seen.setdefault(given, number)
        if first != number:
            _refuse(f"custom_id is that of line {first} too.", "custom_id", "duplicate_custom_id")
        sent = lengthen(given)
        if sent != given:
            self.ledger.add("custom_id", "translated", "made longer for Zhipu; results have the id as given.")
        return sent

    def _url(self, given: Any) -> str:
        if not isinstance(given, str) or not given:
            _refuse("url must be the path of an operation.", "url", "invalid_url")
        row = ENDPOINTS.get(given)
        if row is not None and row.zhipu is None:
            _refuse(f"{given} cannot be run in a batch. {row.note}", "url", "invalid_url")
        url = given if row is None or row.zhipu is None else row.zhipu
        if self.url is None:
            self.url = url
        elif self.url != url:
            _refuse(f"url must be the same in every line; it was {self.url}.", "url", "mismatched_url")
        most = MOST_LINES.get(url, MOST_REQUESTS)
        if len(self.seen) >= most:
            _refuse(f"Zhipu takes {most} requests in a file. Split it.", None, "too_many_requests_in_file")
        return url

    def _body(self, url: str, body: dict[str, Any]) -> dict[str, Any]:
        if url == CHAT:
            return self._chat(body)
        if url == EMBEDDINGS:
            return embeddings.translate_body(body, self.call.options.model_aliases, self.ledger)
        return body

    def _chat(self, body: dict[str, Any]) -> dict[str, Any]:
        if body.get("stream"):
            _refuse("A batch has no streams; leave stream out.", "stream", "unsupported_parameter")
        if body.get("n") not in (None, 1):
            _refuse(
                "More than one choice needs as many requests; write a line for each.",
                "n",
                "unsupported_parameter",
            )
        call = Call("POST", "/chat/completions", "", body, self._options(body), self.ledger)
        return translate_request(call).body

    def _options(self, body: dict[str, Any]) -> Options:
        """Give the caller's options, with an alias for a name of OpenAI's where batches need a model of their own."""
        own = self.call.options
        name = body.get("model")
        if not isinstance(name, str):
            return own
        known = self.resolved.get(name)
        if known is None:
            known = self.resolved[name] = self._resolve(name)
        if known is not own and not self.images and needs_sight(body.get("messages")):
            raise _ImageShown
        return known

    def _resolve(self, name: str) -> Options:
        own = self.call.options
        found = catalogue.resolve(name, overrides=own.model_aliases, images=self.images)
        if found.alias is not None and not found.overridden:
            batch = models.substitute(found.id, images=self.images)
            if batch is None:
                _refuse(f"No model that batches take stands for {name}.", "model", "model_not_found")
            self.ledger.add("model", "approximated", f"{name} is served by {batch} in a batch.")
            return replace(own, model_aliases={**own.model_aliases, name: batch})
        if found.id not in models.MODELS:
            self.ledger.add(
                "model",
                "translated",
                f"{found.id} was not among the models of batches on {models.SEEN}; Zhipu checks it now.",
            )
        return own

    def _check_model(self, model: object) -> None:
        if not isinstance(model, str) or not model:
            _refuse("body must name a model.", "model", "missing_required_parameter")
        if self.model is None:
            self.model = model
        elif self.model != model:
            _refuse(
                f"A file must have one model in every line; it was {self.model}, and this is {model}.",
                "model",
                "mismatched_model",
            )


def _numbered(answer: ErrorAnswer, number: int) -> Refused:
    error = answer.body["error"]
    numbered = {**error, "message": f"Line {number}: {error['message']}", "line": number}
    return Refused(replace(answer, body={"error": numbered}))


def _refuse(message: str, param: str | None, code: str) -> NoReturn:
    raise Refused(refusal(message, param=param, code=code))


def _refuse_file(message: str, code: str) -> NoReturn:
    raise Refused(refusal(message, param="file", code=code))
