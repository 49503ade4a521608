"""What Zhipu's failures mean in OpenAI's terms: tables only, read by ``errors``.

Three kinds of row. ``CODES`` has what Zhipu itself writes into a body: the business codes of most APIs, the
words of its Responses API, and the HTTP statuses it sometimes repeats there. ``STATUSES`` serves a failure
that carries no code, or one that is not known yet. ``STREAM_ENDINGS`` has the finish reasons that report a
failure after the HTTP 200 is out.

OpenAI's own conventions decide the columns ``status``, ``type`` and ``openai_code``: a wrong key is 401
``invalid_api_key``, an unknown model 404 ``model_not_found``, a prompt that is too long 400
``context_length_exceeded``, an inactive account 429 ``billing_not_active``. Of the two codes that OpenAI has
for 429, ``rate_limit_exceeded`` is given where trying again in a moment helps, and ``insufficient_quota``
where nothing within a retry loop can help: no money, or a plan's allowance used up until its reset.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class ErrorCode:
    """One failure that Zhipu reports, and what OpenAI would have sent.

    Attributes:
        code: Zhipu's business code (digits) or word.
        status: The HTTP status that OpenAI would use, 400 to 599.
        type: OpenAI's error type.
        openai_code: OpenAI's error code; None where OpenAI sends null.
        retry: Whether sending the same request again can succeed.
        waits: Seconds to wait before retry 1, 2, 3 and so on; the last repeats. Empty when not retried.
        meaning_zh: What it says, in Chinese.
        meaning_en: What it says, in English.
        advice_en: What to do, one sentence in English.
        advice_zh: What to do, one sentence in Chinese.
        source: Where the code was documented or seen.
        seen: The date of that source.
    """

    code: str
    status: int
    type: str
    openai_code: str | None
    retry: bool
    waits: tuple[float, ...]
    meaning_zh: str
    meaning_en: str
    advice_en: str
    advice_zh: str
    source: str
    seen: date

    @property
    def exception(self) -> str:
        """The name of openai's exception for it."""
        return _EXCEPTIONS.get(self.status) or (
            "InternalServerError" if self.status >= _SERVERS else "APIStatusError"
        )


# Those of openai._base_client, by status; the others of the client's fault are APIStatusError itself.
_EXCEPTIONS: Final[Mapping[int, str]] = {
    400: "BadRequestError",
    401: "AuthenticationError",
    403: "PermissionDeniedError",
    404: "NotFoundError",
    409: "ConflictError",
    422: "UnprocessableEntityError",
    429: "RateLimitError",
}
_SERVERS: Final = 500


class _Verdict(NamedTuple):
    """The OpenAI side of a row; retried when there are waits."""

    status: int
    type: str
    openai_code: str | None
    waits: tuple[float, ...] = ()


class _Words(NamedTuple):
    en: str
    zh: str


class _Source(NamedTuple):
    text: str
    seen: date


# Bursts and server faults pass within seconds. An overloaded model stays so for minutes: three tries in
# 15 seconds give up, 30 to 120 seconds get through (NousResearch/hermes-agent#98111, #89181). openai below 3
# falls back to its own short backoff when told to wait more than 60 seconds, so no wait is longer than that.
_BRIEF: Final = (1.0, 2.0, 4.0, 8.0, 16.0)
_LONG: Final = (2.0, 5.0, 15.0, 30.0, 60.0)

_BAD_KEY: Final = _Verdict(401, "invalid_request_error", "invalid_api_key")
_LOCKED: Final = _Verdict(401, "invalid_request_error", "account_deactivated")
_INACTIVE: Final = _Verdict(429, "billing_not_active", "billing_not_active")
_FORBIDDEN: Final = _Verdict(403, "invalid_request_error", "permission_denied")
_NO_MODEL: Final = _Verdict(404, "invalid_request_error", "model_not_found")
_MODEL_BARRED: Final = _Verdict(403, "invalid_request_error", "model_not_found")
_NOT_FOUND: Final = _Verdict(404, "invalid_request_error", None)
_NO_SUCH_URL: Final = _Verdict(404, "invalid_request_error", "unknown_url")
_INVALID: Final = _Verdict(400, "invalid_request_error", "invalid_value")
_BAD_REQUEST: Final = _Verdict(400, "invalid_request_error", None)
_UNSUPPORTED: Final = _Verdict(400, "invalid_request_error", "unsupported_value")
_MISSING: Final = _Verdict(400, "invalid_request_error", "missing_required_parameter")
_EXCLUSIVE: Final = _Verdict(400, "invalid_request_error", "mutually_exclusive_parameters")
_TOO_LONG: Final = _Verdict(400, "invalid_request_error", "context_length_exceeded")
_TOO_LARGE: Final = _Verdict(413, "invalid_request_error", "request_too_large")
_FILTERED: Final = _Verdict(400, "invalid_request_error", "content_filter")
_CONFLICT: Final = _Verdict(409, "invalid_request_error", None)
_TOO_FAST: Final = _Verdict(429, "requests", "rate_limit_exceeded", _BRIEF)
_OVERLOADED: Final = _Verdict(429, "server_error", "server_is_overloaded", _LONG)
_NO_QUOTA: Final = _Verdict(429, "insufficient_quota", "insufficient_quota")
# Fair use blocks the account until it is freed by hand, while the text speaks of a limited frequency. It
# stays a 429 as Zhipu sends it, is not retried, and has a word of its own: neither of OpenAI's two is true.
_FAIR_USE: Final = _Verdict(429, "requests", "fair_usage_policy")
_SERVER: Final = _Verdict(500, "server_error", None, _BRIEF)

CHECK_KEY: Final = _Words(
    "Check that the API key is whole (id.secret) and belongs to the site in use: open.bigmodel.cn and z.ai "
    "issue separate keys.",
    "请确认 API Key 完整（id.secret 两段）且属于所用站点：open.bigmodel.cn 与 z.ai 的 Key 各自独立。",
)
_ASK_SUPPORT: Final = _Words(
    "Only Zhipu's customer service can lift this: quote the log id.",
    "只能由智谱客服解除，联系时请提供 log id。",
)
RECHARGE: Final = _Words(
    "Recharge the account or buy a resource package; if the key belongs to a GLM Coding Plan, which lives at "
    '…/api/coding/paas/v4, choose endpoint="coding".',
    "请充值或购买资源包；如果该 Key 属于 GLM Coding Plan（地址为 …/api/coding/paas/v4），"
    '请使用 endpoint="coding"。',
)
_WAIT_FOR_RESET: Final = _Words(
    "Nothing helps before the reset time (resets_at), except another plan or a key that is billed by usage.",
    "在重置时间（resets_at）之前重试无效，除非更换套餐或改用按量付费的 Key。",
)
_WAIT_OR_TOP_UP: Final = _Words(
    "Wait for the reset time (resets_at), or top up the main account so that use beyond the plan can be billed.",
    "请等到重置时间（resets_at），或为主账号充值以便超额部分按量付费。",
)
_WAIT_OR_RAISE: Final = _Words(
    "Wait for the reset time (resets_at), or ask the administrator to raise the monthly spending cap.",
    "请等到重置时间（resets_at），或请管理员调高月消费上限。",
)
_RENEW: Final = _Words(
    "Renew the plan, or use a key that is billed by usage.",
    "请续订套餐，或改用按量付费的 Key。",
)
_OTHER_PLAN: Final = _Words(
    "Choose a model that the plan includes, or a key that is billed by usage.",
    "请换用套餐内的模型，或改用按量付费的 Key。",
)
_SLOW_DOWN: Final = _Words(
    "Send fewer requests at once (max_concurrency= on the client), or raise max_retries.",
    "请降低并发（客户端参数 max_concurrency=），或增大 max_retries。",
)
_BUSY: Final = _Words(
    "This is the service's load, not yours, and can last minutes: raise max_retries, or use another model.",
    "这是服务端负载过高，可能持续数分钟：请增大 max_retries，或换用其他模型。",
)
_TRY_AGAIN: Final = _Words(
    "This is a fault of the service: try again, and quote the log id to Zhipu's support if it stays.",
    "这是服务端故障：请重试；若持续出现，请向智谱客服提供 log id。",
)
_CHECK_VALUES: Final = _Words(
    "Compare the parameters with what Zhipu accepts for this model: temperature and top_p up to 1, max_tokens "
    'up to the model\'s limit, tool_choice only "auto".',
    "请核对该模型允许的参数：temperature 与 top_p 不超过 1，max_tokens 不超过模型上限，"
    'tool_choice 仅支持 "auto"。',
)
_CHECK_FIELD: Final = _Words(
    "Correct the field that the message names; in messages, use the roles system, user, assistant and tool, "
    "with at least one user message.",
    "请修正消息中指出的字段；messages 只能使用 system、user、assistant、tool 角色，且至少包含一条 user 消息。",
)
_ADD_FIELD: Final = _Words(
    "Add the field that the message names.",
    "请补充消息中指出的字段。",
)
_CHOOSE_ONE: Final = _Words(
    "Leave out one of the two fields.",
    "请去掉其中一个字段。",
)
_CHECK_MODEL: Final = _Words(
    "Check the model's id (lower case, as client.models.list() has it) and that this account and base URL "
    "serve it.",
    "请检查模型 ID（小写，可参考 client.models.list()），并确认当前账户与地址提供该模型。",
)
_CALL_OTHERWISE: Final = _Words(
    "The model exists but not for this kind of call: try with or without streaming, or another model.",
    "模型存在，但不支持这种调用方式：请切换流式或非流式，或换用其他模型。",
)
_CHECK_URL: Final = _Words(
    "Check the base URL: it ends in /api/paas/v4 (or /api/coding/paas/v4) and takes no further /v1.",
    "请检查 base_url：应以 /api/paas/v4（或 /api/coding/paas/v4）结尾，不要再加 /v1。",
)
_NO_ENDPOINT: Final = _Words(
    "This API is not offered here any more, or not at this address; see the support table for what is.",
    "该接口已不提供，或不在此地址；可用接口请见支持列表。",
)
_ASK_PERMISSION: Final = _Words(
    "Ask for access to this API, or use a key that has it.",
    "请申请该接口的权限，或使用有权限的 Key。",
)
_OLD_OR_FOREIGN_TASK: Final = _Words(
    "Check the task's id; a task is visible only to the account that started it.",
    "请检查任务 ID；任务只对创建它的账户可见。",
)
_SHORTEN: Final = _Words(
    "This model's maximum context length is exceeded (context_length_exceeded): shorten the messages, or "
    "choose a model with a longer context.",
    "已超出模型的最大上下文长度：请缩短消息，或换用上下文更长的模型。",
)
_REPHRASE: Final = _Words(
    "Rephrase the prompt; content_filter says whether the input or the answer was stopped.",
    "请调整提示词；content_filter 会说明是输入还是输出被拦截。",
)
_READ_MESSAGE: Final = _Words(
    "Correct the request as the message says.",
    "请按消息提示修正请求。",
)

_DOCS: Final = _Source("docs.bigmodel.cn error codes, 2026-07-11", date(2026, 7, 11))
_DOCS_BEFORE: Final = _Source("docs.bigmodel.cn error codes, edition of 2025-12-29", date(2025, 12, 29))
_DOCS_COPY: Final = _Source("third-party copy of docs.bigmodel.cn error codes, 2026", date(2026, 11, 23))
_RECORDED: Final = _Source("RarogCmex/pi-bigmodel evidence 2026-10-09", date(2026, 10, 9))
_SEARCH_SPEC: Final = _Source("docs.bigmodel.cn OpenAPI, web search, 2026-07-11", date(2026, 7, 11))
_AGENTS: Final = _Source("recorded traffic, api.z.ai agents, 2026-07-10", date(2026, 7, 10))
_WRONG_KEY_NOTE: Final = _Source("third-party note on a wrong key, 2026-09-19", date(2026, 9, 19))
_WRONG_PATH: Final = _Source("recorded traffic, api.z.ai, 2026-06-08", date(2026, 6, 8))
_KNOWLEDGE: Final = _Source("recorded traffic, knowledge base, 2026-09", date(2026, 9, 30))
_RESPONSES_DOCS: Final = _Source("docs.bigmodel.cn Responses error codes, 2026-11", date(2026, 11, 23))
_RESPONSES: Final = _Source("recorded traffic, open.bigmodel.cn Responses, 2026-10-09", date(2026, 10, 9))
_RESPONSES_403: Final = _Source("third-party note, api.z.ai/api/v1, 2026", date(2026, 11, 23))
_HTTP: Final = _Source("RFC 9110, and OpenAI's own use of the status", date(2026, 11, 23))
_STREAMS: Final = _Source("SSE fixture of 2026-07-08; docs.bigmodel.cn OpenAPI", date(2026, 7, 8))
_ABORT: Final = _Source("earendil-works/pi#2313, NousResearch/hermes-agent#92161", date(2026, 11, 23))


def _row(
    code: str, verdict: _Verdict, en: str, zh: str, advice: _Words, *, source: _Source = _DOCS
) -> ErrorCode:
    return ErrorCode(
        code=code,
        status=verdict.status,
        type=verdict.type,
        openai_code=verdict.openai_code,
        retry=bool(verdict.waits),
        waits=verdict.waits,
        meaning_zh=zh,
        meaning_en=en,
        advice_en=advice.en,
        advice_zh=advice.zh,
        source=source.text,
        seen=source.seen,
    )


_AUTHENTICATION: Final = (
    _row("1000", _BAD_KEY, "authentication failed", "身份验证失败", CHECK_KEY),
    _row(
        "1001",
        _BAD_KEY,
        "no Authorization header arrived",
        "请求头中没有鉴权参数",
        _Words(
            "Give the key as api_key= or ZHIPU_API_KEY, and check that no proxy removes the Authorization header.",
            "请通过 api_key= 或 ZHIPU_API_KEY 提供 Key，并确认代理没有去掉 Authorization 请求头。",
        ),
    ),
    _row("1002", _BAD_KEY, "invalid token", "Token 非法", CHECK_KEY, source=_DOCS_BEFORE),
    _row(
        "1003",
        _BAD_KEY,
        "token expired",
        "Token 已过期",
        _Words(
            "Sign a new token and check this machine's clock: exp and timestamp are milliseconds, and a wrong "
            "clock makes a fresh token look expired.",
            "请重新签发 Token 并校准本机时钟：exp 与 timestamp 以毫秒计，时钟偏差会使新 Token 也被判为过期。",
        ),
    ),
    _row("1004", _BAD_KEY, "the token was not accepted", "Token 验证未通过", CHECK_KEY, source=_DOCS_BEFORE),
    _row(
        "1005",
        _BAD_KEY,
        "two-factor authentication is on",
        "已开启二次认证保护",
        _Words(
            "Log in to the console with the second factor, or switch that protection off for API use.",
            "请在控制台完成二次认证登录，或为 API 调用关闭该保护。",
        ),
    ),
    _row(
        "401",
        _BAD_KEY,
        "the key has expired or is wrong",
        "令牌已过期或验证不正确",
        CHECK_KEY,
        source=_WRONG_KEY_NOTE,
    ),
)

_ACCOUNT: Final = (
    _row("1100", _SERVER, "reading the account failed", "账户读写异常", _TRY_AGAIN, source=_DOCS_BEFORE),
    _row(
        "1110",
        _INACTIVE,
        "the account is not active",
        "账户处于非活动状态",
        _Words("Check the account in the console.", "请在控制台检查账户状态。"),
        source=_DOCS_BEFORE,
    ),
    _row("1111", _BAD_KEY, "no such account", "账户不存在", CHECK_KEY, source=_DOCS_BEFORE),
    _row("1112", _LOCKED, "the account is locked", "账户已被锁定", _ASK_SUPPORT, source=_DOCS_BEFORE),
    _row(
        "1113", _NO_QUOTA, "no balance and no resource package", "账户欠费，余额不足或无可用资源包", RECHARGE
    ),
    _row(
        "1120", _SERVER, "the account cannot be reached", "暂时无法访问账户", _TRY_AGAIN, source=_DOCS_BEFORE
    ),
    _row(
        "1121",
        _LOCKED,
        "the account is locked for a violation",
        "账户因违规被锁定",
        _ASK_SUPPORT,
        source=_DOCS_BEFORE,
    ),
)

_CALL: Final = (
    _row("1200", _SERVER, "the API call failed", "API 调用失败", _TRY_AGAIN),
    _row("1210", _INVALID, "a parameter is wrong", "API 调用参数有误", _CHECK_VALUES),
    _row("1211", _NO_MODEL, "unknown model", "模型不存在", _CHECK_MODEL),
    # The model is there, so this is not model_not_found: assistants answer 1212 when stream is left out.
    _row(
        "1212",
        _UNSUPPORTED,
        "the model does not support this kind of call",
        "当前模型不支持该调用方式",
        _CALL_OTHERWISE,
    ),
    _row("1213", _MISSING, "a field is missing", "未正常接收到参数", _ADD_FIELD),
    _row("1214", _INVALID, "a field is invalid", "参数非法", _CHECK_FIELD),
    _row("1215", _EXCLUSIVE, "two fields exclude each other", "两个参数不能同时设置", _CHOOSE_ONE),
    _row("1220", _FORBIDDEN, "no access to this API", "无权访问该 API", _ASK_PERMISSION),
    _row("1221", _NO_SUCH_URL, "this API was retired", "API 已下线", _NO_ENDPOINT),
    _row("1222", _NO_SUCH_URL, "this API does not exist", "API 不存在", _NO_ENDPOINT),
    _row("1230", _SERVER, "the API call broke off", "API 调用流程出错", _TRY_AGAIN),
    _row(
        "1231",
        _CONFLICT,
        "a request with this request_id exists",
        "已有相同 request_id 的请求",
        _Words(
            "Give every request its own request_id, or leave it out.",
            "请为每个请求使用不同的 request_id，或不传该字段。",
        ),
        source=_DOCS_BEFORE,
    ),
    _row(
        "1233",
        _NOT_FOUND,
        "no such task, or another account's",
        "任务不存在，或属于其他账户",
        _OLD_OR_FOREIGN_TASK,
        source=_RECORDED,
    ),
    _row("1234", _SERVER, "network error inside the service", "服务内部网络错误", _TRY_AGAIN),
    _row("1261", _TOO_LONG, "the prompt is too long", "Prompt 超长", _SHORTEN),
    _row("500", _SERVER, "internal error", "内部错误", _TRY_AGAIN),
)

_POLICY: Final = (
    _row(
        "1300",
        _FORBIDDEN,
        "the call was blocked by policy",
        "API 调用被策略阻止",
        _ASK_SUPPORT,
        source=_DOCS_BEFORE,
    ),
    _row(
        "1301",
        _FILTERED,
        "unsafe or sensitive content in the input or the answer",
        "输入或生成内容可能不安全或敏感",
        _REPHRASE,
    ),
    _row("1302", _TOO_FAST, "too many requests at once", "账户达到速率限制", _SLOW_DOWN),
    _row("1303", _TOO_FAST, "requests too frequent", "调用频率过高", _SLOW_DOWN, source=_DOCS_BEFORE),
    _row(
        "1304",
        _NO_QUOTA,
        "the day's number of calls is used up",
        "已达今日调用次数限额",
        _Words(
            "Go on tomorrow, or ask Zhipu's customer service for a higher daily limit.",
            "请次日再试，或联系智谱客服提高每日限额。",
        ),
        source=_DOCS_BEFORE,
    ),
    _row("1305", _OVERLOADED, "the model is overloaded", "该模型当前访问量过大", _BUSY),
    _row("1308", _NO_QUOTA, "the plan's usage limit is reached", "已达到套餐使用上限", _WAIT_FOR_RESET),
    _row("1309", _INACTIVE, "the GLM Coding Plan has expired", "GLM Coding Plan 套餐已到期", _RENEW),
    _row(
        "1310",
        _NO_QUOTA,
        "the weekly or monthly limit is reached",
        "已达到每周或每月使用上限",
        _WAIT_FOR_RESET,
    ),
    _row("1311", _MODEL_BARRED, "the plan does not include this model", "当前套餐未开放该模型", _OTHER_PLAN),
    _row("1312", _OVERLOADED, "the model is overloaded", "该模型当前访问量过大", _BUSY, source=_DOCS_COPY),
    _row(
        "1313",
        _FAIR_USE,
        "limited under the fair usage policy",
        "不符合公平使用策略，请求频率受限",
        _Words(
            "Ask in the console (Coding Plan overview) to have the limit lifted; the plan is sold for a list of "
            "supported tools, and use from other programs may be restricted.",
            "请在控制台的编程套餐总览中申请解除限制；套餐仅面向官方支持的工具，其他程序的调用可能受限。",
        ),
    ),
    _row(
        "1314",
        _INACTIVE,
        "the enterprise plan is no longer valid",
        "企业套餐已失效",
        _Words("Ask the administrator of the enterprise account.", "请联系企业管理员。"),
    ),
    _row(
        "1315",
        _FORBIDDEN,
        "the key is only for the enterprise coding plan",
        "该 Key 仅限企业编程套餐",
        _Words(
            'Use a key made for this product, or endpoint="coding" with this one.',
            '请换用对应产品的 Key，或用此 Key 配合 endpoint="coding"。',
        ),
    ),
    _row(
        "1316",
        _NO_QUOTA,
        "5-hour limit reached, no balance for more",
        "达到 5 小时上限，且主账号余额不足",
        _WAIT_OR_TOP_UP,
    ),
    _row(
        "1317",
        _NO_QUOTA,
        "7-day limit reached, no balance for more",
        "达到 7 天上限，且主账号余额不足",
        _WAIT_OR_TOP_UP,
    ),
    _row(
        "1318",
        _NO_QUOTA,
        "5-hour limit and the sub-account's monthly cap reached",
        "达到 5 小时上限及子账号月消费上限",
        _WAIT_OR_RAISE,
    ),
    _row(
        "1319",
        _NO_QUOTA,
        "7-day limit and the sub-account's monthly cap reached",
        "达到 7 天上限及子账号月消费上限",
        _WAIT_OR_RAISE,
    ),
    _row(
        "1320",
        _NO_QUOTA,
        "5-hour limit and the enterprise's monthly cap reached",
        "达到 5 小时上限及企业月消费上限",
        _WAIT_OR_RAISE,
    ),
    _row(
        "1321",
        _NO_QUOTA,
        "7-day limit and the enterprise's monthly cap reached",
        "达到 7 天上限及企业月消费上限",
        _WAIT_OR_RAISE,
    ),
)

_OTHER_APIS: Final = (
    _row(
        "1701",
        _TOO_FAST,
        "too many web searches at once",
        "网络搜索并发已达上限",
        _SLOW_DOWN,
        source=_SEARCH_SPEC,
    ),
    _row(
        "1702",
        _BAD_REQUEST,
        "no search engine is available",
        "未找到可用的搜索引擎服务",
        _Words(
            "Check search_engine, or ask the account's administrator which engines are enabled.",
            "请检查 search_engine，或向管理员确认已开通的搜索引擎。",
        ),
        source=_SEARCH_SPEC,
    ),
    _row(
        "1703",
        _BAD_REQUEST,
        "the search engine returned nothing usable",
        "搜索引擎未返回有效数据",
        _Words("Change the query.", "请调整查询条件。"),
        source=_SEARCH_SPEC,
    ),
    _row(
        "100013",
        _NOT_FOUND,
        "no such knowledge base",
        "知识库不存在",
        _Words("Check the knowledge base's id.", "请检查知识库 ID。"),
        source=_KNOWLEDGE,
    ),
    _row("400", _BAD_REQUEST, "bad request", "请求有误", _READ_MESSAGE, source=_AGENTS),
    _row("404", _NO_SUCH_URL, "no such path", "路径不存在", _CHECK_URL, source=_WRONG_PATH),
    _row(
        "434", _FORBIDDEN, "no access to this API yet", "暂无 API 权限", _ASK_PERMISSION, source=_DOCS_BEFORE
    ),
    _row(
        "435",
        _TOO_LARGE,
        "the file is larger than 100 MB",
        "文件大小超过 100MB",
        _Words("Split the file.", "请拆分文件后分批上传。"),
        source=_DOCS_BEFORE,
    ),
)

_RESPONSES_WORDS: Final = (
    _row("invalid_request", _INVALID, "a parameter is wrong", "参数有误", _CHECK_VALUES, source=_RESPONSES),
    _row("model_not_found", _NO_MODEL, "unknown model", "模型不存在", _CHECK_MODEL, source=_RESPONSES),
    _row(
        "not_implemented",
        _Verdict(400, "invalid_request_error", "not_implemented"),
        "not implemented",
        "接口或能力未实现",
        _Words(
            "Leave this feature out, or use Chat Completions.", "请不要使用该能力，或改用 Chat Completions。"
        ),
        source=_RESPONSES_DOCS,
    ),
    _row(
        "request_too_large",
        _TOO_LARGE,
        "the request is too large",
        "请求过大",
        _Words("Send less at once.", "请减小请求体。"),
        source=_RESPONSES_DOCS,
    ),
    _row(
        "authentication_error",
        _BAD_KEY,
        "authentication failed",
        "身份验证失败",
        CHECK_KEY,
        source=_RESPONSES_DOCS,
    ),
    _row("invalid_api_key", _BAD_KEY, "invalid key", "Key 无效", CHECK_KEY, source=_RESPONSES_DOCS),
    _row("expired", _BAD_KEY, "the key has expired", "Key 已过期", CHECK_KEY, source=_RESPONSES_DOCS),
    _row("permission_denied", _FORBIDDEN, "no access", "无权访问", _ASK_PERMISSION, source=_RESPONSES_DOCS),
    _row(
        "model_access_denied",
        _FORBIDDEN,
        "this model is not served here",
        "此处不提供该模型",
        _Words(
            "The base URL …/api/v1 serves Responses only; Chat Completions are at …/api/paas/v4.",
            "…/api/v1 仅提供 Responses 接口；Chat Completions 请使用 …/api/paas/v4。",
        ),
        source=_RESPONSES_403,
    ),
    _row(
        "context_length_exceeded",
        _TOO_LONG,
        "the prompt is too long",
        "Prompt 超长",
        _SHORTEN,
        source=_RESPONSES,
    ),
    _row(
        "rate_limit_exceeded",
        _TOO_FAST,
        "too many requests",
        "达到速率限制",
        _SLOW_DOWN,
        source=_RESPONSES_DOCS,
    ),
    _row(
        "insufficient_quota",
        _NO_QUOTA,
        "no balance and no resource package",
        "余额不足或无可用资源包",
        RECHARGE,
        source=_RESPONSES,
    ),
    _row(
        "quota_exceeded",
        _NO_QUOTA,
        "the quota is used up",
        "额度已用完",
        _WAIT_FOR_RESET,
        source=_RESPONSES_DOCS,
    ),
    _row(
        "usage_limit_reached",
        _NO_QUOTA,
        "the plan's usage limit is reached",
        "已达到套餐使用上限",
        _WAIT_FOR_RESET,
        source=_RESPONSES_DOCS,
    ),
    _row(
        "usage_not_included",
        _NO_QUOTA,
        "the plan does not include this use",
        "套餐不包含此用量",
        _OTHER_PLAN,
        source=_RESPONSES_DOCS,
    ),
    _row("server_error", _SERVER, "internal error", "内部错误", _TRY_AGAIN, source=_RESPONSES_DOCS),
    _row(
        "server_is_overloaded",
        _OVERLOADED,
        "the service is overloaded",
        "服务过载",
        _BUSY,
        source=_RESPONSES_DOCS,
    ),
    _row("overloaded", _OVERLOADED, "the model is overloaded", "模型访问量过大", _BUSY, source=_RESPONSES),
    _row("slow_down", _OVERLOADED, "the service is overloaded", "服务过载", _BUSY, source=_RESPONSES_DOCS),
    _row(
        "content_filter",
        _FILTERED,
        "unsafe or sensitive content",
        "内容不安全或敏感",
        _REPHRASE,
        source=_RESPONSES_DOCS,
    ),
    _row(
        "cyber_policy",
        _FILTERED,
        "stopped by the security policy",
        "触发安全策略",
        _REPHRASE,
        source=_RESPONSES_DOCS,
    ),
)


def _by_code(*tables: tuple[ErrorCode, ...]) -> dict[str, ErrorCode]:
    rows = [row for table in tables for row in table]
    return {row.code: row for row in rows}


CODES: Final[Mapping[str, ErrorCode]] = _by_code(
    _AUTHENTICATION, _ACCOUNT, _CALL, _POLICY, _OTHER_APIS, _RESPONSES_WORDS
)
"""Every code that Zhipu is known to put into the body of a failure."""

STATUSES: Final[Mapping[str, ErrorCode]] = _by_code(
    (
        _row("400", _BAD_REQUEST, "bad request", "请求有误", _READ_MESSAGE, source=_HTTP),
        _row("401", _BAD_KEY, "not authenticated", "未通过身份验证", CHECK_KEY, source=_HTTP),
        _row("403", _FORBIDDEN, "forbidden", "禁止访问", _ASK_PERMISSION, source=_HTTP),
        _row("404", _NOT_FOUND, "not found", "不存在", _CHECK_URL, source=_HTTP),
        _row(
            "408",
            _Verdict(408, "invalid_request_error", None, _BRIEF),
            "the request took too long to arrive",
            "请求超时",
            _TRY_AGAIN,
            source=_HTTP,
        ),
        _row(
            "409",
            _Verdict(409, "invalid_request_error", None, _BRIEF),
            "conflict",
            "冲突",
            _TRY_AGAIN,
            source=_HTTP,
        ),
        _row(
            "413",
            _TOO_LARGE,
            "the request is too large",
            "请求过大",
            _Words("Send less at once.", "请减小请求体。"),
            source=_HTTP,
        ),
        _row("429", _TOO_FAST, "too many requests", "请求过多", _SLOW_DOWN, source=_HTTP),
        # Zhipu's own statuses, for a body that does not repeat them.
        CODES["434"],
        CODES["435"],
        _row("4xx", _BAD_REQUEST, "the request was refused", "请求被拒绝", _READ_MESSAGE, source=_HTTP),
        _row("5xx", _SERVER, "the service failed", "服务出错", _TRY_AGAIN, source=_HTTP),
    )
)
"""What a failure without a known code means, by HTTP status; ``4xx`` and ``5xx`` keep the status they had."""

_INTERRUPTED: Final = _Verdict(502, "server_error", None, _BRIEF)
_STREAM_AGAIN: Final = _Words(
    "The stream was interrupted upstream, and what came before it is incomplete: send the request again.",
    "流式输出被上游中断，已收到的内容不完整：请重新发送请求。",
)

STREAM_ENDINGS: Final[Mapping[str, ErrorCode]] = _by_code(
    (
        _row(
            "network_error",
            _INTERRUPTED,
            "network error during inference",
            "推理过程中网络异常",
            _STREAM_AGAIN,
            source=_STREAMS,
        ),
        _row("abort", _INTERRUPTED, "inference was aborted", "推理被中止", _STREAM_AGAIN, source=_ABORT),
    )
)
"""The finish reasons that are failures; Zhipu reports them after HTTP 200, in place of an error code."""
