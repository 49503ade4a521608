"""Zhipu's quirks, each switched on by name.

A quirk is written ``name`` or ``name:number``. For most the number is how many chat calls it lasts; for
``failed_job`` it is jobs, for ``slow_job`` looks at one, and ``slow_start`` takes seconds. Without a number a
quirk lasts as its row says.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

QuirkName = Literal[
    "arrears",
    "bare_string_error",
    "box_tokens",
    "broken_connection",
    "business_error_in_200",
    "context_exceeded",
    "cut_before_finish",
    "cut_stream",
    "double_finish",
    "empty_reasoning",
    "error_event",
    "error_in_200",
    "failed_job",
    "fenced_json",
    "finish_on_tool_chunk",
    "glued_frames",
    "html_502",
    "index_minus_one",
    "json_instead_of_stream",
    "leading_newline",
    "missing_content",
    "missing_object",
    "missing_tool_id",
    "nested_arguments_as_strings",
    "network_error",
    "network_error_first",
    "newline_before_reasoning",
    "no_done",
    "numeric_codes",
    "overload",
    "phase_counted_choice_index",
    "rate_limit",
    "repeated_tool_names",
    "reset_window",
    "sensitive",
    "slow_job",
    "slow_start",
    "think_tags",
]
"""The name of a quirk, for editors to complete and type checkers to hold."""

Scope = Literal["refusal", "error", "answer", "stream", "job", "poll"]
Evidence = Literal["captured", "official", "reported", "inferred"]


@dataclass(frozen=True, slots=True)
class Quirk:
    """A row of the table.

    Attributes:
        name: What it is switched on by.
        does: What it does, in a sentence.
        scope: ``refusal`` answers any chat call with a failure; ``error`` changes error bodies; ``answer``
            changes any answer of the stand-in's; ``stream`` changes streams only; ``job`` changes a job that
            is begun, ``poll`` an answer about one. A call that is out of a quirk's scope does not use it up.
        lasts: How many chat calls it lasts without a number; None means until it is switched off.
        evidence: How well it is known.
        source: Where it was seen.
        date: When; for undated reports the day on which they were looked up.
        number: What the number after the colon means.
    """

    name: QuirkName
    does: str
    scope: Scope
    lasts: int | None
    evidence: Evidence
    source: str
    date: date
    number: Literal["calls", "seconds"] = "calls"


_GLM_46 = "recorded traffic, api.z.ai coding endpoint, glm-4.6, 2025-10 to 2026-04"

_ROWS: Final = (
    Quirk(
        "arrears",
        "Every chat call is answered 429 with code 1113: the account is out of money.",
        "refusal",
        None,
        "captured",
        "recorded traffic, open.bigmodel.cn and api.z.ai, 2026-07-11",
        date(2026, 7, 11),
    ),
    Quirk(
        "bare_string_error",
        'A 429 whose body is {"error": "…"}: the error is a string and has no code.',
        "refusal",
        1,
        "reported",
        "third-party note on chat's 429, 2026",
        date(2026, 11, 23),
    ),
    Quirk(
        "box_tokens",
        "The answer stands between <|begin_of_box|> and <|end_of_box|>.",
        "answer",
        None,
        "official",
        "docs.bigmodel.cn chat specification on GLM-4.5V, 2026-07-11; zai-org/GLM-V#79",
        date(2026, 7, 11),
    ),
    Quirk(
        "broken_connection",
        "The connection breaks in the middle of an event, without a proper end of the body.",
        "stream",
        None,
        "inferred",
        "from the spliced events that clients report (anomalyco/opencode#7692, zai-org/GLM-5#66)",
        date(2026, 4, 30),
    ),
    Quirk(
        "business_error_in_200",
        'HTTP 200 with {"code": 1000, "msg": …, "success": false}.',
        "refusal",
        1,
        "captured",
        "RarogCmex/pi-bigmodel evidence 2026-10-09, on /api/v1; not seen on chat",
        date(2026, 10, 9),
    ),
    Quirk(
        "context_exceeded",
        "The answer is nothing but finish_reason model_context_window_exceeded, in a chunk without object and usage.",
        "answer",
        None,
        "captured",
        "stream fixture of glm-5v-turbo, 2026-07-04",
        date(2026, 7, 4),
    ),
    Quirk(
        "cut_before_finish",
        "The stream ends between two events before any finish_reason.",
        "stream",
        None,
        "reported",
        "anomalyco/opencode#8282, Kilo-Org/kilocode#9432",
        date(2026, 4, 23),
    ),
    Quirk(
        "cut_stream",
        "The stream ends in the middle of an event.",
        "stream",
        None,
        "reported",
        "anomalyco/opencode#7692, zai-org/GLM-5#66",
        date(2026, 4, 30),
    ),
    Quirk(
        "double_finish",
        "Tool chunks carry role, finish_reason and ids call_<request id>_<n>; the last chunk finishes again.",
        "stream",
        None,
        "captured",
        "recorded traffic, open.bigmodel.cn, glm-4-plus 2025-03-01 and glm-4-flash 2026-05-13",
        date(2026, 5, 13),
    ),
    Quirk(
        "empty_reasoning",
        'reasoning_content is "\\n" and nothing else.',
        "answer",
        None,
        "captured",
        "recorded traffic, api.z.ai coding endpoint, glm-4.5-air, 2025-12 to 2026-04",
        date(2026, 4, 15),
    ),
    Quirk(
        "error_event",
        'An event {"error": {"code": "1305", …}} in the middle of a stream, and nothing after it.',
        "stream",
        None,
        "reported",
        "client reports of 2026; the documentation promises a finish_reason instead",
        date(2026, 11, 23),
    ),
    Quirk(
        "error_in_200",
        'HTTP 200 with {"error": {"code": "1305", …}} as JSON, also where a stream was asked for.',
        "refusal",
        1,
        "reported",
        "zhushanwen321/llm-simple-router#95; third-party note of 2026-04-24",
        date(2026, 4, 24),
    ),
    Quirk(
        "failed_job",
        "A job that is begun ends with task_status FAIL, and nothing says why.",
        "job",
        1,
        "official",
        "bigmodel.cn OpenAPI, AsyncVideoGenerationResponse",
        date(2026, 7, 11),
    ),
    Quirk(
        "fenced_json",
        "JSON answers stand in a ```json fence.",
        "answer",
        None,
        "reported",
        "hugalafutro/model-hotel#896, glm-5.3-flash, 2026-09-03",
        date(2026, 9, 3),
    ),
    Quirk(
        "finish_on_tool_chunk",
        "Tool chunks carry finish_reason but no role; the last chunk finishes again.",
        "stream",
        None,
        "captured",
        "recorded traffic, api.z.ai coding endpoint, glm-4.5, 2025-09-26",
        date(2025, 9, 26),
    ),
    Quirk(
        "glued_frames",
        "An event is cut inside its JSON and the next event's data: follows on the same line, with another id.",
        "stream",
        None,
        "reported",
        "anomalyco/opencode#7692 and #8431, zai-org/GLM-5#66",
        date(2026, 4, 30),
    ),
    Quirk(
        "html_502",
        "HTTP 502 with an HTML page from the edge.",
        "refusal",
        1,
        "captured",
        "recorded traffic, api.z.ai coding endpoint, 2025-11-10",
        date(2025, 11, 10),
    ),
    Quirk(
        "index_minus_one",
        "The index of every streamed tool call is -1.",
        "stream",
        None,
        "captured",
        "recorded traffic, open.bigmodel.cn, glm-4.5-flash, 2025-09-14",
        date(2025, 9, 14),
    ),
    Quirk(
        "json_instead_of_stream",
        "A request for a stream gets the whole answer as JSON with HTTP 200.",
        "stream",
        1,
        "inferred",
        "reported only with an error in the JSON (see error_in_200); the async endpoint ignores stream in this way",
        date(2026, 11, 23),
    ),
    Quirk(
        "leading_newline",
        "The content begins with a line feed, in streams as a chunk of its own.",
        "answer",
        None,
        "captured",
        f"{_GLM_46}; glm-4.6v still on 2026-07-01",
        date(2026, 7, 1),
    ),
    Quirk(
        "missing_content",
        "A whole answer with tool calls has no content key.",
        "answer",
        None,
        "captured",
        "recorded traffic, api.z.ai coding endpoint, 2025-10",
        date(2025, 10, 2),
    ),
    Quirk(
        "missing_object",
        "The object key is absent from answers and chunks.",
        "answer",
        None,
        "captured",
        f"{_GLM_46}, absent until at least 2025-12-11",
        date(2025, 12, 11),
    ),
    Quirk(
        "missing_tool_id",
        "Streamed tool calls have no id.",
        "stream",
        None,
        "reported",
        "anomalyco/opencode#2557, glm-4.5, 2025-09",
        date(2025, 9, 26),
    ),
    Quirk(
        "nested_arguments_as_strings",
        "Objects and arrays inside tool arguments come as strings of JSON.",
        "answer",
        None,
        "reported",
        "vllm-project/vllm#46924, where the tool's schema uses $ref",
        date(2026, 11, 23),
    ),
    Quirk(
        "network_error",
        "The answer breaks off with finish_reason network_error, in a chunk without object and usage.",
        "answer",
        None,
        "captured",
        "stream fixture of glm-5.2, 2026-07-08; docs.bigmodel.cn error codes, 2026-07-11",
        date(2026, 7, 8),
    ),
    Quirk(
        "network_error_first",
        "The answer is nothing but finish_reason network_error, in a chunk without object and usage.",
        "answer",
        None,
        "captured",
        "stream fixture of glm-5.2, 2026-07-08",
        date(2026, 7, 8),
    ),
    Quirk(
        "newline_before_reasoning",
        'The first chunk is content "\\n", before the reasoning.',
        "stream",
        None,
        "captured",
        "recorded traffic, api.z.ai coding endpoint, glm-4.5, 4.5-air and 4.6, 2025-09 to 2025-10",
        date(2025, 10, 27),
    ),
    Quirk(
        "no_done",
        "The stream ends after its last chunk without data: [DONE].",
        "stream",
        None,
        "inferred",
        "all recorded streams have it; what a proxy may lose",
        date(2026, 11, 23),
    ),
    Quirk(
        "numeric_codes",
        "Error codes are JSON numbers.",
        "error",
        None,
        "reported",
        "client reports of 2026: codes arrive in both forms",
        date(2026, 11, 23),
    ),
    Quirk(
        "overload",
        "429 with code 1305, no content type and no Retry-After.",
        "refusal",
        1,
        "captured",
        "RarogCmex/pi-bigmodel evidence 2026-10-09; pydantic-ai recordings of api.z.ai, 2026-08",
        date(2026, 10, 9),
    ),
    Quirk(
        "phase_counted_choice_index",
        "choices[].index counts the phases of a stream: reasoning, content, tool calls, end.",
        "stream",
        None,
        "captured",
        "all 43 streams recorded on api.z.ai's coding endpoint on 2025-10-27",
        date(2025, 10, 27),
    ),
    Quirk(
        "rate_limit",
        "429 with code 1302.",
        "refusal",
        1,
        "official",
        "docs.bigmodel.cn error codes, 2026-07-11",
        date(2026, 7, 11),
    ),
    Quirk(
        "repeated_tool_names",
        "With tool_stream, every fragment of a tool call repeats id, type and name.",
        "stream",
        None,
        "inferred",
        "no raw fragments are recorded; the other possibility",
        date(2026, 11, 23),
    ),
    Quirk(
        "reset_window",
        "429 with code 1308; the text gives a time one hour ahead on Beijing's clock, without a zone.",
        "refusal",
        None,
        "reported",
        "hugalafutro/model-hotel#955, quoted live body of 2026-09-08",
        date(2026, 9, 8),
    ),
    Quirk(
        "sensitive",
        'The answer ends with finish_reason sensitive, a content_filter array and, in streams, a delta of role "user".',
        "answer",
        None,
        "official",
        "docs.bigmodel.cn GLM-4 sample of a blocked stream",
        date(2026, 11, 23),
    ),
    Quirk(
        "slow_job",
        "Jobs are still PROCESSING when they are asked about; a look that meets it does not count.",
        "poll",
        None,
        "official",
        "bigmodel.cn OpenAPI, AsyncVideoGenerationResponse",
        date(2026, 7, 11),
    ),
    Quirk(
        "slow_start",
        "The head of a stream comes at once, its first event after so many seconds.",
        "stream",
        None,
        "reported",
        "NousResearch/hermes-agent#12758: 30 s of silence before large tool arguments",
        date(2026, 11, 23),
        "seconds",
    ),
    Quirk(
        "think_tags",
        "Reasoning stands inside the content, between <think> and </think>.",
        "answer",
        None,
        "captured",
        "RarogCmex/pi-bigmodel evidence 2026-10-09, glm-4.1v-thinking",
        date(2026, 10, 9),
    ),
)

QUIRKS: Final[dict[str, Quirk]] = {row.name: row for row in _ROWS}
"""Every quirk by name."""
