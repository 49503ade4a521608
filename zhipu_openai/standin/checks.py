"""What Zhipu refuses in a chat request: one row per rule, with the text it is refused with.

The rows are tried from top to bottom and the first that is broken answers, with HTTP 400. What no row
forbids is accepted, as the service does: unknown fields, ``n``, ``logprobs``, penalties,
``max_completion_tokens``, ``response_format`` of type ``json_schema`` and the like are ignored.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from .codes import CODES
from .tokens import count

if TYPE_CHECKING:
    from zhipu_openai.catalogue import Model

    from .traffic import Language


@dataclass(frozen=True, slots=True)
class Given:
    """A request under test: its fields, without those that are null, and the model it names."""

    fields: Mapping[str, Any]
    model: Model | None

    @property
    def cap(self) -> int:
        """The largest ``max_tokens`` of the model, or of the specification where that is not known."""
        return (self.model.max_output if self.model else None) or _MOST_OUTPUT

    @property
    def messages(self) -> list[Mapping[str, Any]]:
        """The messages that are objects."""
        messages = self.fields.get("messages")
        return [each for each in messages if isinstance(each, Mapping)] if isinstance(messages, list) else []

    @property
    def tools(self) -> list[Any]:
        """The tools as given."""
        tools = self.fields.get("tools")
        return tools if isinstance(tools, list) else []

    @property
    def functions(self) -> list[Any]:
        """What stands under ``function`` in the function tools."""
        return [
            tool.get("function")
            for tool in self.tools
            if isinstance(tool, Mapping) and tool.get("type") == "function"
        ]

    def parts(self, kind: str | None = None) -> Iterator[Mapping[str, Any]]:
        """Give the content parts of all messages, or those of one type."""
        for message in self.messages:
            content = message.get("content")
            for part in content if isinstance(content, list) else ():
                if isinstance(part, Mapping) and kind in (None, part.get("type")):
                    yield part


@dataclass(frozen=True, slots=True)
class Check:
    """A rule.

    Attributes:
        name: What the rule is about.
        broken: Says whether a request breaks it.
        code: The business code it is refused with.
        zh: The text; None for the code's own. ``{cap}``, ``{field}`` and ``{types}`` are filled in.
        en: The English text; None for the code's own, or the Chinese if ``zh`` is given.
        source: Where rule and text are from.
        date: When; for the undated, the day on which they were looked up.
    """

    name: str
    broken: Callable[[Given], bool | str]
    code: str
    zh: str | None
    en: str | None
    source: str
    date: date

    def message(self, given: Given, detail: bool | str, language: Language) -> str:
        """Compose the text of the refusal."""
        if self.zh is None:
            return self.en if language == "en" and self.en else CODES[self.code].text(language)
        text = self.en if language == "en" and self.en else self.zh
        return text.format(cap=given.cap, field=detail, types=_allowed_parts(given))


def refusal(given: Given, language: Language) -> tuple[str, str] | None:
    """Return the code and the text with which a request is refused, None if it is accepted."""
    for check in CHECKS:
        detail = check.broken(given)
        if detail:
            return check.code, check.message(given, detail, language)
    return None


# Fields and the JSON types that the specification gives them.
_TYPES: Final[Mapping[str, type | tuple[type, ...]]] = {
    "model": str,
    "messages": list,
    "stream": bool,
    "temperature": (int, float),
    "top_p": (int, float),
    "do_sample": bool,
    "max_tokens": int,
    "stop": list,
    "tools": list,
    "tool_stream": bool,
    "response_format": dict,
    "thinking": dict,
    "request_id": str,
    "user_id": str,
    "watermark_enabled": bool,
    "meta": dict,
}
# Tuples, not sets: what stands in a request need not be hashable.
_ROLES: Final = ("system", "user", "assistant", "tool")
_TOOL_TYPES: Final = ("function", "retrieval", "web_search", "mcp")
_EFFORTS: Final = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
_EFFORTS_OF_ALWAYS: Final = ("low", "high", "max")
_FUNCTION_NAME: Final = re.compile(r"[a-zA-Z0-9_-]{1,64}", re.ASCII)
_MOST_TOOLS: Final = 128
_MOST_STOPS: Final = 4
_MOST_OUTPUT: Final = 131072
_INPUT_OF_PART: Final = {
    "text": "text",
    "image_url": "image",
    "video_url": "video",
    "file_url": "file",
    "file": "file",
    "input_audio": "audio",
}
# Images a request may hold: docs.bigmodel.cn, 2026-07-11. A newer z.ai specification allows some models 150.
_MOST_IMAGES: Final = {"glm-4v-flash": 1, "glm-4v-plus-0111": 5}
_MOST_IMAGES_ELSEWHERE: Final = 50
_ONLY_IMAGE_URLS: Final = frozenset({"glm-4v-flash"})
_LARGEST_IMAGE: Final = 5 * 1024 * 1024
_IMAGE_BEGINNINGS: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


def _is(value: Any, expected: type | tuple[type, ...]) -> bool:
    if isinstance(value, bool):
        return expected is bool
    return isinstance(value, expected)


def _missing(given: Given) -> str:
    return next((field for field in ("model", "messages") if field not in given.fields), "")


def _wrong_type(given: Given) -> str:
    return next(
        (name for name, value in given.fields.items() if name in _TYPES and not _is(value, _TYPES[name])), ""
    )


def _message_of_wrong_type(given: Given) -> bool:
    return len(given.messages) != len(given.fields["messages"])


def _nothing_asked(given: Given) -> bool:
    return all(message.get("role") != "user" for message in given.messages)


def _content_missing(given: Given) -> bool:
    """Say whether a message has no content; an assistant's may lack the key but not hold null."""
    return any(
        not isinstance(
            message.get("content", "" if message.get("role") == "assistant" else None), (str, list)
        )
        for message in given.messages
    )


def _calls(given: Given) -> Iterator[Any]:
    for message in given.messages:
        calls = message.get("tool_calls")
        yield from calls if isinstance(calls, list) else ()


def _bad_arguments(given: Given) -> bool:
    """Say whether a function call in the history lacks a name or has arguments that are no text."""
    for call in _calls(given):
        if not isinstance(call, Mapping):
            return True
        function = call.get("function")
        if call.get("type", "function") != "function" and function is None:
            continue
        if not isinstance(function, Mapping) or not isinstance(function.get("name"), str):
            return True
        if not isinstance(function.get("arguments"), str) or not function["arguments"]:
            return True
    return False


def _outside(field: str, low: float, high: float) -> Callable[[Given], bool]:
    # Written so that NaN, which Python reads from JSON, is outside too.
    return lambda given: field in given.fields and not low <= given.fields[field] <= high


def _too_fine(field: str) -> Callable[[Given], bool]:
    def broken(given: Given) -> bool:
        exponent = Decimal(str(given.fields.get(field, 0))).normalize().as_tuple().exponent
        return isinstance(exponent, int) and exponent < -2  # noqa: PLR2004 - the rule's own number

    return broken


def _max_tokens(given: Given) -> bool:
    return not 1 <= given.fields.get("max_tokens", 1) <= given.cap


def _stop(given: Given) -> bool:
    stop = given.fields.get("stop", [])
    return len(stop) > _MOST_STOPS or not all(isinstance(word, str) for word in stop)


def _bad_tool(given: Given) -> bool:
    return any(
        not isinstance(tool, Mapping)
        or tool.get("type") not in _TOOL_TYPES
        or not isinstance(tool.get(tool["type"]), Mapping)
        for tool in given.tools
    )


def _bad_function(given: Given) -> bool:
    return any(
        not isinstance(function.get("name"), str)
        or not _FUNCTION_NAME.fullmatch(function["name"])
        or not isinstance(function.get("parameters", {}), Mapping)
        for function in given.functions
    )


def _response_format(given: Given) -> bool:
    wanted = given.fields.get("response_format")
    return wanted is not None and wanted.get("type") not in ("text", "json_object", "json_schema")


def _thinks_always(given: Given) -> bool:
    return given.model is not None and given.model.thinking == "always"


def _thinking_disabled(given: Given) -> bool:
    return _thinks_always(given) and given.fields.get("thinking", {}).get("type") == "disabled"


def _thinking(given: Given) -> bool:
    thinking = given.fields.get("thinking", {})
    return thinking.get("type", "enabled") not in ("enabled", "disabled") or not isinstance(
        thinking.get("clear_thinking", True), bool
    )


def _effort_of_always(given: Given) -> bool:
    effort = given.fields.get("reasoning_effort", "max")
    return _thinks_always(given) and effort in _EFFORTS and effort not in _EFFORTS_OF_ALWAYS


def _length(field: str, least: int, most: int) -> Callable[[Given], str]:
    def broken(given: Given) -> str:
        value = given.fields.get(field)
        return "" if value is None or least <= len(value) <= most else field

    return broken


def _allowed_parts(given: Given) -> list[str]:
    inputs = given.model.inputs if given.model else frozenset({"text"})
    return [part for part, kind in _INPUT_OF_PART.items() if kind in inputs]


def _part_not_allowed(given: Given) -> bool:
    allowed = _allowed_parts(given)
    return any(part.get("type") not in allowed for part in given.parts())


def _bad_part(given: Given) -> bool:
    """Say whether a content part is no object or lacks what its type needs."""
    for message in given.messages:
        content = message.get("content")
        if isinstance(content, list) and not all(isinstance(part, Mapping) for part in content):
            return True
    return any(
        not isinstance(part.get(part["type"]), str if part["type"] == "text" else Mapping)
        for part in given.parts()
    )


def _too_many_images(given: Given) -> bool:
    most = _MOST_IMAGES.get(given.model.id if given.model else "", _MOST_IMAGES_ELSEWHERE)
    return sum(1 for _ in given.parts("image_url")) > most


def _bad_image(given: Given) -> bool:
    """Say whether an image is neither an address nor JPEG or PNG in Base64 of at most 5 MB."""
    only_urls = given.model is not None and given.model.id in _ONLY_IMAGE_URLS
    for part in given.parts("image_url"):
        url = part["image_url"].get("url")
        if not isinstance(url, str) or not url:
            return True
        if url.startswith(("http://", "https://")):
            continue
        data = _decoded(url.partition(",")[2] if url.startswith("data:") else url)
        if only_urls or not data.startswith(_IMAGE_BEGINNINGS) or len(data) > _LARGEST_IMAGE:
            return True
    return False


def _bad_audio(given: Given) -> bool:
    for part in given.parts("input_audio"):
        audio = part["input_audio"]
        if audio.get("format") not in ("wav", "mp3"):
            return True
        if not isinstance(audio.get("data"), str) or not _decoded(audio["data"]):
            return True
    return False


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""


def prompt_text(given: Given) -> str:
    """Return all text of a request: what is counted as its prompt."""
    texts: list[str] = []
    for message in given.messages:
        content = message.get("content")
        if isinstance(content, str):
            texts.append(content)
    texts.extend(part["text"] for part in given.parts("text") if isinstance(part.get("text"), str))
    texts.extend(
        call["function"]["arguments"] for call in _calls(given) if isinstance(call.get("function"), Mapping)
    )
    texts.extend(str(tool) for tool in given.tools)
    return "\n".join(texts)


def _too_long(given: Given) -> bool:
    context = given.model.context if given.model else None
    if context is None:
        return False
    text = prompt_text(given)
    # A token has at least one character, so most prompts need not be counted.
    return len(text) > context and count(text) > context


_DOCS: Final = "docs.bigmodel.cn chat specification, 2026-07-11"
_DOCS_DATE: Final = date(2026, 7, 11)
_ERRORS: Final = "docs.bigmodel.cn error codes, 2026-07-11"
_MATRIX: Final = "new-api fork, matrix calibrated live on glm-5.3, 2026-08-28"
_MATRIX_DATE: Final = date(2026, 8, 28)
_EVIDENCE: Final = "RarogCmex/pi-bigmodel evidence 2026-10-09"
_EVIDENCE_DATE: Final = date(2026, 10, 9)
_LOOKED_UP: Final = date(2026, 11, 23)
_MESSAGES: Final = "messages 参数非法。请检查文档。"
_MESSAGES_EN: Final = "The messages parameter is illegal. Please check the documentation."
_ALWAYS_THINKS: Final = "该模型始终思考，不支持关闭思考；请使用 low、high 或 max。"


def _documented(name: str, broken: Callable[[Given], bool | str]) -> Check:
    """Make a row for a range that is documented; that 1210 with its general text answers is inferred."""
    return Check(name, broken, "1210", None, None, f"{_DOCS}; code inferred", _DOCS_DATE)


def _illegal_messages(name: str, broken: Callable[[Given], bool | str], source: str) -> Check:
    return Check(name, broken, "1214", _MESSAGES, _MESSAGES_EN, source, _LOOKED_UP)


CHECKS: Final = (
    Check(
        "a required field is missing",
        _missing,
        "1213",
        "未正常接收到 {field} 参数",
        "Parameter {field} was not received.",
        _ERRORS,
        _DOCS_DATE,
    ),
    Check(
        "a field has the wrong JSON type",
        _wrong_type,
        "1214",
        "{field} 参数非法。请检查文档。",
        "Parameter {field} is invalid. Please check the documentation.",
        f"{_ERRORS}; that this code answers is inferred",
        _DOCS_DATE,
    ),
    Check(
        "the model is unknown",
        lambda given: given.model is None,
        "1211",
        None,
        None,
        f"{_EVIDENCE}; {_MATRIX} saw 1214 modelCode：不存在",
        _EVIDENCE_DATE,
    ),
    Check(
        "there are no messages",
        lambda given: not given.fields["messages"],
        "1214",
        "输入不能为空",
        None,
        _MATRIX,
        _MATRIX_DATE,
    ),
    _illegal_messages("a message is no object", _message_of_wrong_type, f"{_ERRORS}; inferred"),
    Check(
        "a role is unknown",
        lambda given: any(message.get("role") not in _ROLES for message in given.messages),
        "1214",
        "角色信息不正确",
        "Incorrect role information",
        "many client reports on the role developer, the latest of 2026-08-30",
        date(2026, 8, 30),
    ),
    _illegal_messages(
        "there is no user message",
        _nothing_asked,
        "anomalyco/opencode#2557, langgenius/dify#16337, MetaGLM/zhipuai-sdk-python-v4#14",
    ),
    _illegal_messages(
        "a message has no content",
        _content_missing,
        "client reports of content null beside tool_calls; absent content is accepted "
        "(recorded traffic, api.z.ai coding endpoint, 2026-03 to 2026-04)",
    ),
    _illegal_messages(
        "a function call in the history has empty arguments",
        _bad_arguments,
        'client reports of arguments ""; send "{}"',
    ),
    Check(
        "the model does not take a type of content",
        _part_not_allowed,
        "1210",
        "messages.content.type 参数非法，取值范围 {types}",
        None,
        "reported text for an image on a text model",
        _LOOKED_UP,
    ),
    _documented("a content part is incomplete", _bad_part),
    Check(
        "there are too many images",
        _too_many_images,
        "1210",
        "输入图片数量超过限制",
        None,
        f"reported text; limits from {_DOCS}",
        _LOOKED_UP,
    ),
    Check(
        "an image cannot be read",
        _bad_image,
        "1210",
        "图片输入格式/解析错误",
        None,
        f"{_EVIDENCE} (text seen on /api/v1); formats and size from {_DOCS}",
        _EVIDENCE_DATE,
    ),
    _documented("a sound cannot be read", _bad_audio),
    Check(
        "temperature is out of range",
        _outside("temperature", 0, 1),
        "1210",
        "temperature参数非法：限制数值范围[0,1]",
        None,
        _MATRIX,
        _MATRIX_DATE,
    ),
    Check(
        "temperature has more than two decimals",
        _too_fine("temperature"),
        "1210",
        "temperature参数非法,必须小于等于[2]位",
        None,
        f"reported text, seen on the Anthropic endpoint; {_DOCS}",
        _LOOKED_UP,
    ),
    Check(
        "top_p is out of range",
        _outside("top_p", 0.01, 1),
        "1210",
        "top_p参数非法：限制数值范围[0,1]",
        None,
        f"text: {_MATRIX}; lower bound: {_DOCS}",
        _MATRIX_DATE,
    ),
    _documented("top_p has more than two decimals", _too_fine("top_p")),
    Check(
        "max_tokens is out of range",
        _max_tokens,
        "1210",
        "max_tokens参数非法：限制数值范围[1,{cap}]",
        None,
        _EVIDENCE,
        _EVIDENCE_DATE,
    ),
    _documented("stop has more than four words", _stop),
    _documented("there are more than 128 tools", lambda given: len(given.tools) > _MOST_TOOLS),
    _documented("a tool is of no known type", _bad_tool),
    _documented("a function's name or parameters have the wrong form", _bad_function),
    Check(
        "tool_choice is not auto",
        lambda given: given.fields.get("tool_choice", "auto") != "auto",
        "1210",
        None,
        "Tool choice must be auto",
        "live note on open.bigmodel.cn, 2026-09-19; vectorize-io/hindsight#4246, 2026-09-09",
        date(2026, 9, 19),
    ),
    Check(
        "tool_choice stands without tools",
        lambda given: "tool_choice" in given.fields and not given.tools,
        "1210",
        None,
        None,
        "stanfordnlp/dspy#10397",
        _LOOKED_UP,
    ),
    _documented("response_format is of no known type", _response_format),
    _documented("thinking has the wrong form", _thinking),
    Check(
        "the model's thinking cannot be disabled",
        _thinking_disabled,
        "1210",
        _ALWAYS_THINKS,
        None,
        _EVIDENCE,
        _EVIDENCE_DATE,
    ),
    Check(
        "reasoning_effort is no known word",
        lambda given: given.fields.get("reasoning_effort", "max") not in _EFFORTS,
        "1210",
        "reasoning_effort 参数值非法，可选值为：none、minimal、low、medium、high、xhigh、max",
        None,
        _MATRIX,
        _MATRIX_DATE,
    ),
    Check(
        "the model does not take this reasoning_effort",
        _effort_of_always,
        "1210",
        _ALWAYS_THINKS,
        None,
        f"{_EVIDENCE}; the z.ai Coding Plan accepts all words",
        _EVIDENCE_DATE,
    ),
    Check(
        "user_id is too short or too long",
        _length("user_id", 6, 128),
        "1214",
        "{field} 参数非法。请检查文档。",
        "Parameter {field} is invalid. Please check the documentation.",
        f"{_DOCS}; code inferred",
        _DOCS_DATE,
    ),
    Check(
        "request_id is too short or too long",
        _length("request_id", 6, 64),
        "1214",
        "{field} 参数非法。请检查文档。",
        "Parameter {field} is invalid. Please check the documentation.",
        f"{_DOCS}; code inferred",
        _DOCS_DATE,
    ),
    Check(
        "the prompt is longer than the model's context",
        _too_long,
        "1261",
        None,
        None,
        _EVIDENCE,
        _EVIDENCE_DATE,
    ),
)
"""Every rule, in the order in which they are tried."""
