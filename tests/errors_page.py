"""The pages of error codes, in English and in Chinese, from the tables; ``python tests/reference.py`` renews them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

EXAMPLES: Final = Path(__file__).parents[1] / "examples"
TARGETS: Final = {"en": EXAMPLES / "ERRORS.md", "zh": EXAMPLES / "ERRORS.zh-CN.md"}

HEADS: Final = {
    "en": """# Error codes

[中文](ERRORS.zh-CN.md)

What Zhipu's codes mean, which exception of openai's they become, and what to do. Made from the package's own tables by
`python tests/reference.py`; a test holds the two together. In a program: `zhipu_openai.errors.lookup("1113")`, and
`zhipu_openai.error_details(error)` for an exception. On the command line: `python -m zhipu_openai explain 1113`.

Retried after: the seconds before each retry of openai's own loop; the last repeats.""",
    "zh": """# 错误码

[English](ERRORS.md)

智谱的错误码是什么含义，会成为 openai 的哪种异常，以及如何处理。由 `python tests/reference.py` 根据本包自己的表格生成，有测试
保证两者一致。在程序中：`zhipu_openai.errors.lookup("1113")`，或用 `zhipu_openai.error_details(error)` 读取异常；在命令行：
`python -m zhipu_openai explain 1113 --lang zh`。各行来源见[英文页](ERRORS.md)，日期是见到该事实的日子。

重试间隔：openai 自带的重试循环每次重试前等待的秒数，最后一个会重复。""",
}

TITLES: Final = {
    "codes": {"en": "Zhipu's codes", "zh": "智谱的错误码"},
    "endings": {"en": "Finish reasons that are failures", "zh": "表示失败的 finish_reason"},
    "where": {"en": "What they mean at an endpoint", "zh": "在不同端点的含义"},
    "statuses": {"en": "Without a code, by HTTP status", "zh": "没有错误码时，按 HTTP 状态"},
    "certificates": {"en": "Certificates that are not trusted", "zh": "不受信任的证书"},
}

NOTES: Final = {
    "where": {
        "en": "`python -m zhipu_openai doctor` tells these rows; an empty cell stands for either.",
        "zh": "`python -m zhipu_openai doctor --lang zh` 会给出这些说明；空格表示不限。",
    },
    "certificates": {
        "en": "By the number that OpenSSL gives.",
        "zh": "按 OpenSSL 的编号。",
    },
}

COLUMNS: Final = {
    "code": ("code", "错误码"),
    "meaning": ("meaning", "含义"),
    "exception": ("exception", "异常"),
    "openai": ("OpenAI's code", "OpenAI 错误码"),
    "waits": ("retried after (s)", "重试间隔（秒）"),
    "advice": ("what to do", "处理办法"),
    "codes": ("codes", "错误码"),
    "endpoint": ("endpoint", "端点"),
    "site": ("site", "站点"),
    "explanation": ("meaning and way out", "含义与办法"),
    "numbers": ("numbers", "编号"),
    "source": ("source", "来源"),
    "seen": ("seen", "日期"),
}


def pages() -> dict[Path, str]:
    """Render both pages."""
    return {target: _render(lang) for lang, target in TARGETS.items()}


def _render(lang: str) -> str:
    from zhipu_openai._error_codes import STATUSES
    from zhipu_openai.cli.doctor.explanations import CERTIFICATE_ERRORS, EXPLANATIONS
    from zhipu_openai.errors import CODES, STREAM_ENDINGS

    zh = lang == "zh"
    codes: dict[str, Callable[[Any], object]] = {
        "code": lambda row: f"`{row.code}`",
        "meaning": lambda row: row.meaning_zh if zh else row.meaning_en,
        "exception": lambda row: f"`{row.exception}`, {row.status}",
        "openai": lambda row: f"`{row.openai_code}`" if row.openai_code else "null",
        "waits": lambda row: ", ".join(f"{wait:g}" for wait in row.waits) or ("不重试" if zh else "no"),
        "advice": lambda row: row.advice_zh if zh else row.advice_en,
    }
    where: dict[str, Callable[[Any], object]] = {
        "codes": lambda row: ", ".join(f"`{code}`" for code in sorted(row.codes)),
        "endpoint": lambda row: row.endpoint or "",
        "site": lambda row: row.region or "",
        "explanation": lambda row: row.zh if zh else row.en,
    }
    certificates: dict[str, Callable[[Any], object]] = {
        "numbers": lambda row: ", ".join(map(str, sorted(row.numbers))),
        "explanation": where["explanation"],
    }
    parts = [HEADS[lang]]
    for name, rows, columns in (
        ("codes", CODES.values(), codes),
        ("endings", STREAM_ENDINGS.values(), codes),
        ("where", EXPLANATIONS, where),
        ("statuses", STATUSES.values(), codes),
        ("certificates", CERTIFICATE_ERRORS, certificates),
    ):
        parts.append(f"## {TITLES[name][lang]}")
        if name in NOTES:
            parts.append(NOTES[name][lang])
        parts.append(_table(rows, columns, zh=zh))
    return "\n\n".join(parts) + "\n"


def _table(rows: Iterable[Any], columns: Mapping[str, Callable[[Any], object]], *, zh: bool) -> str:
    """Render rows as a GitHub table; sources are in English and stand on the English page alone."""
    columns = dict(columns)
    if not zh:
        columns["source"] = lambda row: row.source
    columns["seen"] = lambda row: row.seen.isoformat()
    titles = [COLUMNS[name][int(zh)] for name in columns]
    lines = ["| " + " | ".join(titles) + " |", "|" + "---|" * len(titles)]
    for row in rows:
        cells = (str(render(row)).replace("|", "\\|") for render in columns.values())
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)
