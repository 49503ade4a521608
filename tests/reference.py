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
    from zhipu_openai.translate.chat import fields, finish, messages
    from zhipu_openai.translate.responses import fields as response_fields
    from zhipu_openai.translate.responses import items, native, route_choice, tools

    operations = table(
        routes.ROUTES,
        {
            "method": lambda row: "any" if row.method == "*" else row.method,
            "path": lambda row: code(row.path),
            "verdict": lambda row: row.verdict,
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
        "## Chat completion fields",
        "A field in no row is Zhipu's own, or newer than this table, and is sent as it is.",
        table(fields.FIELDS, named),
        "## Message fields",
        table(messages.MESSAGE_FIELDS, named),
        "## Finish reasons",
        reasons,
        "## Responses",
        RESPONSES,
        *responses(response_fields, items, native, route_choice, tools, named),
        "## Models",
        catalogue.as_markdown().strip().replace("## ", "### "),
        "## Errors",
        errors.as_markdown().strip(),
    )
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    TARGET.write_text(render(), encoding="utf-8")
