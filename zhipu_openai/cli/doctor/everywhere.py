"""``doctor --try-all``: one cheap request at each site and endpoint of Zhipu's, and what they say together.

A key belongs to one origin. To send it to the other site is what the person asks for with this option, so it is said
beforehand; no other origin than Zhipu's two ever gets it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from zhipu_openai.endpoints import ENDPOINT_NAMES, REGIONS, base_url_of

from .attempts import CHAT_MODEL, say_one_token
from .findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from zhipu_openai.settings import Settings

    from .attempts import Attempt

WARNING: Final = Finding(
    "try-all",
    "note",
    f"this sends the key to open.bigmodel.cn and to api.z.ai: four questions to {CHAT_MODEL} of one token each, about "
    "0.00001 CNY or a credit of a plan",
    f"将把 Key 发送到 open.bigmodel.cn 与 api.z.ai：向 {CHAT_MODEL} 提四个各一个 token 的问题，"
    "费用约 0.00001 元或套餐的一点积分",
)

_NO_KEY_OF_ITS_OWN: Final = frozenset({"standin", "custom"})

_REACHED: Final = frozenset(
    {"1302", "1305", "1308", "1309", "1310", "1311", "1312", "1313", "1316", "1317", "1318", "1319"}
)
"""Codes that a key gets only where it is at home: it is right, and something else is in the way."""

_PASSING: Final = frozenset({"1302", "1303", "1305", "1312", "500", "1200", "1230", "1234"})
"""Codes that pass by themselves: what failed so may be right all the same."""

NOT_FOR_THIS: Final = Finding(
    "try-all",
    "problem",
    "the key in use goes with another address than Zhipu's, and is not sent to Zhipu's sites; set ZHIPU_REGION, or "
    "unset the base URL, to use a key of Zhipu's",
    "当前 Key 用于智谱以外的地址，不会发送到智谱站点；请设置 ZHIPU_REGION，或取消 base_url，以使用智谱的 Key",
)


def allowed(settings: Settings) -> bool:
    """Whether the key in use is one that goes to Zhipu's own sites."""
    return settings.region not in _NO_KEY_OF_ITS_OWN and settings.api_key is not None


def attempts(settings: Settings) -> Iterator[Attempt]:
    """Try every site and endpoint with the key in use, one after the other."""
    if settings.api_key is None:
        return
    for region in REGIONS:
        for endpoint in ENDPOINT_NAMES:
            options = {
                "api_key": settings.api_key.get_secret_value(),
                "base_url": base_url_of(region, endpoint),
                "auth": settings.auth,
            }
            yield say_one_token(region, endpoint, options)


def results(tried: list[Attempt]) -> Iterator[Finding]:
    """Tell what came of each attempt, in a line."""
    for one in tried:
        name = f"{one.region} {one.endpoint}"
        data = one.plain()
        if one.worked:
            yield Finding(
                name, "ok", f"answered in {one.seconds:.2f} s", f"成功，用时 {one.seconds:.2f} 秒", data
            )
        else:
            en, zh = one.failure()
            yield Finding(
                name, "note", f"{en}. {one.en or one.message}", f"{zh}。{one.zh or one.message}", data
            )


def conclusion(settings: Settings, tried: list[Attempt]) -> Finding:
    """Say what the attempts come to: what to choose, or what is wrong."""
    in_use = next((one for one in tried if _is_in_use(one, settings)), None)
    if in_use is not None and in_use.worked:
        return Finding(
            "advice", "ok", "the address in use answers; nothing needs to change", "当前地址可用，无需改动"
        )
    if in_use is not None and in_use.code in _PASSING:
        return _trouble(
            f"the address in use may well be right: {in_use.en}", f"当前地址可能是正确的：{in_use.zh}", in_use
        )
    working = [one for one in tried if one.worked]
    if not working:
        return _nowhere(settings, tried)
    best = min(working, key=lambda one: (one.region != settings.region, one.endpoint != settings.endpoint))
    how = _how(best, settings)
    return _trouble(
        f"the key works elsewhere: use {how}" + _terms(best, zh=False),
        f"此 Key 在别处可用：请使用 {how}" + _terms(best, zh=True),
        best,
    )


def _nowhere(settings: Settings, tried: list[Attempt]) -> Finding:
    """Say what it comes to when no attempt was answered."""
    at_home = next((one for one in tried if one.code in _REACHED), None)
    if at_home is not None:
        how = _how(at_home, settings)
        return _trouble(
            f"the key is right for {how or 'the address in use'}, but: {at_home.en}",
            f"此 Key 适用于 {how or '当前地址'}，但是：{at_home.zh}",
            at_home,
        )
    sites = ", ".join(dict.fromkeys(one.region for one in tried if one.code == "1113"))
    if sites:
        return _trouble(
            f"the key is right (region {sites}), but neither a balance nor a Coding Plan pays: recharge or subscribe, "
            "or use a model that is free of charge, such as glm-4.7-flash",
            f"Key 有效（站点 {sites}），但既无余额也无 Coding Plan：请充值或订阅，或使用免费模型，如 glm-4.7-flash",
        )
    if all(one.code is None for one in tried):
        return _trouble(
            "Zhipu was reached at neither site: look at the network",
            "两个站点都没有得到智谱的回应：请检查网络",
        )
    return _trouble(
        "no site accepts the key: copy it again, whole, or make a new one in the console",
        "两个站点都不接受此 Key：请重新完整复制，或在控制台新建",
    )


def _trouble(en: str, zh: str, one: Attempt | None = None) -> Finding:
    where = {} if one is None else {"region": one.region, "endpoint": one.endpoint}
    return Finding("advice", "problem", en, zh, where)


def _is_in_use(one: Attempt, settings: Settings) -> bool:
    return (one.region, one.endpoint) == (settings.region, settings.endpoint)


def _how(one: Attempt, settings: Settings) -> str:
    """Say which options lead there."""
    told = [
        *([f'region="{one.region}"'] if one.region != settings.region else []),
        *([f'endpoint="{one.endpoint}"'] if one.endpoint != settings.endpoint else []),
    ]
    return ", ".join(told)


def _terms(one: Attempt, *, zh: bool) -> str:
    if one.endpoint != "coding":
        return ""
    return (
        "（Coding Plan 仅限官方支持的工具）"
        if zh
        else " (Zhipu limits the Coding Plan to the tools it supports)"
    )
