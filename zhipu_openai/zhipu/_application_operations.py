"""Rows of ``operations``: what Zhipu has deprecated or retired, assistants, applications and FinAgent."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from ._operation import Ends, Operation

if TYPE_CHECKING:
    from zhipu_openai.endpoints import RootName

    from ._operation import Proof, State

_SPEC: Final = "bigmodel.cn OpenAPI"
_SPEC_SEEN: Final = date(2026, 7, 11)
_PAGES: Final = "bigmodel.cn developer pages"
_PAGES_SEEN: Final = date(2025, 10, 1)
_DATA: Final = ("data",)


def _row(
    name: str,
    method: str,
    path: str,
    call: str,
    needs: tuple[str, ...] = _DATA,
    *,
    root: RootName | None = "application",
    state: State = "deprecated",
    proof: Proof = "official",
    ends: Ends = Ends(),  # noqa: B008 - it is frozen
    streams: bool = False,
    note: str = "",
) -> Operation:
    source, seen = (_SPEC, _SPEC_SEEN) if state == "deprecated" else (_PAGES, _PAGES_SEEN)
    return Operation(
        name,
        method,
        path,
        f"client.zhipu.{call}",
        ("cn",),
        state,
        proof,
        source,
        seen,
        root=root,
        needs=needs,
        ends=ends,
        streams=streams,
        note=note,
    )


APPLICATIONS: Final = (
    _row(
        "Talk with an assistant",
        "POST",
        "/assistant",
        "assistants.conversation",
        root=None,
        proof="captured",
        ends=Ends("status", done=("completed",), failed=("failed",)),
        streams=True,
    ),
    _row("List assistants", "POST", "/assistant/list", "assistants.list", root=None),
    _row(
        "List conversations with an assistant",
        "POST",
        "/assistant/conversation/list",
        "assistants.conversations",
        root=None,
    ),
    _row(
        "Run an application",
        "POST",
        "/v3/application/invoke",
        "applications.invoke",
        ("choices",),
        ends=Ends("choices.0.finish_reason", done=("stop",), failed=("error",)),
    ),
    _row(
        "Variables of an application",
        "GET",
        "/v2/application/{id}/variables",
        "applications.variables",
    ),
    _row(
        "Begin a conversation with an application",
        "POST",
        "/v2/application/{id}/conversation",
        "applications.create_conversation",
    ),
    _row("Give an application a file", "POST", "/v2/application/file_upload", "applications.upload"),
    _row("Whether files are read", "POST", "/v2/application/file_stat", "applications.file_stat"),
    _row("Where quotations stand", "POST", "/v2/application/slice_info", "applications.slice_info"),
    _row(
        "Suggested questions",
        "GET",
        "/history_session_record/{app}/{conversation}",
        "applications.suggested_questions",
    ),
    _row(
        "Prepare a run of an older application",
        "POST",
        "/v2/application/generate_request_id",
        "applications.generate_request_id",
        state="retired",
        proof="standin",
    ),
    _row(
        "Run an older application",
        "POST",
        "/v2/model-api/{id}/sse-invoke",
        "applications.sse_invoke",
        state="retired",
        proof="standin",
        ends=Ends(done=("finish",), failed=("errorhandle",)),
        streams=True,
    ),
    *(
        _row(
            name,
            "POST",
            f"/{path}",
            f"finance.{call}",
            root="finance",
            state="retired",
            proof="standin",
            ends=Ends("event", done=("workflow_finished", "message_finished")),
        )
        for name, path, call in (
            ("Due diligence report", "DueDiligenceReport", "due_diligence_report"),
            ("Consumer protection audit", "ConsumerProtectionAudit", "consumer_protection_audit"),
            ("Financial adviser's sparring", "FinancialAdviserSparring", "adviser_sparring"),
            ("Regulatory updates", "RegulatoryUpdatesTracker", "regulatory_updates"),
        )
    ),
)
