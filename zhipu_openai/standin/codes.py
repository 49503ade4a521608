"""Zhipu's business codes: the HTTP status each comes with and its text in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from .traffic import Language

_DOCS: Final = "docs.bigmodel.cn error codes, 2026-07-11"
_EVIDENCE: Final = "RarogCmex/pi-bigmodel evidence 2026-10-09"
_RECORDED: Final = "recorded traffic, open.bigmodel.cn, 2026-07-11"


@dataclass(frozen=True, slots=True)
class Code:
    """A business code as the service sends it.

    ``en`` is None where no English text is known: the Chinese one is sent then. ``source`` and ``date``
    are those of the wording; where a text was seen live it stands before the documented one.
    """

    code: str
    status: int
    zh: str
    en: str | None
    source: str
    date: date

    def text(self, language: Language) -> str:
        """Return the message in the language, as far as it is known."""
        return self.en if language == "en" and self.en is not None else self.zh


def _documented(code: str, status: int, zh: str, en: str | None = None) -> Code:
    return Code(code, status, zh, en, _DOCS, date(2026, 7, 11))


_ROWS: Final = (
    Code(
        "401", 401, "令牌已过期或验证不正确", None, "live note on a wrong key, 2026-09-19", date(2026, 9, 19)
    ),
    _documented("500", 500, "内部错误", "Internal error"),
    Code("1000", 401, "身份验证失败。", "Authentication failed", _EVIDENCE, date(2026, 10, 9)),
    Code(
        "1001",
        401,
        "Header 中未收到 Authentication 参数，无法进行身份验证",
        "Authorization Token Missing",
        f"Chinese: {_DOCS}; English: recorded traffic, api.z.ai, 2026-01",
        date(2026, 7, 11),
    ),
    _documented("1003", 401, "Authentication Token 已过期，请重新生成/获取"),
    _documented("1005", 401, "已开启二次认证保护，需要二次认证登录。"),
    Code(
        "1113",
        429,
        "余额不足或无可用资源包,请充值。",
        "Insufficient balance or no resource package. Please recharge.",
        f"Chinese: {_EVIDENCE}; English: {_RECORDED}",
        date(2026, 10, 9),
    ),
    _documented("1200", 500, "API 调用失败"),
    _documented("1210", 400, "API 调用参数有误，请检查文档", "Invalid API parameter"),
    Code(
        "1211",
        400,
        "模型不存在，请检查模型代码。",
        "Unknown Model, please check the model code.",
        f"Chinese: {_EVIDENCE}; English: {_RECORDED}. A third-party note of 2026-08-28 saw 1214 on chat",
        date(2026, 10, 9),
    ),
    _documented("1212", 400, "当前模型不支持该调用方式"),
    _documented("1213", 400, "未正常接收到参数"),
    _documented("1214", 400, "参数非法。请检查文档"),
    _documented("1215", 400, "参数不能同时设置，请检查文档"),
    _documented("1220", 403, "您无权访问该 API"),
    _documented("1221", 400, "API 已下线"),
    _documented("1222", 400, "API 不存在"),
    _documented("1230", 500, "API 调用流程出错"),
    _documented("1234", 500, "网络错误，错误id：standin，请联系客服"),
    Code("1261", 400, "Prompt exceeds max length", "Prompt exceeds max length", _EVIDENCE, date(2026, 10, 9)),
    _documented(
        "1301",
        400,
        "系统检测到输入或生成内容可能包含不安全或敏感内容，请您避免输入易产生敏感内容的提示语，感谢您的配合",
    ),
    _documented("1302", 429, "您的账户已达到速率限制，请您控制请求频率", "Rate limit reached for requests"),
    Code(
        "1305",
        429,
        "该模型当前访问量过大，请您稍后再试",
        "The service may be temporarily overloaded, please try again later",
        f"Chinese: {_EVIDENCE}; English: docs.z.ai error codes, 2026",
        date(2026, 10, 9),
    ),
    Code(
        "1308",
        429,
        "已达到 5 小时的使用上限。您的限额将在 {reset} 重置",
        "Usage limit reached for 5 hour. Your limit will reset at {reset}",
        f"Chinese: {_DOCS}; English: quoted live body of 2026-09-08 (hugalafutro/model-hotel#955)",
        date(2026, 9, 8),
    ),
    _documented("1309", 429, "您的 GLM Coding Plan 套餐已到期，暂无法使用，前往官方续订后即可恢复"),
    _documented(
        "1310",
        429,
        "您已达到每周/每月使用上限，您的限额将在 {reset} 重置",
        "Weekly/Monthly Limit Exhausted. Your limit will reset at {reset}",
    ),
    _documented("1311", 429, "当前订阅套餐暂未开放该模型权限"),
    _documented("1313", 429, "您的账户当前使用模式不符合公平使用策略，请求频率已受到限制。"),
    _documented("1314", 429, "您的企业套餐已失效，请联系企业管理员。"),
    _documented("1315", 429, "该 API Key 仅限企业编程套餐场景使用，请到官网更换对应产品类型的 API Key"),
    _documented(
        "1316",
        429,
        "已达到 5 小时使用上限。主账号余额不足，无法使用超额按量付费。您的限额将在 {reset} 重置。",
    ),
    _documented(
        "1317", 429, "已达到 7 天使用上限。主账号余额不足，无法使用超额按量付费。您的限额将在 {reset} 重置。"
    ),
    _documented(
        "1318",
        429,
        "已达到 5 小时使用上限，且已达子账号月消费上限，无法使用超额按量付费，请联系管理员调整。您的限额将在 {reset} 重置。",
    ),
    _documented(
        "1319",
        429,
        "已达到 7 天使用上限，且已达子账号月消费上限，无法使用超额按量付费，请联系管理员调整。您的限额将在 {reset} 重置。",
    ),
    _documented(
        "1320",
        429,
        "已达到 5 小时使用上限，且已达企业级月消费上限，无法使用超额按量付费，请联系管理员调整。您的限额将在 {reset} 重置。",
    ),
    _documented(
        "1321",
        429,
        "已达到 7 天使用上限，且已达企业级月消费上限，无法使用超额按量付费，请联系管理员调整。您的限额将在 {reset} 重置。",
    ),
)

CODES: Final[dict[str, Code]] = {row.code: row for row in _ROWS}
"""Every code the stand-in knows, by its digits. ``{reset}`` stands for a time on Beijing's clock."""

# docs.bigmodel.cn, content security audit page, 2026: level 0 is the gravest, 3 the slightest.
CONTENT_FILTER: Final = [{"level": 1, "role": "user"}]
"""What was found unsafe, and how gravely."""


def error_body(code: str, message: str, *, numeric: bool = False) -> dict[str, Any]:
    """Make the body of an error.

    Args:
        code: The business code.
        message: Its text.
        numeric: Send the code as a number; Zhipu's chat sends a string of digits.
    """
    body: dict[str, Any] = {
        "error": {"code": int(code) if numeric and code.isdecimal() else code, "message": message}
    }
    if code == "1301":
        body["contentFilter"] = CONTENT_FILTER
    return body
