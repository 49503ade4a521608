"""What the doctor has found, and how it is told: a line of text in either language, or JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from zhipu_openai.settings import Source

Lang: TypeAlias = Literal["en", "zh"]
Level: TypeAlias = Literal["ok", "note", "problem"]
"""ok: as it should be. note: worth knowing. problem: something is likely to fail."""

WIDTH: Final = 14


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found.

    Attributes:
        name: What it is about, a word of LABELS.
        level: How serious it is.
        en: What was found, in English; it never holds a key, a proxy's address or the value of a foreign variable.
        zh: The same in Chinese.
        data: The same for programs.
    """

    name: str
    level: Level
    en: str
    zh: str
    data: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def line(self, lang: Lang) -> str:
        """Say it in one line."""
        label = self.name if lang == "en" else LABELS.get(self.name, self.name)
        gap = max(WIDTH - sum(1 if letter.isascii() else 2 for letter in label), 1)
        mark = MARKS[lang] if self.level == "problem" else ""
        return f"{label}{' ' * gap}{mark}{self.en if lang == 'en' else self.zh}"

    def plain(self) -> dict[str, Any]:
        """Give it as JSON has it."""
        return {
            "name": self.name,
            "level": self.level,
            "text": self.en,
            "text_zh": self.zh,
            "data": dict(self.data),
        }


MARKS: Final = {"en": "problem: ", "zh": "问题："}

LABELS: Final = {
    "python": "Python",
    "zhipu-openai": "zhipu-openai",
    "openai": "openai",
    "pydantic": "pydantic",
    "proxies": "代理",
    "certificates": "证书",
    "settings": "设置",
    "key": "密钥",
    "address": "地址",
    "region": "站点",
    "endpoint": "端点",
    "signing": "签名方式",
    "adaptations": "适配提示",
    "concurrency": "并发",
    "aliases": "模型别名",
    ".env": ".env",
    "looked at": "查找过",
    "ignored": "未使用",
    "note": "说明",
    "request": "请求",
    "cause": "原因",
    "clock": "时钟",
    "advice": "建议",
    "try-all": "全部尝试",
}
"""The labels in Chinese; a name in no row, such as that of a package, is its own."""


def source_zh(source: Source) -> str:
    """Say in Chinese where a setting comes from."""
    match source.kind:
        case "argument":
            return f"参数 {source.name}"
        case "environment":
            return f"环境变量 {source.name}"
        case "dotenv":
            return f"{source.path} 中的 {source.name}"
        case "default":
            return "默认值"
