"""What the doctor says of the machine: versions, extras, proxies, certificates. It reads names, never shows values."""

from __future__ import annotations

import os
import platform
import re
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution, version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.request import getproxies_environment, proxy_bypass

import openai

from zhipu_openai.library import openai_library

from .findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE: Final = "zhipu-openai"

_PROXIES: Final = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
_READ_FOR_TLS: Final = ("SSL_CERT_FILE", "SSL_CERT_DIR")
_NOT_READ_FOR_TLS: Final = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""What requests and curl read; httpx and httpx2 do not (httpx 0.28, httpx2 2.13: _config.py)."""

_REQUIREMENT: Final = re.compile(r"(?P<name>[A-Za-z0-9._-]+)(?:\[(?P<extras>[^\]]*)\])?\s*(?P<range>[^;]*)")
_EXTRA: Final = re.compile(r"extra\s*==\s*['\"]([^'\"]+)['\"]")
_BOUND: Final = re.compile(r"(>=|<=|==|!=|>|<)\s*([0-9][0-9.]*)")


def versions() -> Iterator[Finding]:
    """Say which versions are in use, and which of them are outside the supported ranges."""
    library = openai_library().module
    over = f"{library.__name__} {library.__version__}"
    ranges = supported()
    python = platform.python_version()
    yield _versioned(
        "python",
        python,
        ranges.get("python"),
        f"{python} on {platform.system()}",
        f"{python}（{platform.system()}）",
    )
    ours = _version(PACKAGE)
    yield Finding(
        PACKAGE,
        "ok",
        ours or "not installed as a package, so that the supported ranges are not known",
        ours or "未作为软件包安装，无法得知支持的版本范围",
        {"version": ours},
    )
    found = openai.__version__
    yield _versioned("openai", found, ranges.get("openai"), f"{found} over {over}", f"{found}，基于 {over}")
    pydantic = _version("pydantic") or "?"
    yield _versioned("pydantic", pydantic, ranges.get("pydantic"), pydantic, pydantic)


def supported() -> dict[str, str]:
    """Give the supported ranges by package, from this package's own metadata; none where it has none."""
    try:
        metadata = distribution(PACKAGE)
    except PackageNotFoundError:
        return {}
    ranges = {name: spec for name, _, spec in _requirements(PACKAGE, None)}
    python = ", ".join(metadata.metadata.get_all("Requires-Python") or [])
    return {**ranges, "python": python}


def within(found: str, spec: str) -> bool:
    """Say whether a version is in a range such as ">=1.99,<4"; what cannot be read counts as within."""
    number = _numbers(found)
    for sign, bound in _BOUND.findall(spec):
        limit = _numbers(bound)
        length = max(len(number), len(limit))
        here = number + (0,) * (length - len(number))
        there = limit + (0,) * (length - len(limit))
        holds = {
            ">=": here >= there,
            "<=": here <= there,
            ">": here > there,
            "<": here < there,
            "==": here == there,
            "!=": here != there,
        }
        if not holds[sign]:
            return False
    return True


def extras() -> Iterator[Finding]:
    """Say which extras are installed: all that this package's metadata names."""
    try:
        names = distribution(PACKAGE).metadata.get_all("Provides-Extra") or []
    except PackageNotFoundError:
        return
    for extra in sorted(names):
        missing = sorted(_missing(PACKAGE, extra, set()))
        if not missing:
            yield Finding(f"extra {extra}", "ok", "installed", "已安装", {"missing": []})
            continue
        command = f'pip install "{PACKAGE}[{extra}]"'
        yield Finding(
            f"extra {extra}",
            "ok",
            f"not installed: {command}",
            f"未安装：{command}",
            {"missing": missing},
        )


def proxies(host: str | None) -> Finding:
    """Say which proxy variables are set, by name, and whether the address in use goes past them."""
    names = [name for name in _PROXIES if os.environ.get(name) or os.environ.get(name.lower())]
    if not names:
        return Finding("proxies", "ok", "none set", "未设置", {"names": []})
    told = ", ".join(names)
    known = getproxies_environment()
    socks = any(url.lower().startswith("socks") for url in known.values() if "://" in url)
    if socks and find_spec("socksio") is None:
        return Finding(
            "proxies",
            "problem",
            f"{told} set; one is a SOCKS proxy, for which the package socksio is missing: pip install socksio",
            f"已设置 {told}；其中有 SOCKS 代理，但缺少 socksio：pip install socksio",
            {"names": names, "socks": True},
        )
    past = host is not None and bool(proxy_bypass(host))
    return Finding(
        "proxies",
        "note",
        f"{told} set{f'; {host} is reached without, by NO_PROXY' if past else ''}",
        f"已设置 {told}{f'；按 NO_PROXY，{host} 不经过代理' if past else ''}",
        {"names": names, "bypassed": past},
    )


def certificates() -> Iterator[Finding]:
    """Say which variables name certificates, and which of those are of no use."""
    for name in _READ_FOR_TLS:
        value = os.environ.get(name)
        if not value:
            continue
        there = os.access(value, os.R_OK) and (Path(value).is_dir() == (name == "SSL_CERT_DIR"))
        if there:
            yield Finding(
                "certificates", "note", f"from {name}", f"来自 {name}", {"name": name, "usable": True}
            )
        else:
            kind, kind_zh = ("folder", "目录") if name == "SSL_CERT_DIR" else ("file", "文件")
            yield Finding(
                "certificates",
                "problem",
                f"{name} names no {kind} that can be read, so no certificate will be trusted",
                f"{name} 指向的{kind_zh}无法读取，任何证书都不会被信任",
                {"name": name, "usable": False},
            )
    ignored = [name for name in _NOT_READ_FOR_TLS if os.environ.get(name)]
    if ignored:
        told = ", ".join(ignored)
        yield Finding(
            "certificates",
            "note",
            f"{told} set, which openai's HTTP library does not read; SSL_CERT_FILE is what it reads",
            f"已设置 {told}，但 openai 的 HTTP 库不读取；请改用 SSL_CERT_FILE",
            {"ignored": ignored},
        )


def _versioned(name: str, found: str, spec: str | None, en: str, zh: str) -> Finding:
    data = {"version": found, "supported": spec}
    if spec is None or within(found, spec):
        return Finding(name, "ok", en, zh, data)
    return Finding(name, "problem", f"{en}; supported is {spec}", f"{zh}；支持的范围为 {spec}", data)


def _missing(package: str, extra: str, seen: set[tuple[str, str]]) -> set[str]:
    """Give what an extra needs and is not installed, through the extras that it names in turn."""
    if (package, extra) in seen:
        return set()
    seen.add((package, extra))
    missing: set[str] = set()
    for name, inner, _ in _requirements(package, extra):
        if not _is_there(name):
            missing.add(name)
        else:
            missing |= {found for one in inner for found in _missing(name, one, seen)}
    return missing


def _requirements(package: str, extra: str | None) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Give the name, the extras and the range of what a package needs, by itself (None) or for an extra."""
    for line in _requires(package):
        marked = _EXTRA.search(line)
        found = _REQUIREMENT.match(line)
        if found is None or (marked.group(1) if marked else None) != extra:
            continue
        inner = tuple(one.strip() for one in (found["extras"] or "").split(",") if one.strip())
        yield found["name"], inner, found["range"].strip()


@cache
def _requires(package: str) -> tuple[str, ...]:
    """Give the requirements of a package as its metadata has them, which takes long to read."""
    try:
        return tuple(distribution(package).requires or ())
    except PackageNotFoundError:
        return ()


def _is_there(package: str) -> bool:
    try:
        distribution(package)
    except PackageNotFoundError:
        return False
    return True


def _numbers(text: str) -> tuple[int, ...]:
    """Read the numbers at the beginning of a version."""
    plain = re.match(r"[0-9]+(?:\.[0-9]+)*", text)
    return tuple(int(part) for part in plain.group().split(".")) if plain else ()


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
