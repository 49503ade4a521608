"""One request of the doctor's, and what its answer or failure means."""

from __future__ import annotations

import re
import ssl
import time
import warnings
from dataclasses import dataclass
from datetime import timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final

import openai

from zhipu_openai.client import OpenAI
from zhipu_openai.errors import details
from zhipu_openai.signing import LIFETIME, REUSE

from .explanations import explain, explain_certificate
from .findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from zhipu_openai.settings import Settings

_USER_OF_A_URL: Final = re.compile(r"//[^/@\s]+@")
"""What a message about a proxy may quote of its address."""

TIMEOUT: Final = 20.0
"""Seconds that one request may take."""

CHAT_MODEL: Final = "glm-5.3-flash"
"""Served at both sites and by the Coding Plan; a question of a word and an answer of one token cost about 0.00001 CNY."""

SLACK: Final = LIFETIME - REUSE
"""Seconds by which clocks may differ: a signed token has no more to spare."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A request, and what came of it.

    Attributes:
        region: The site that was asked.
        endpoint: The endpoint that was asked.
        what: What was asked for, such as "GET /models".
        worked: Whether it was answered.
        seconds: How long it took.
        answer: What came back, in a few words of English; for a failure without an answer the exception.
        status: The HTTP status of a failure; None where no answer came.
        code: Zhipu's code of a failure; None for none.
        message: Zhipu's words, or the exception's.
        en: What a failure means, in English.
        zh: The same in Chinese.
        skew: Seconds by which this machine's clock is ahead of the service's; None where no answer said the time.
    """

    region: str
    endpoint: str
    what: str
    worked: bool
    seconds: float
    answer: str
    status: int | None = None
    code: str | None = None
    message: str = ""
    en: str = ""
    zh: str = ""
    skew: float | None = None

    def findings(self, auth: str) -> Iterator[Finding]:
        """Tell it."""
        data = self.plain()
        if self.worked:
            told = f"{self.what} answered {self.answer} in {self.seconds:.2f} s"
            told_zh = f"{self.what} 成功，用时 {self.seconds:.2f} 秒"
            yield Finding("request", "ok", told, told_zh, data)
        else:
            yield Finding("request", "problem", *self.failure(), data)
            if self.message:
                yield Finding("cause", "note", self.message, self.message)
            if self.en:
                yield Finding("advice", "note", self.en, self.zh)
        yield from clock(self.skew, auth)

    def failure(self) -> tuple[str, str]:
        """Say how it failed, in English and in Chinese."""
        if self.status is None:
            return f"failed: {self.answer}", f"失败：{self.answer}"
        code, code_zh = (f", Zhipu code {self.code}", f"，智谱错误码 {self.code}") if self.code else ("", "")
        return f"failed with status {self.status}{code}", f"失败，状态码 {self.status}{code_zh}"

    def plain(self) -> dict[str, Any]:
        """Give it as JSON has it."""
        return {name: getattr(self, name) for name in self.__slots__}


def clock(skew: float | None, auth: str) -> Iterator[Finding]:
    """Say whether this machine's clock agrees with the service's; it matters for signed tokens alone."""
    if skew is None:
        return
    data = {"skew_seconds": round(skew)}
    if abs(skew) <= SLACK:
        yield Finding("clock", "ok", "agrees with the service's", "与服务端一致", data)
        return
    way, way_zh = ("ahead of", "快") if skew > 0 else ("behind", "慢")
    signed = auth == "jwt"
    yield Finding(
        "clock",
        "problem" if signed else "note",
        f"{abs(skew):.0f} s {way} the service's"
        + (": signed tokens are refused; set the clock" if signed else "; it matters for auth=jwt alone"),
        f"比服务端{way_zh} {abs(skew):.0f} 秒"
        + ("：签名 Token 会被拒绝，请校准时钟" if signed else "；仅影响 auth=jwt"),
        data,
    )


def below() -> Any:
    """Give the HTTP client that requests go through: openai's own, proxies and certificates of the environment included."""
    return None


def list_models(settings: Settings, options: Mapping[str, Any]) -> Attempt:
    """List the models: the cheapest request there is, free of charge."""

    def ask(client: OpenAI) -> tuple[Mapping[str, str], str]:
        raw = client.models.with_raw_response.list()
        return raw.headers, f"with {len(list(raw.parse()))} models"

    return _attempt(settings.region, settings.endpoint, "GET /models", options, ask)


def say_one_token(region: str, endpoint: str, options: Mapping[str, Any]) -> Attempt:
    """Ask for one token: the cheapest request that tells whether a balance or a plan pays for chat."""

    def ask(client: OpenAI) -> tuple[Mapping[str, str], str]:
        raw = client.chat.completions.with_raw_response.create(
            model=CHAT_MODEL, messages=[{"role": "user", "content": "Hi"}], max_tokens=1
        )
        raw.parse()
        return raw.headers, "with a token"

    return _attempt(region, endpoint, f"chat ({CHAT_MODEL}, one token)", options, ask)


def _attempt(region: str, endpoint: str, what: str, options: Mapping[str, Any], ask: Any) -> Attempt:
    began = time.perf_counter()
    said: dict[str, Any]
    try:
        with warnings.catch_warnings():
            # What is adapted in these requests is no news to anybody.
            warnings.simplefilter("ignore")
            client = OpenAI(**options, http_client=below(), max_retries=0, timeout=TIMEOUT)
        with client, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            headers, answer = ask(client)
        said = {"worked": True, "answer": answer, "skew": _skew(headers)}
    except openai.APIStatusError as error:
        said = _refused(error, region, endpoint)
    except (openai.OpenAIError, ImportError, OSError, ValueError) as error:
        said = _unreached(error)
    return Attempt(region, endpoint, what, seconds=time.perf_counter() - began, **said)


def _refused(error: openai.APIStatusError, region: str, endpoint: str) -> dict[str, Any]:
    known = details(error)
    code = known.code if known is not None else None
    # Without a code of Zhipu's, OpenAI's word or the status is what there is.
    found = next(
        (
            told
            for one in (code, error.code, str(error.status_code))
            if (told := explain(one, endpoint, region)) is not None
        ),
        (known.advice, known.advice_zh) if known is not None else ("", ""),
    )
    return {
        "worked": False,
        "answer": "",
        "status": error.status_code,
        "code": code,
        "message": known.message if known is not None else error.message,
        "en": found[0],
        "zh": found[1],
        "skew": _skew(error.response.headers),
    }


def _unreached(error: BaseException) -> dict[str, Any]:
    """Explain what no answer came to: a certificate, a proxy, a name that is not found, nobody who listens."""
    chain = list(_chain(error))
    cause = f" ({type(chain[1]).__name__}: {chain[1]})" if len(chain) > 1 else ""
    said: dict[str, Any] = {"worked": False, "answer": _USER_OF_A_URL.sub("//…@", f"{error}{cause}")}
    untrusted = next((one for one in chain if isinstance(one, ssl.SSLCertVerificationError)), None)
    if untrusted is not None:
        en, zh = explain_certificate(untrusted.verify_code) or (
            untrusted.verify_message,
            untrusted.verify_message,
        )
        return {**said, "en": en, "zh": zh}
    if any(isinstance(one, ssl.SSLError) for one in chain):
        en, zh = (
            "TLS failed: something on the way does not speak it, or the port is not for https.",
            "TLS 握手失败：途中有不支持 TLS 的环节，或该端口不是 https。",
        )
        return {**said, "en": en, "zh": zh}
    if any(type(one).__name__ == "ProxyError" for one in chain):
        en, zh = (
            "The proxy refused or failed: look at the proxy variables above.",
            "代理拒绝或失败：请检查上面的代理变量。",
        )
        return {**said, "en": en, "zh": zh}
    if isinstance(error, openai.APITimeoutError):
        en, zh = "Nothing came within 20 seconds.", "20 秒内没有回应。"
        return {**said, "en": en, "zh": zh}
    if isinstance(error, openai.APIConnectionError):
        en, zh = (
            "Nobody was reached at this address: look at the network, the name server, a firewall and the proxies.",
            "无法连接该地址：请检查网络、DNS、防火墙与代理。",
        )
        return {**said, "en": en, "zh": zh}
    return said


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Give an exception and what it was raised from, each once."""
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        yield one
        one = one.__cause__ or one.__context__


def _skew(headers: Mapping[str, str]) -> float | None:
    """Give by how many seconds this machine's clock is ahead of the time that an answer names."""
    try:
        said = parsedate_to_datetime(headers["date"])
    except (KeyError, TypeError, ValueError):
        return None
    if said.tzinfo is None:
        said = said.replace(tzinfo=timezone.utc)
    return time.time() - said.timestamp()
