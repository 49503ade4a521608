"""Write the reference from the tables: ``python tests/reference.py`` renews it in English and in Chinese."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "examples" / "REFERENCE.md"

HEAD = """# Reference

[中文](REFERENCE.zh-CN.md)

Made from the package's own tables by `python tests/reference.py`; a test holds the two together. Each row names its
source and the day on which it was seen."""


PLATFORM = """Every entry of Zhipu's API reference and the call that serves it. Sites: cn is bigmodel.cn, intl is z.ai.
Since: the earliest evidence at hand; it may be older. Proven by: captured, traffic that was recorded; official, the
official specification; standin, guides and SDKs alone; none, not tried."""


def table(rows: Iterable[Any], columns: Mapping[str, Callable[[Any], object]]) -> str:
    """Render rows as a GitHub table, with their source and date as the last columns."""
    columns = {**columns, "source": lambda row: row.source, "seen": lambda row: row.seen.isoformat()}
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    for row in rows:
        cells = (str(render(row)).replace("|", "\\|").replace("\n", " ") for render in columns.values())
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def code(text: object) -> str:
    """Set a word as code, nothing as nothing."""
    return f"`{text}`" if text else ""


def sizes(rule: Any) -> str:
    """Say which sizes a model takes."""
    listed = ", ".join(rule.listed)
    if not rule.multiple:
        return listed
    return (
        f"{listed}; others of {rule.least} to {rule.most} in steps of {rule.multiple}, "
        f"at most {rule.most_pixels} pixels"
    )


RESPONSES = """`client.responses` is served by chat completions, unless Zhipu's own Responses API (`/api/v1`) gives the caller what
a chat cannot, stands at the host and for the model, and loses nothing that is asked for. `OpenAI(responses="native")`
and `OpenAI(responses="translate")` decide otherwise. What is kept of responses and conversations lives in the process."""


def responses(fields: Any, items: Any, native: Any, route_choice: Any, tools: Any, named: Any) -> list[str]:
    """Render the tables of the Responses API."""
    rule = {"field": lambda row: code(row.param), "what": lambda row: row.what}
    hosts: Any = {
        "host": lambda row: row.region,
        "by itself": lambda row: "yes" if row.auto else "",
        "why": lambda row: row.why,
    }
    kinds = {"item": lambda row: code(row.type), "what": lambda row: row.what}
    unserved = {"tool": lambda row: code(row.type), "instead": lambda row: row.instead}
    return [
        "### What Zhipu's own Responses API gives and chat does not",
        table(route_choice.GAINS, rule),
        "### What it would lose",
        table(route_choice.LOSSES, rule),
        "### Where it is used without being asked for",
        table(route_choice.HOSTS, hosts),
        "Models: " + ", ".join(code(row.id) for row in route_choice.MODELS) + ".",
        "### Request fields, served by chat completions",
        table(fields.FIELDS, named),
        "### Request fields, served by Zhipu's own Responses API",
        table(native.NATIVE_FIELDS, named),
        "### Input items",
        table(items.KINDS.values(), kinds),
        "### Tools that are refused",
        table(tools.UNSERVED.values(), unserved),
    ]


def render() -> str:
    """Render every table."""
    from zhipu_openai import catalogue, errors, routes
    from zhipu_openai.endpoints import ROOTS
    from zhipu_openai.glm_realtime import client_events, server_events, session_fields
    from zhipu_openai.glm_realtime import names as realtime_names
    from zhipu_openai.translate import embeddings, moderation_tables, moderations, uploads
    from zhipu_openai.translate.audio import names, speech_fields, transcription_fields, voices
    from zhipu_openai.translate.batches import endpoints, models
    from zhipu_openai.translate.batches.fields import BATCH_FIELDS, LINE_FIELDS
    from zhipu_openai.translate.chat import fields, finish, messages
    from zhipu_openai.translate.completions import fields as completion_fields
    from zhipu_openai.translate.files import purposes
    from zhipu_openai.translate.files.fields import FILE_FIELDS, LIST_FIELDS
    from zhipu_openai.translate.images import fields as image_fields
    from zhipu_openai.translate.images import models as image_models
    from zhipu_openai.translate.responses import fields as response_fields
    from zhipu_openai.translate.responses import items, native, route_choice, tools
    from zhipu_openai.translate.vector_stores import fields as vector_stores
    from zhipu_openai.translate.videos import fields as video_fields
    from zhipu_openai.translate.videos import models as video_models
    from zhipu_openai.zhipu.agents import catalogue as agents
    from zhipu_openai.zhipu.operations import OPERATIONS

    operations = table(
        routes.ROUTES,
        {
            "method": lambda row: "any" if row.method == "*" else row.method,
            "path": lambda row: code(row.path),
            "verdict": lambda row: row.verdict,
            "note": lambda row: row.note,
        },
    )
    platform = table(
        OPERATIONS,
        {
            "entry": lambda row: row.name,
            "method": lambda row: row.method,
            "path": lambda row: code(f"{ROOTS[row.root or 'general'].path}{row.path}"),
            "call": lambda row: code(row.call) if row.call != "none" else "none",
            "sites": lambda row: ", ".join(row.regions),
            "state": lambda row: row.state,
            "since": lambda row: row.since,
            "proven by": lambda row: row.proof,
            "note": lambda row: row.note,
        },
    )
    named = {
        "field": lambda row: code(row.name),
        "verdict": lambda row: row.verdict,
        "what": lambda row: row.what,
    }
    reasons = table(
        finish.FINISH_REASONS.values(),
        {
            "Zhipu": lambda row: code(row.zhipu),
            "OpenAI": lambda row: "an error" if row.always else code(row.openai),
            "with nothing produced": lambda row: "an error" if row.error else "",
        },
    )
    embedding_models = table(
        embeddings.MODELS.values(),
        {
            "model": lambda row: code(row.id),
            "dimensions": lambda row: (
                f"up to {row.largest}" if row.largest else f"always {row.default_dimensions}"
            ),
            "texts in a request": lambda row: row.most_items,
            "tokens of a text": lambda row: row.item_tokens,
            "tokens of a request": lambda row: row.most_tokens or "",
        },
    )
    embedding_names = table(
        embeddings.ALIASES,
        {
            "OpenAI name": lambda row: code(row.name),
            "Zhipu model": lambda row: code(row.model),
            "OpenAI's dimensions": lambda row: row.dimensions,
        },
    )
    risks = table(
        moderation_tables.RISK_TYPES,
        {"label holds": lambda row: row.zhipu, "category": lambda row: code(row.category)},
    )
    levels = table(
        moderation_tables.RISK_LEVELS.values(),
        {
            "verdict": lambda row: code(row.zhipu),
            "flagged": lambda row: "yes" if row.flagged else "",
            "score": lambda row: row.score,
        },
    )
    completion_names = table(
        completion_fields.ALIASES,
        {
            "OpenAI name": lambda row: code(row.pattern),
            "GLM model": lambda row: code(row.model),
            "why": lambda row: row.reason,
        },
    )
    file_purposes = table(
        purposes.PURPOSES.values(),
        {
            "OpenAI": lambda row: code(row.openai),
            "Zhipu": lambda row: code(row.zhipu) or "refused",
            "note": lambda row: row.note,
        },
    )
    file_limits = table(
        purposes.LIMITS,
        {
            "Zhipu's purpose": lambda row: code(row.purpose),
            "region": lambda row: row.region,
            "names end in": lambda row: ", ".join(sorted(row.extensions)),
            "MB": lambda row: row.most >> 20,
            "MB of an image": lambda row: row.most_image >> 20,
        },
    )
    batch_endpoints = table(
        endpoints.ENDPOINTS.values(),
        {
            "OpenAI": lambda row: code(row.openai),
            "Zhipu": lambda row: code(row.zhipu) or "refused",
            "note": lambda row: row.note,
        },
    )
    batch_models = table(
        models.SUBSTITUTES.values(),
        {
            "OpenAI's name stands for": lambda row: code(row.model),
            "in a batch": lambda row: code(row.batch) or "refused",
            "why": lambda row: row.reason,
        },
    )
    of_image_models = {
        "model": lambda row: code(row.id),
        "sizes": lambda row: sizes(row.sizes),
        "by itself": lambda row: row.default,
        "quality": lambda row: ", ".join(row.qualities),
        "longest prompt": lambda row: row.longest_prompt or "",
        "as a job": lambda row: "yes" if row.jobs else "",
    }
    of_video_models = {
        "model": lambda row: code(row.id),
        "sizes": lambda row: sizes(row.sizes),
        "seconds": lambda row: ", ".join(map(str, row.durations)),
        "aspect ratios": lambda row: ", ".join(row.ratios),
        "pictures": lambda row: f"up to {row.pictures.most}" if row.pictures.most else "",
    }
    of_aliases = {
        "OpenAI name": lambda row: code(row.pattern),
        "Zhipu model": lambda row: code(row.model),
        "why": lambda row: row.reason,
    }
    renamed = {"OpenAI": lambda row: code(row.openai), "Zhipu": lambda row: code(row.zhipu)}
    parts = (
        HEAD,
        "## Operations",
        operations,
        "## The platform's own API",
        PLATFORM,
        platform,
        "## Chat completion fields",
        "A field in no row is Zhipu's own, or newer than this table, and is sent as it is.",
        table(fields.FIELDS, named),
        "## Message fields",
        table(messages.MESSAGE_FIELDS, named),
        "## Finish reasons",
        reasons,
        "## Embedding fields",
        table(embeddings.FIELDS, named),
        embedding_models,
        embedding_names,
        "## Moderation fields",
        table(moderations.FIELDS, named),
        levels,
        risks,
        "## Legacy completion fields",
        "A field in no row is treated as in chat completions.",
        table(completion_fields.FIELDS, named),
        completion_names,
        "## File fields",
        table(FILE_FIELDS, named),
        "## File list fields",
        table(LIST_FIELDS, named),
        "## File purposes",
        file_purposes,
        "## File limits",
        file_limits,
        "## Upload fields",
        table(uploads.UPLOAD_FIELDS, named),
        "## Batch fields",
        table(BATCH_FIELDS, named),
        "## Batch line fields",
        table(LINE_FIELDS, named),
        "## Batch endpoints",
        batch_endpoints,
        "## Batch models",
        "A model named by Zhipu's own id is sent as it is; Zhipu checks it when the file is uploaded.",
        batch_models,
        "## Image fields",
        "As with chat, a field in no row is sent as it is.",
        table(image_fields.FIELDS, named),
        "## Image models",
        table(image_models.IMAGE_MODELS, of_image_models),
        table(image_models.IMAGE_ALIASES, {**of_aliases, "pictures as": lambda row: code(row.form)}),
        "## Video fields",
        "As with chat, a field in no row is sent as it is.",
        table(video_fields.FIELDS, named),
        "## Video models",
        table(video_models.VIDEO_MODELS, of_video_models),
        table(video_models.VIDEO_ALIASES, of_aliases),
        "## Transcription fields",
        "Those of translations too, but for response_format, which is json or text.",
        table(transcription_fields.FIELDS, named),
        "## Speech fields",
        table(speech_fields.FIELDS, named),
        "## Voice fields",
        table(voices.FIELDS, named),
        "## Models and voices of audio",
        table(names.MODEL_NAMES, renamed),
        table(names.VOICE_NAMES, renamed),
        *realtime(named, session_fields.FIELDS, client_events.CLIENT_EVENTS),
        table(
            server_events.SERVER_EVENTS,
            {
                "Zhipu, and OpenAI's beta": lambda row: code(row.name),
                "OpenAI's GA": lambda row: code(row.ga) or "not passed on",
            },
        ),
        "### Realtime models and voices",
        table(
            (*realtime_names.MODELS, *realtime_names.VOICES),
            {
                "OpenAI": lambda row: code(row.openai),
                "Zhipu": lambda row: code(row.zhipu),
                "why": lambda row: row.reason,
            },
        ),
        "## Vector store fields",
        *(
            part
            for title, rows in (
                ("Create", vector_stores.CREATE_FIELDS),
                ("Update", vector_stores.UPDATE_FIELDS),
                ("Search", vector_stores.SEARCH_FIELDS),
                ("Files: create", vector_stores.FILE_FIELDS),
                ("File batches: create", vector_stores.BATCH_FIELDS),
            )
            for part in (f"### {title}", table(rows, named))
        ),
        "## Agents",
        "What `client.zhipu.agents` calls. A retired agent is refused before it is asked, unless `force=True`.",
        table(
            agents.AGENTS.values(),
            {
                "helper": lambda row: code(row.name),
                "agent_id": lambda row: code(row.agent_id),
                "what": lambda row: row.what,
                "state": lambda row: (
                    row.state if row.last_listed is None else f"retired; last listed {row.last_listed}"
                ),
                "answer": lambda row: row.answer,
            },
        ),
        "## Responses",
        RESPONSES,
        *responses(response_fields, items, native, route_choice, tools, named),
        "## Models",
        catalogue.as_markdown().strip().replace("## ", "### "),
        "## Prices",
        PRICES,
        *prices(),
        "## Errors",
        "Also as a page of their own, with what they mean at each endpoint: [error codes](ERRORS.md).",
        errors.as_markdown().strip(),
    )
    return "\n\n".join(parts) + "\n"


PRICES = """What Zhipu publishes for pay as you go, cn in CNY and intl in USD, for a million tokens or for one of what is counted
otherwise; 0 is free of charge. Thoughts are output. `zhipu_openai.cost` reckons with these rows; a model in none is an
error there, never 0. "from" says from how many tokens of input, or of output, a row counts."""


def prices() -> list[str]:
    """Render the tables of prices."""
    from zhipu_openai.pricing import TOKEN_PRICES, UNIT_PRICES, UNPRICED

    where: Any = {"model": lambda row: code(row.model), "site": lambda row: row.region}
    tokens: Any = {
        **where,
        "input": lambda row: row.input,
        "cached": lambda row: "as input" if row.cached is None else row.cached,
        "output": lambda row: row.output,
        "from": tier,
        "batch": lambda row: "" if row.batch is None else f"times {row.batch}",
        "note": lambda row: row.note,
    }
    units: Any = {
        **where,
        "price": lambda row: row.amount,
        "for one": lambda row: row.unit,
        "batch": lambda row: "" if row.batch is None else f"times {row.batch}",
        "note": lambda row: row.note,
    }
    return [
        table(TOKEN_PRICES, tokens),
        table(UNIT_PRICES, units),
        "Without a price:",
        table(UNPRICED, {**where, "why": lambda row: row.why}),
    ]


def tier(row: Any, words: tuple[str, str] = ("input", "output")) -> str:
    """Say from how many tokens a row of prices counts."""
    bounds = zip(words, (row.input_from, row.output_from), strict=True)
    return ", ".join(f"{word} {bound:,}" for word, bound in bounds if bound)


def realtime(named: Mapping[str, Callable[[Any], object]], fields: Any, events: Any) -> tuple[str, ...]:
    """Render what is said of realtime sessions and of what a client sends in them."""
    return (
        "## Realtime",
        "### Session fields",
        "Under the names of OpenAI's beta; the GA names find them. A field in no row is sent as it is.",
        table(fields, named),
        "### Client events",
        table(events, {"event": named["field"], "verdict": named["verdict"], "what": named["what"]}),
        "### Server events",
    )


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    TARGET.write_text(render(), encoding="utf-8")

    import reference_page_zh

    reference_page_zh.TARGET.write_text(reference_page_zh.render(), encoding="utf-8")

    import errors_page

    for target, page in errors_page.pages().items():
        target.write_text(page, encoding="utf-8")
