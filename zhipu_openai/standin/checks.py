"""What Zhipu refuses in a chat request: one row per rule, with the text it is refused with.

The rows are tried from top to bottom and the first that is broken answers, with HTTP 400. What no row
forbids is accepted, as the service does: unknown fields, ``n``, ``logprobs``, penalties,
``max_completion_tokens``, ``response_format`` of type ``json_schema`` and the like are ignored.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from . import rules
from .codes import CODES

if TYPE_CHECKING:
    from collections.abc import Callable

    from .given import Given
    from .traffic import Language


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
        return text.format(cap=given.cap, field=detail, types=rules.allowed_parts(given))


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
        rules.required_field_missing,
        "1213",
        "未正常接收到 {field} 参数",
        "Parameter {field} was not received.",
        _ERRORS,
        _DOCS_DATE,
    ),
    Check(
        "a field has the wrong JSON type",
        rules.field_of_wrong_type,
        "1214",
        "{field} 参数非法。请检查文档。",
        "Parameter {field} is invalid. Please check the documentation.",
        f"{_ERRORS}; that this code answers is inferred",
        _DOCS_DATE,
    ),
    Check(
        "the model is unknown",
        rules.unknown_model,
        "1211",
        None,
        None,
        f"{_EVIDENCE}; {_MATRIX} saw 1214 modelCode：不存在",
        _EVIDENCE_DATE,
    ),
    Check(
        "there are no messages",
        rules.no_messages,
        "1214",
        "输入不能为空",
        None,
        _MATRIX,
        _MATRIX_DATE,
    ),
    _illegal_messages("a message is no object", rules.message_is_no_object, f"{_ERRORS}; inferred"),
    Check(
        "a role is unknown",
        rules.unknown_role,
        "1214",
        "角色信息不正确",
        "Incorrect role information",
        "many client reports on the role developer, the latest of 2026-08-30",
        date(2026, 8, 30),
    ),
    _illegal_messages(
        "there is no user message",
        rules.no_user_message,
        "anomalyco/opencode#2557, langgenius/dify#16337, MetaGLM/zhipuai-sdk-python-v4#14",
    ),
    _illegal_messages(
        "a message has no content",
        rules.content_missing,
        "client reports of content null beside tool_calls; absent content is accepted "
        "(recorded traffic, api.z.ai coding endpoint, 2026-03 to 2026-04)",
    ),
    _illegal_messages(
        "a function call in the history has empty arguments",
        rules.arguments_empty,
        'client reports of arguments ""; send "{}"',
    ),
    Check(
        "the model does not take a type of content",
        rules.part_not_allowed,
        "1210",
        "messages.content.type 参数非法，取值范围 {types}",
        None,
        "reported text for an image on a text model",
        _LOOKED_UP,
    ),
    _documented("a content part is incomplete", rules.bad_part),
    Check(
        "there are too many images",
        rules.too_many_images,
        "1210",
        "输入图片数量超过限制",
        None,
        f"reported text; limits from {_DOCS}",
        _LOOKED_UP,
    ),
    Check(
        "an image cannot be read",
        rules.bad_image,
        "1210",
        "图片输入格式/解析错误",
        None,
        f"{_EVIDENCE} (text seen on /api/v1); formats and size from {_DOCS}",
        _EVIDENCE_DATE,
    ),
    _documented("a sound cannot be read", rules.bad_audio),
    Check(
        "temperature is out of range",
        rules.outside("temperature", 0, 1),
        "1210",
        "temperature参数非法：限制数值范围[0,1]",
        None,
        _MATRIX,
        _MATRIX_DATE,
    ),
    Check(
        "temperature has more than two decimals",
        rules.more_than_two_decimals("temperature"),
        "1210",
        "temperature参数非法,必须小于等于[2]位",
        None,
        f"reported text, seen on the Anthropic endpoint; {_DOCS}",
        _LOOKED_UP,
    ),
    Check(
        "top_p is out of range",
        rules.outside("top_p", 0.01, 1),
        "1210",
        "top_p参数非法：限制数值范围[0,1]",
        None,
        f"text: {_MATRIX}; lower bound: {_DOCS}",
        _MATRIX_DATE,
    ),
    _documented("top_p has more than two decimals", rules.more_than_two_decimals("top_p")),
    Check(
        "max_tokens is out of range",
        rules.max_tokens_outside,
        "1210",
        "max_tokens参数非法：限制数值范围[1,{cap}]",
        None,
        _EVIDENCE,
        _EVIDENCE_DATE,
    ),
    _documented("stop has more than four words", rules.bad_stop),
    _documented("there are more than 128 tools", rules.too_many_tools),
    _documented("a tool is of no known type", rules.bad_tool),
    _documented("a function's name or parameters have the wrong form", rules.bad_function),
    Check(
        "tool_choice is not auto",
        rules.tool_choice_not_auto,
        "1210",
        None,
        "Tool choice must be auto",
        "live note on open.bigmodel.cn, 2026-09-19; vectorize-io/hindsight#4246, 2026-09-09",
        date(2026, 9, 19),
    ),
    Check(
        "tool_choice stands without tools",
        rules.tool_choice_without_tools,
        "1210",
        None,
        None,
        "stanfordnlp/dspy#10397",
        _LOOKED_UP,
    ),
    _documented("response_format is of no known type", rules.unknown_response_format),
    _documented("thinking has the wrong form", rules.bad_thinking),
    Check(
        "the model's thinking cannot be disabled",
        rules.thinking_not_disabled,
        "1210",
        _ALWAYS_THINKS,
        None,
        _EVIDENCE,
        _EVIDENCE_DATE,
    ),
    Check(
        "reasoning_effort is no known word",
        rules.unknown_effort,
        "1210",
        "reasoning_effort 参数值非法，可选值为：none、minimal、low、medium、high、xhigh、max",
        None,
        _MATRIX,
        _MATRIX_DATE,
    ),
    Check(
        "the model does not take this reasoning_effort",
        rules.effort_not_taken,
        "1210",
        _ALWAYS_THINKS,
        None,
        f"{_EVIDENCE}; the z.ai Coding Plan accepts all words",
        _EVIDENCE_DATE,
    ),
    Check(
        "user_id is too short or too long",
        rules.length_outside("user_id", 6, 128),
        "1214",
        "{field} 参数非法。请检查文档。",
        "Parameter {field} is invalid. Please check the documentation.",
        f"{_DOCS}; code inferred",
        _DOCS_DATE,
    ),
    Check(
        "request_id is too short or too long",
        rules.length_outside("request_id", 6, 64),
        "1214",
        "{field} 参数非法。请检查文档。",
        "Parameter {field} is invalid. Please check the documentation.",
        f"{_DOCS}; code inferred",
        _DOCS_DATE,
    ),
    Check(
        "the prompt is longer than the model's context",
        rules.too_long,
        "1261",
        None,
        None,
        _EVIDENCE,
        _EVIDENCE_DATE,
    ),
)
"""Every rule, in the order in which they are tried."""


def refusal(given: Given, language: Language) -> tuple[str, str] | None:
    """Return the code and the text with which a request is refused, None if it is accepted."""
    for check in CHECKS:
        detail = check.broken(given)
        if detail:
            return check.code, check.message(given, detail, language)
    return None
