"""Write the reference from the tables: ``python tests/reference.py`` renews ``examples/REFERENCE.md``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "examples" / "REFERENCE.md"

HEAD = """# Reference

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


def render() -> str:
    """Render every table."""
    from zhipu_openai import catalogue, errors, routes
    from zhipu_openai.endpoints import ROOTS
    from zhipu_openai.translate.chat import fields, finish, messages
    from zhipu_openai.translate.vector_stores import fields as vector_stores
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
        "## Models",
        catalogue.as_markdown().strip().replace("## ", "### "),
        "## Errors",
        errors.as_markdown().strip(),
    )
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    TARGET.write_text(render(), encoding="utf-8")
