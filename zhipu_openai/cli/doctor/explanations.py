"""What a failure means for the endpoint and the key in use: dated rows, in English and in Chinese. Data only.

The first row that fits is told; a code in no row is explained by the table of error codes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from zhipu_openai.endpoints import EndpointName, Region


@dataclass(frozen=True, slots=True)
class Explanation:
    """What some codes mean at one endpoint.

    Attributes:
        codes: Zhipu's codes.
        endpoint: The endpoint in use; None for either.
        region: The site in use; None for either.
        en: What it means and what to do, in English.
        zh: The same in Chinese.
        source: Where the fact behind it is from.
        seen: Day on which the source was true.
    """

    codes: frozenset[str]
    endpoint: EndpointName | None
    region: Region | None
    en: str
    zh: str
    source: str
    seen: date

    def fits(self, code: str, endpoint: str, region: str) -> bool:
        """Whether the row is for a code at an endpoint of a site."""
        return code in self.codes and self.endpoint in (None, endpoint) and self.region in (None, region)


class _Origin(NamedTuple):
    source: str
    seen: date


_CODES: Final = _Origin("docs.bigmodel.cn error codes", date(2026, 7, 11))
_KEYS: Final = _Origin("ItsJazii/pane#214, numman-ali/cc-mirror#10", date(2026, 11, 23))
_BASES: Final = _Origin("zhayujie/CowAgent#2910, BerriAI/litellm#25479", date(2026, 11, 23))
_SCOPE: Final = _Origin("recorded traffic, …/api/coding/paas/v4", date(2026, 9, 30))
_SIGNING: Final = _Origin("docs.bigmodel.cn, HTTP API; zhipu_openai.signing", date(2026, 11, 23))
_TERMS: Final = _Origin("docs.z.ai/devpack/overview", date(2026, 11, 23))
_PROBES: Final = _Origin("RarogCmex/pi-bigmodel evidence", date(2026, 10, 9))


def _row(
    codes: str, endpoint: EndpointName | None, region: Region | None, en: str, zh: str, origin: _Origin
) -> Explanation:
    return Explanation(frozenset(codes.split()), endpoint, region, en, zh, *origin)


_WRONG_KEY: Final = "1000 1002 1004 1111 401 invalid_api_key authentication_error expired"
_NO_MONEY: Final = "1113 insufficient_quota"
_USED_UP: Final = "1308 1310 quota_exceeded usage_limit_reached"

EXPLANATIONS: Final[tuple[Explanation, ...]] = (
    _row(
        _WRONG_KEY,
        "general",
        "cn",
        'bigmodel.cn does not accept this key: it is mistyped, deleted or expired, or of the other site (region="intl", '
        "z.ai). doctor --try-all finds out which.",
        'bigmodel.cn 不接受此 Key：可能有误、已删除或过期，也可能属于另一站点（region="intl"，即 z.ai）。'
        "可用 doctor --try-all 查明。",
        _KEYS,
    ),
    _row(
        _WRONG_KEY,
        "general",
        "intl",
        'z.ai does not accept this key: it is mistyped, deleted or expired, or of the other site (region="cn", '
        "bigmodel.cn). doctor --try-all finds out which.",
        'z.ai 不接受此 Key：可能有误、已删除或过期，也可能属于另一站点（region="cn"，即 bigmodel.cn）。'
        "可用 doctor --try-all 查明。",
        _KEYS,
    ),
    _row(
        _WRONG_KEY,
        "coding",
        None,
        "The Coding Plan's endpoint does not accept this key: it is wrong or of the other site, or belongs to a team "
        "plan, whose keys are its own. doctor --try-all finds out where it works.",
        "Coding Plan 端点不接受此 Key：Key 有误、属于另一站点，或属于团队套餐（其 Key 不通用）。"
        "可用 doctor --try-all 查明它在何处可用。",
        _KEYS,
    ),
    _row(
        "1001",
        None,
        None,
        "The request arrived without its Authorization header: a proxy or gateway on the way takes it off.",
        "请求到达时没有 Authorization 请求头：途中的代理或网关把它去掉了。",
        _CODES,
    ),
    _row(
        "1003",
        None,
        None,
        'The signed token has expired: set this machine\'s clock, or use auth="bearer", which needs no clock.',
        '签名 Token 已过期：请校准本机时钟，或改用不依赖时钟的 auth="bearer"。',
        _SIGNING,
    ),
    _row(
        "1005",
        None,
        None,
        "The account asks for a second factor: log in to the console, or switch that off for API use.",
        "账户开启了二次认证：请登录控制台完成认证，或为 API 调用关闭该保护。",
        _CODES,
    ),
    _row(
        _NO_MONEY,
        "general",
        None,
        "There is no balance on the pay-as-you-go endpoint. If this key has a Coding Plan, use "
        'endpoint="coding"; else recharge, or use a model that is free of charge, such as glm-4.7-flash.',
        '按量付费端点余额不足。若此 Key 有 Coding Plan，请使用 endpoint="coding"；'
        "否则请充值，或使用免费模型，如 glm-4.7-flash。",
        _BASES,
    ),
    _row(
        _NO_MONEY,
        "coding",
        None,
        "No plan covers this: the key has no Coding Plan, or what was asked for is not in it (it covers chat and the "
        'web reader only). With a balance, use endpoint="general".',
        "没有套餐覆盖此调用：此 Key 没有 Coding Plan，或所请求的不在套餐内（仅覆盖对话与网页阅读）。"
        '若有余额，请使用 endpoint="general"。',
        _SCOPE,
    ),
    _row(
        "1211 model_not_found",
        "coding",
        None,
        "The Coding Plan's endpoint does not know this model: it has the plan's models alone, such as glm-5.3 and "
        "glm-5.3-flash.",
        "Coding Plan 端点没有此模型：仅提供套餐内的模型，如 glm-5.3 与 glm-5.3-flash。",
        _SCOPE,
    ),
    _row(
        "1211 model_not_found",
        None,
        None,
        "This site does not know the model: check its id, which is in lower case, and whether it is of the other site.",
        "此站点没有该模型：请检查模型 ID（小写），以及它是否属于另一站点。",
        _PROBES,
    ),
    _row(
        "1220 permission_denied",
        None,
        None,
        "The key is good, but this account may not use this API: ask for it in the console, or use another key.",
        "Key 有效，但该账户无权使用此接口：请在控制台申请，或换用其他 Key。",
        _CODES,
    ),
    _row(
        "1302 1303 rate_limit_exceeded",
        None,
        None,
        "Key and address are right. Too many requests are under way at once for this account: set max_concurrency.",
        "Key 与地址都正确；只是此账户同时进行的请求过多：请设置 max_concurrency。",
        _CODES,
    ),
    _row(
        "1305 1312 overloaded server_is_overloaded slow_down",
        None,
        None,
        "Key and address are right. The model is overloaded, which can last minutes: try again, or another model.",
        "Key 与地址都正确；只是该模型当前过载，可能持续数分钟：请稍后再试，或换用其他模型。",
        _CODES,
    ),
    _row(
        _USED_UP,
        "coding",
        None,
        "Key and address are right. The plan's allowance is used up until the time that the message names (Beijing "
        'time); with a balance, endpoint="general" goes on.',
        "Key 与地址都正确；套餐额度已用完，消息中给出重置时间（北京时间）。"
        '若有余额，可改用 endpoint="general"。',
        _CODES,
    ),
    _row(
        _USED_UP,
        "general",
        None,
        "Key and address are right. An allowance of this account is used up until the time that the message names "
        "(Beijing time).",
        "Key 与地址都正确；此账户的额度已用完，消息中给出重置时间（北京时间）。",
        _CODES,
    ),
    _row(
        "1309",
        None,
        None,
        'The Coding Plan of this key has expired: renew it, or use endpoint="general" with a balance.',
        '此 Key 的 Coding Plan 已到期：请续订，或在有余额时使用 endpoint="general"。',
        _CODES,
    ),
    _row(
        "1311 usage_not_included",
        None,
        None,
        'The plan of this key does not include the model: use one that it does, or endpoint="general" with a balance.',
        '此 Key 的套餐不含该模型：请换用套餐内的模型，或在有余额时使用 endpoint="general"。',
        _CODES,
    ),
    _row(
        "1313",
        None,
        None,
        "The account is limited under the fair usage policy, and stays so until that is lifted in the console. The "
        "Coding Plan is sold for a list of tools, and use from elsewhere may lead to this.",
        "账户因公平使用策略受限，需在控制台申请解除。Coding Plan 仅面向官方支持的工具，从其他程序调用可能导致此限制。",
        _TERMS,
    ),
    _row(
        "1314",
        None,
        None,
        "The enterprise plan behind this key is no longer valid: ask its administrator.",
        "此 Key 所属的企业套餐已失效：请联系企业管理员。",
        _CODES,
    ),
    _row(
        "1315",
        "general",
        None,
        'This key is for the enterprise coding plan alone: use endpoint="coding".',
        '此 Key 仅限企业编程套餐：请使用 endpoint="coding"。',
        _CODES,
    ),
    _row(
        "1315",
        "coding",
        None,
        "This key is for another plan than the one this endpoint serves: use a key made for this product.",
        "此 Key 属于其他套餐，不适用于该端点：请换用对应产品的 Key。",
        _CODES,
    ),
    _row(
        "1316 1317",
        None,
        None,
        "Key and address are right. The plan's limit for 5 hours or 7 days is reached, and there is no balance for more.",
        "Key 与地址都正确；已达到套餐 5 小时或 7 天上限，且没有余额用于超额部分。",
        _CODES,
    ),
    _row(
        "1318 1319 1320 1321",
        None,
        None,
        "Key and address are right. The plan's limit and a monthly spending cap are reached: wait, or have the "
        "administrator raise the cap.",
        "Key 与地址都正确；已达到套餐上限及月消费上限：请等待重置，或请管理员调高上限。",
        _CODES,
    ),
    _row(
        "404 1222 unknown_url",
        None,
        None,
        "Nothing answers at this path: the base URL ends in /api/paas/v4 (or /api/coding/paas/v4), without /v1.",
        "该路径不存在：base_url 应以 /api/paas/v4（或 /api/coding/paas/v4）结尾，不要加 /v1。",
        _CODES,
    ),
)


@dataclass(frozen=True, slots=True)
class CertificateError:
    """What a certificate that is not trusted means, by the number that OpenSSL gives it."""

    numbers: frozenset[int]
    en: str
    zh: str
    source: str
    seen: date


_OPENSSL: Final = ("OpenSSL, X509_STORE_CTX_get_error", date(2026, 11, 24))

CERTIFICATE_ERRORS: Final[tuple[CertificateError, ...]] = (
    CertificateError(
        frozenset({18, 19, 20, 21}),
        "The certificate is signed by nobody that this machine trusts: mostly a proxy that looks into TLS. Give its CA "
        "certificate in SSL_CERT_FILE.",
        "证书的签发者不受本机信任：多半是会检查 TLS 的代理。请用 SSL_CERT_FILE 指定其 CA 证书。",
        *_OPENSSL,
    ),
    CertificateError(
        frozenset({9, 10}),
        "The certificate is not valid at this machine's time: check the clock.",
        "按本机时间，证书不在有效期内：请检查时钟。",
        *_OPENSSL,
    ),
    CertificateError(
        frozenset({62, 64}),
        "The certificate is for another host: something on the way answers in Zhipu's place.",
        "证书属于其他主机：途中有别的服务代替智谱应答。",
        *_OPENSSL,
    ),
)
"""Any other number is told in OpenSSL's own words."""


def explain(code: str | None, endpoint: str, region: str) -> tuple[str, str] | None:
    """Say what a code means at an endpoint of a site, in English and in Chinese; None where no row fits."""
    row = next((row for row in EXPLANATIONS if code is not None and row.fits(code, endpoint, region)), None)
    return None if row is None else (row.en, row.zh)


def explain_certificate(number: int) -> tuple[str, str] | None:
    """Say what is wrong with a certificate, in English and in Chinese; None where no row fits."""
    row = next((row for row in CERTIFICATE_ERRORS if number in row.numbers), None)
    return None if row is None else (row.en, row.zh)
