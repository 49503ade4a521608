"""The reference in Chinese: operations, the platform's own API, and the tables of fields."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from reference import tier
from reference_zh import FIELDS, OPERATIONS, OTHERS, PRICES, PROOFS, ROUTES, STATES, UNITS, VERDICTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

TARGET = Path(__file__).parents[1] / "examples" / "REFERENCE.zh-CN.md"

HEAD = """# 支持情况

由 `python tests/reference.py` 根据本包自己的表格生成，有测试保证两者一致。各行事实的来源，以及模型、尺寸、音色、错误码等
其余表格，见英文的[参考](REFERENCE.md)；错误码另有[中文页](ERRORS.zh-CN.md)。日期是见到该事实的日子。

处理方式：**转换**，含义不变，换成智谱的说法；**不变**，原样发送；**近似**，取最接近的；**模拟**，用别的办法做到；**不发送**，
智谱没有，会给出警告；**拒绝**，发送之前就报错，并说明原因和替代办法。"""

PLATFORM = """智谱接口文档的每一项，以及对应的调用。站点：cn 即 bigmodel.cn，intl 即 z.ai。最早：手头最早的证据，实际可能更早。
验证：录制流量，与录制的流量比对过；官方规范，请求与回答符合官方规范；仅替身服务，只从指南与 SDK 得知；未验证，没有试过。"""


class MissingChineseError(LookupError):
    """A text of a table has no Chinese."""


def chinese(texts: Mapping[str, str], text: str) -> str:
    """Give the Chinese of a text.

    Raises:
        MissingChineseError: There is none.
    """
    if text and text not in texts:
        raise MissingChineseError(f"tests/reference_zh.py has no Chinese for {text!r}")
    return texts.get(text, "")


def table(rows: Iterable[Any], columns: Mapping[str, Callable[[Any], object]]) -> str:
    """Render rows as a GitHub table, with their date as the last column."""
    columns = {**columns, "日期": lambda row: row.seen.isoformat()}
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    for row in rows:
        cells = (str(render(row)).replace("|", "\\|").replace("\n", " ") for render in columns.values())
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def field_tables() -> dict[str, tuple[Any, ...]]:
    """Give every table of request fields under its Chinese heading."""
    from zhipu_openai.glm_realtime import session_fields
    from zhipu_openai.translate import embeddings, moderations, uploads
    from zhipu_openai.translate.audio import speech_fields, transcription_fields, voices
    from zhipu_openai.translate.batches.fields import BATCH_FIELDS, LINE_FIELDS
    from zhipu_openai.translate.chat import fields, messages
    from zhipu_openai.translate.completions import fields as completion_fields
    from zhipu_openai.translate.files.fields import FILE_FIELDS, LIST_FIELDS
    from zhipu_openai.translate.images import fields as image_fields
    from zhipu_openai.translate.responses import fields as response_fields
    from zhipu_openai.translate.responses import native
    from zhipu_openai.translate.vector_stores import fields as vector_stores
    from zhipu_openai.translate.videos import fields as video_fields

    return {
        "对话补全": fields.FIELDS,
        "消息": messages.MESSAGE_FIELDS,
        "Responses（由对话补全提供）": response_fields.FIELDS,
        "Responses（由智谱自己的接口提供）": native.NATIVE_FIELDS,
        "旧式补全": completion_fields.FIELDS,
        "文本向量": embeddings.FIELDS,
        "内容审核": moderations.FIELDS,
        "图像": image_fields.FIELDS,
        "视频": video_fields.FIELDS,
        "语音转写": transcription_fields.FIELDS,
        "语音合成": speech_fields.FIELDS,
        "音色": voices.FIELDS,
        "实时会话": session_fields.FIELDS,
        "文件": FILE_FIELDS,
        "文件列表": LIST_FIELDS,
        "分片上传": uploads.UPLOAD_FIELDS,
        "批处理": BATCH_FIELDS,
        "批处理的每一行": LINE_FIELDS,
        "向量库：创建": vector_stores.CREATE_FIELDS,
        "向量库：更新": vector_stores.UPDATE_FIELDS,
        "向量库：检索": vector_stores.SEARCH_FIELDS,
        "向量库：挂接文件": vector_stores.FILE_FIELDS,
        "向量库：挂接一批文件": vector_stores.BATCH_FIELDS,
    }


def other_tables() -> dict[str, tuple[Iterable[Any], dict[str, Callable[[Any], object]]]]:
    """Give what is neither an operation nor a field under its Chinese heading, with its columns."""
    from zhipu_openai.glm_realtime.client_events import CLIENT_EVENTS
    from zhipu_openai.translate.batches.endpoints import ENDPOINTS
    from zhipu_openai.translate.responses.tools import UNSERVED
    from zhipu_openai.zhipu.agents.catalogue import AGENTS

    return {
        "Responses 中会被拒绝的工具": (
            UNSERVED.values(),
            {"工具": lambda row: _code(row.type), "改用": lambda row: chinese(OTHERS, row.instead)},
        ),
        "批处理的端点": (
            ENDPOINTS.values(),
            {
                "OpenAI": lambda row: _code(row.openai),
                "智谱": lambda row: _code(row.zhipu) or "拒绝",
                "说明": lambda row: chinese(OTHERS, row.note),
            },
        ),
        "实时会话的客户端事件": (
            CLIENT_EVENTS,
            {
                "事件": lambda row: _code(row.name),
                "处理": lambda row: chinese(VERDICTS, row.verdict),
                "说明": lambda row: chinese(OTHERS, row.what),
            },
        ),
        "智能体（client.zhipu.agents）": (
            AGENTS.values(),
            {
                "方法": lambda row: _code(row.name),
                "agent_id": lambda row: _code(row.agent_id),
                "说明": lambda row: chinese(OTHERS, row.what),
                "状态": lambda row: (
                    chinese(STATES, row.state)
                    if row.last_listed is None
                    else f"已下线；最后一次列出于 {row.last_listed}"
                ),
            },
        ),
    }


def _code(text: object) -> str:
    return f"`{text}`" if text else ""


def render() -> str:
    """Render the page.

    Raises:
        MissingChineseError: A text of a table has no Chinese.
    """
    from zhipu_openai.endpoints import ROOTS
    from zhipu_openai.routes import ROUTES as ROWS
    from zhipu_openai.zhipu.operations import OPERATIONS as ENTRIES

    routes = {
        "方法": lambda row: "任意" if row.method == "*" else row.method,
        "路径": lambda row: _code(row.path),
        "处理": lambda row: chinese(VERDICTS, row.verdict),
        "说明：有何变化，或为何拒绝、改用什么": lambda row: chinese(ROUTES, row.note),
    }
    entries = {
        "接口": lambda row: chinese(OPERATIONS, row.name),
        "方法": lambda row: row.method,
        "路径": lambda row: _code(f"{ROOTS[row.root or 'general'].path}{row.path}"),
        "调用": lambda row: _code(row.call) if row.call != "none" else "无",
        "站点": lambda row: "、".join(row.regions),
        "状态": lambda row: chinese(STATES, row.state),
        "最早": lambda row: row.since,
        "验证": lambda row: chinese(PROOFS, row.proof),
        "备注": lambda row: chinese(OPERATIONS, row.note),
    }
    named = {
        "字段": lambda row: _code(row.name),
        "处理": lambda row: chinese(VERDICTS, row.verdict),
        "说明": lambda row: chinese(FIELDS, row.what),
    }
    parts = [HEAD, "## OpenAI 的操作", table(ROWS, routes)]
    parts += ["## 智谱平台自有接口", PLATFORM, table(ENTRIES, entries)]
    parts += [
        "## 请求字段",
        "不在表中的字段是智谱自有的，或比本表更新；对话、图像、视频与实时会话会原样发送。",
    ]
    for title, rows in field_tables().items():
        parts += [f"### {title}", table(rows, named)]
    parts.append("## 其他")
    for title, (others, columns) in other_tables().items():
        parts += [f"### {title}", table(others, columns)]
    parts += ["## 价格", PRICES_HEAD, *prices()]
    return "\n\n".join(parts) + "\n"


PRICES_HEAD = """智谱公布的按量付费价格：cn 以人民币、intl 以美元计，单位为每百万 token，或表中所列的一个计量单位；0 为免费。思考 token
按输出计费。`zhipu_openai.cost` 即按此表计算；不在表中的模型会报错，绝不当作 0。“起点”指输入或输出达到多少 token 时适用该行。"""


def prices() -> list[str]:
    """Render the tables of prices."""
    from zhipu_openai.pricing import TOKEN_PRICES, UNIT_PRICES, UNPRICED

    where: Any = {"模型": lambda row: _code(row.model), "站点": lambda row: row.region}
    batch: Any = {"批处理": lambda row: "" if row.batch is None else f"× {row.batch}"}
    note: Any = {"备注": lambda row: chinese(PRICES, row.note)}
    tokens: Any = {
        **where,
        "输入": lambda row: row.input,
        "缓存命中": lambda row: "同输入" if row.cached is None else row.cached,
        "输出": lambda row: row.output,
        "起点": lambda row: tier(row, ("输入", "输出")),
    }
    units: Any = {**where, "价格": lambda row: row.amount, "单位": lambda row: chinese(UNITS, row.unit)}
    return [
        table(TOKEN_PRICES, {**tokens, **batch, **note}),
        table(UNIT_PRICES, {**units, **batch, **note}),
        "没有价格的模型：",
        table(UNPRICED, {**where, "原因": lambda row: chinese(PRICES, row.why)}),
    ]
