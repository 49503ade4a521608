"""What the doctor says of the settings: which key, address and file won, and what was seen and not used."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from zhipu_openai import _dotenv
from zhipu_openai._variables import NAMES
from zhipu_openai.settings import POLICIES
from zhipu_openai.signing import split_key

from .findings import Finding, source_zh

if TYPE_CHECKING:
    from collections.abc import Iterator

    from zhipu_openai.settings import Settings

    from .findings import Level

_READ_ALL_THE_SAME: Final = frozenset({"OPENAI_LOG"})
"""What openai reads for its own logging. Source: openai 3.54, _utils/_logs.py, seen 2026-11-24."""

_OF_ZHIPU: Final = ("ZHIPU", "ZAI_", "Z_AI_", "BIGMODEL_", "GLM_")
_POLICIES_ZH: Final = dict(zip(POLICIES, ("警告一次", "视为错误", "忽略"), strict=True))


def settings_used(settings: Settings) -> Iterator[Finding]:
    """Say what was chosen, and from where."""
    yield _key(settings)
    source = settings.base_url_source
    yield Finding(
        "address",
        "ok",
        f"{settings.base_url} (from {source})",
        f"{settings.base_url}（来自{source_zh(source)}）",
        {"base_url": settings.base_url, "source": str(source)},
    )
    yield _same("region", settings.region)
    yield _same("endpoint", settings.endpoint)
    yield _same("signing", settings.auth)
    policy = settings.on_adaptation
    yield Finding("adaptations", "ok", policy, f"{policy}（{_POLICIES_ZH[policy]}）", {"value": policy})
    most = settings.max_concurrency
    yield Finding(
        "concurrency",
        "ok",
        f"at most {most}" if most else "no limit",
        f"至多 {most}" if most else "不限",
        {"value": most},
    )
    if settings.model_aliases:
        told = ", ".join(f"{name} = {model}" for name, model in settings.model_aliases.items())
        yield Finding("aliases", "ok", told, told, {"value": dict(settings.model_aliases)})


def dotenv() -> Iterator[Finding]:
    """Say which ``.env`` was read, what it sets of ours (names alone), and what is wrong with it."""
    found = _dotenv.search()
    if found.dotenv is not None:
        names = sorted(found.dotenv.values)
        told = ", ".join(names)
        yield Finding(
            ".env",
            "ok" if names else "note",
            f"{found.dotenv.path} sets {told}"
            if names
            else f"{found.dotenv.path} sets nothing that is read here",
            f"{found.dotenv.path} 设置了 {told}" if names else f"{found.dotenv.path} 中没有会被读取的变量",
            {"path": found.dotenv.path, "names": names},
        )
    elif not found.looked_at:
        yield Finding(".env", "ok", "none found", "未找到", {"path": None, "names": []})
    for note in found.notes:
        if found.looked_at:
            # These sentences are the settings' own and are written in English.
            level: Level = "note" if found.dotenv is not None else "problem"
            yield Finding(".env", level, note, note, {"path": found.looked_at[-1]})


def ignored(settings: Settings) -> Iterator[Finding]:
    """Say which variables are set and have no effect here; names alone."""
    foreign = {name for name in os.environ if name.startswith("OPENAI_") and os.environ[name].strip()}
    found = _dotenv.search()
    if found.dotenv is not None:
        foreign |= found.dotenv.openai_names
    names = sorted(foreign - _READ_ALL_THE_SAME)
    if names:
        told = ", ".join(names)
        yield Finding(
            "ignored",
            "note",
            f"{told}: OpenAI's own, and this client is for Zhipu",
            f"{told}：属于 OpenAI，本客户端只用于智谱",
            {"names": names},
        )
    unknown = sorted(name for name in os.environ if name.startswith(_OF_ZHIPU) and name not in NAMES)
    if unknown:
        told = ", ".join(unknown)
        yield Finding(
            "ignored",
            "note",
            f"{told}: read by nothing here; a misspelling?",
            f"{told}：不会被读取，是否拼写有误？",
            {"names": unknown},
        )
    if settings.looked_at:
        told = ", ".join(settings.looked_at)
        yield Finding("looked at", "ok", told, told, {"value": list(settings.looked_at)})
    told_already = (*found.notes, *(f"Not used: {name}, because it is OpenAI's" for name in names))
    for note in settings.notes:
        if not note.startswith(told_already):
            yield Finding("note", "note", note, note)


def _key(settings: Settings) -> Finding:
    if settings.region == "standin":
        return Finding("key", "ok", "made up: the stand-in needs none", "虚构：替身服务不需要密钥")
    if settings.api_key is None or settings.api_key_source is None:
        return Finding("key", "problem", "none", "没有找到")
    source = settings.api_key_source
    data = {"source": str(source)}
    if settings.region != "custom":
        try:
            split_key(settings.api_key.get_secret_value())
        except ValueError:
            return Finding(
                "key",
                "note",
                f"from {source}; it is not of the form id.secret that Zhipu's keys have: copy it again, whole",
                f"来自{source_zh(source)}；不是智谱密钥的 id.secret 形式，请重新完整复制",
                {**data, "form": "other"},
            )
    return Finding("key", "ok", f"from {source}", f"来自{source_zh(source)}", data)


def _same(name: str, value: str) -> Finding:
    return Finding(name, "ok", value, value, {"value": value})
