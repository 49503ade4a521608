"""How Zhipu's messages read where they say more than the code, and advice that depends on the base URL.

Tables only, read by ``errors`` and ``_error_bodies``. The patterns are matched whatever the case, and with
ASCII word borders, since a name is often followed by Chinese without a space.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from ._error_codes import CHECK_KEY, CODES, RECHARGE

if TYPE_CHECKING:
    from collections.abc import Mapping


class Wording(NamedTuple):
    """A text that says more than the code beside it.

    Attributes:
        codes: Zhipu's codes the rule is for; None stands for a failure without a code.
        pattern: A regular expression to find in the message, whatever its case.
        means: The code of the row that applies instead.
        source: Where the text was seen.
        seen: The date of that source.
    """

    codes: tuple[str | None, ...]
    pattern: str
    means: str
    source: str
    seen: date


WORDINGS: Final = (
    # Chat answers an unknown model with 1214, other endpoints with the documented 1211.
    Wording(("1214",), r"\bmodelCode\b", "1211", "new-api fork, live notes 2026-08-28", date(2026, 8, 28)),
    Wording(
        ("1210",),
        r"tokens in request more than max tokens",
        "1261",
        "earendil-works/pi#9805, NousResearch/hermes-agent#61728",
        date(2026, 11, 23),
    ),
    # The gateway of /api/v1 answers an unknown path with HTTP 200 and code 500.
    Wording(
        ("500",), r"\b404 NOT_FOUND\b", "404", "third-party notes on api.z.ai/api/v1", date(2026, 11, 23)
    ),
    # The file parser answers a missing field with HTTP 200 and code 500; repeating it is pointless.
    Wording(
        ("500",),
        r"\bRequired request parameter '\w+'.*is not present",
        "1213",
        "recorded traffic, api.z.ai file parser, 2026-07-10",
        date(2026, 7, 10),
    ),
    Wording((None,), r"\bToo many requests\b", "1302", "third-party note on a bare 429", date(2026, 11, 23)),
)
"""Messages that decide over their code, tried in order."""


class ParamShape(NamedTuple):
    """How a message names the parameter it is about.

    Attributes:
        pattern: A regular expression whose group ``param`` is the name; without that group ``param`` is.
        param: The parameter, where the message does not spell it out.
        example: A message of this shape.
        source: Where the message was seen.
        seen: The date of that source.
    """

    pattern: str
    param: str | None
    example: str
    source: str
    seen: date


_NAME: Final = r"[`'\"]?(?P<param>[A-Za-z_][\w.\[\]-]*)[`'\"]?"

PARAM_SHAPES: Final = (
    ParamShape(
        r"\bmodelCode\b",
        "model",
        "modelCode：不存在",
        "new-api fork, live notes 2026-08-28",
        date(2026, 8, 28),
    ),
    ParamShape(
        rf"{_NAME}\s*参数值?非法",
        None,
        "max_tokens参数非法：限制数值范围[1,98304]",
        "RarogCmex/pi-bigmodel evidence 2026-10-09",
        date(2026, 10, 9),
    ),
    ParamShape(
        rf"未正常接收到\s*{_NAME}\s*参数",
        None,
        "未正常接收到 prompt 参数",
        "docs.bigmodel.cn error codes, 2026-07-11",
        date(2026, 7, 11),
    ),
    ParamShape(
        rf"{_NAME}\s*与\s*[`'\"]?[\w.\[\]-]+[`'\"]?\s*不能同时设置",
        None,
        "stop 与 tools 不能同时设置，请检查文档",
        "docs.bigmodel.cn error codes, 2026-07-11",
        date(2026, 7, 11),
    ),
    ParamShape(
        rf"\bParameter\s+{_NAME}\s+(?:is invalid|was not received)",
        None,
        "Parameter `messages` is invalid. Please check the documentation.",
        "docs.z.ai error codes, 2026",
        date(2026, 11, 23),
    ),
    ParamShape(
        rf"\bThe\s+{_NAME}\s+parameter is illegal",
        None,
        "The messages parameter is illegal. Please check the documentation.",
        "anomalyco/opencode#2557",
        date(2026, 11, 23),
    ),
    ParamShape(
        rf"{_NAME}\s+and\s+[`'\"]?[\w.\[\]-]+[`'\"]?\s+cannot be set simultaneously",
        None,
        "stop and tools cannot be set simultaneously, please check the documentation",
        "docs.z.ai error codes, 2026",
        date(2026, 11, 23),
    ),
    ParamShape(
        rf"\bRequired request parameter\s+{_NAME}",
        None,
        "Required request parameter 'file_type' for method parameter type String is not present",
        "recorded traffic, api.z.ai file parser, 2026-07-10",
        date(2026, 7, 10),
    ),
    ParamShape(
        rf"^{_NAME} is required$",
        None,
        "custom_variables is required",
        "recorded traffic, api.z.ai agents, 2026-07-10",
        date(2026, 7, 10),
    ),
    ParamShape(
        r"\bTool choice must be auto\b",
        "tool_choice",
        "Tool choice must be auto",
        "vectorize-io/hindsight#4246, 2026-09-09",
        date(2026, 9, 9),
    ),
    ParamShape(
        r"角色信息不正确|\bIncorrect role information\b",
        "messages",
        "角色信息不正确",
        "third-party notes on the developer role, 2026-08-30",
        date(2026, 8, 30),
    ),
)
"""The shapes in which a message names its parameter, tried in order; other messages name none."""

# The sources differ: many report a 401 for a key used at the other site (ItsJazii/pane#214, numman-ali/cc-mirror#10),
# one recording of 2026-07-10 has a z.ai key accepted by open.bigmodel.cn. So the advice says "may".
SITES: Final[Mapping[str, tuple[str, str]]] = {
    "open.bigmodel.cn": ("api.z.ai", "intl"),
    "api.z.ai": ("open.bigmodel.cn", "cn"),
}
"""The hosts of the two sites, each with the other one and its region: the same plans, separate keys."""


class SiteAdvice(NamedTuple):
    """Advice that depends on the base URL in use, in place of the row's own.

    ``{host}`` stands for the host in use, ``{other}`` for the other site's, ``{region}`` for that site's region
    and ``{other_base}`` for the same base URL there.

    Attributes:
        codes: Zhipu's codes the advice is for.
        coding: Whether it is for the Coding Plan's base URLs or for the others.
        en: One sentence in English.
        zh: One sentence in Chinese.
        source: Where the fact behind it is from.
        seen: The date of that source.
    """

    codes: frozenset[str]
    coding: bool
    en: str
    zh: str
    source: str
    seen: date


_KEY_CODES: Final = frozenset(row.code for row in CODES.values() if row.advice_en == CHECK_KEY.en)
_BALANCE_CODES: Final = frozenset(row.code for row in CODES.values() if row.advice_en == RECHARGE.en)

_SEPARATE_KEYS: Final = ("ItsJazii/pane#214, numman-ali/cc-mirror#10", date(2026, 11, 23))
_WRONG_BASE: Final = ("zhayujie/CowAgent#2910, agentscope-ai/QwenPaw#202", date(2026, 11, 23))
_PLAN_SCOPE: Final = ("recorded traffic, …/api/coding/paas/v4, 2026-09", date(2026, 9, 30))

SITE_ADVICE: Final = (
    SiteAdvice(
        _KEY_CODES,
        False,
        "Check that the API key is whole (id.secret); this request went to {host}, and a key issued by {other} "
        'may need region="{region}" (base_url={other_base}).',
        "请确认 API Key 完整（id.secret 两段）；本次请求发往 {host}，若 Key 由 {other} 签发，"
        '可能需要改用 region="{region}"（base_url={other_base}）。',
        *_SEPARATE_KEYS,
    ),
    SiteAdvice(
        _KEY_CODES,
        True,
        "Check that the API key is whole (id.secret); this is the Coding Plan's base URL at {host}, team plans have "
        'keys of their own, and a key issued by {other} may need region="{region}" (base_url={other_base}).',
        "请确认 API Key 完整（id.secret 两段）；这是 {host} 的 Coding Plan 地址，团队套餐的 Key 不通用，"
        '若 Key 由 {other} 签发，可能需要改用 region="{region}"（base_url={other_base}）。',
        *_SEPARATE_KEYS,
    ),
    SiteAdvice(
        _BALANCE_CODES,
        False,
        "Recharge the account or buy a resource package; if the key belongs to a GLM Coding Plan, which lives at "
        'https://{host}/api/coding/paas/v4, choose endpoint="coding".',
        "请充值或购买资源包；如果该 Key 属于 GLM Coding Plan（地址为 https://{host}/api/coding/paas/v4），"
        '请使用 endpoint="coding"。',
        *_WRONG_BASE,
    ),
    SiteAdvice(
        _BALANCE_CODES,
        True,
        "The Coding Plan covers chat and the web reader only: for anything else here (embeddings, images, web "
        "search and so on), or without a plan, the account needs a balance.",
        "Coding Plan 仅覆盖对话与网页阅读；其他接口（向量、图像、联网搜索等）或未订阅套餐时，账户需有余额。",
        *_PLAN_SCOPE,
    ),
)
"""Where the base URL tells more about a wrong key or a missing balance than the code does."""
