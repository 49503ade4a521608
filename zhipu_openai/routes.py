"""The map: every OpenAI operation, where it goes on Zhipu, and who translates it.

Read this first. A row's path is relative to the base URL; ``{id}`` stands for one segment, a final ``**``
for any rest. The first matching row wins. A path in no row is Zhipu's own (or newer than this table) and is
sent as it is; what comes back is still looked at for failures.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from .exchange import Operator

Verdict = Literal["translated", "native", "refused"]
"""translated: by an operation of ``translate/``. native: Zhipu has the same path, sent as it is.
refused: answered here with an OpenAI-shaped error that says why."""


@dataclass(frozen=True, slots=True)
class Route:
    """One operation of the OpenAI API.

    ``operation`` is ``module:function`` below ``translate``, imported when first used. ``note`` is for the
    reader of the support table and, on a refusal, for the reader of the error. ``callers_own`` says that the
    answer is the caller's own data, which may hold anything and is not looked at for failures.
    """

    method: str
    path: str
    verdict: Verdict
    note: str
    source: str
    seen: date
    operation: str | None = None
    callers_own: bool = False

    def load(self) -> Operator:
        """Import the operation that serves this route."""
        if self.operation is None:
            raise LookupError(f"{self.method} {self.path} has no operation")
        module, _, name = self.operation.partition(":")
        operator: Operator = getattr(import_module(f".translate.{module}", __package__), name)
        return operator


_SPEC: Final = "bigmodel.cn OpenAPI"
_SPEC_SEEN: Final = date(2026, 7, 11)
_ABSENT: Final = "in no endpoint list of bigmodel.cn or z.ai"
_ABSENT_SEEN: Final = date(2026, 11, 23)


_ELSEWHERE: Final = "docs.bigmodel.cn: Zhipu's Responses API stands at another root, /api/v1"


def _refused(path: str, note: str, *, method: str = "*", source: str = _ABSENT) -> Route:
    return Route(method, path, "refused", note, source, _ABSENT_SEEN)


def _native(method: str, path: str, note: str = "Zhipu serves this path itself.") -> Route:
    return Route(method, path, "native", note, _SPEC, _SPEC_SEEN)


def _knowledge(method: str, path: str, note: str, operation: str) -> Route:
    return Route(method, path, "translated", note, _SPEC, _SPEC_SEEN, f"vector_stores.{operation}")


_NO_STORE: Final = "Zhipu keeps no chat completions, so a stored one cannot be listed, read, changed or deleted; keep the answer."
_NO_RESPONSES: Final = "The Responses API is not served here yet; use client.chat.completions, which is."
_NO_ASSISTANTS: Final = "OpenAI's Assistants have no counterpart on Zhipu; keep the history yourself and use client.chat.completions with tools."
_NO_ADMIN: Final = "OpenAI's organisation and project administration does not exist on Zhipu; use the console of bigmodel.cn or z.ai."

ROUTES: Final[tuple[Route, ...]] = (
    Route(
        "POST",
        "/zhipu/base/async/chat/completions",
        "translated",
        "A chat completion as a job (client.zhipu.async_chat): the request is OpenAI's.",
        _SPEC,
        _SPEC_SEEN,
        "zhipu:create_chat",
    ),
    Route(
        "GET",
        "/zhipu/base/async/chat/{id}",
        "translated",
        "A chat completion as a job (client.zhipu.async_chat): the answer is OpenAI's.",
        _SPEC,
        _SPEC_SEEN,
        "zhipu:retrieve_chat",
    ),
    Route(
        "*",
        "/zhipu/**",
        "translated",
        "What OpenAI has no name for (client.zhipu), in Zhipu's own form; see zhipu.operations.",
        _SPEC,
        _SPEC_SEEN,
        "zhipu:serve",
    ),
    Route(
        "POST",
        "/chat/completions",
        "translated",
        "Request, answer and stream.",
        _SPEC,
        _SPEC_SEEN,
        "chat:create",
    ),
    _refused("/chat/completions/**", _NO_STORE),
    _refused("/chat/completions", _NO_STORE, method="GET"),
    Route(
        "GET",
        "/models",
        "translated",
        "Zhipu's own list, completed with the ids that it serves but does not list.",
        "recorded traffic, open.bigmodel.cn",
        date(2026, 10, 8),
        "models:list_models",
    ),
    Route(
        "GET",
        "/models/{id}",
        "translated",
        "Found in the list, since Zhipu has no such path; OpenAI's names give the GLM model that serves them.",
        "no evidence of GET /models/{id}",
        date(2026, 11, 23),
        "models:retrieve_model",
    ),
    _refused("/models/{id}", "Zhipu deletes no models through the API.", method="DELETE"),
    _refused(
        "/completions",
        "Zhipu has no legacy completions endpoint; use client.chat.completions.",
        method="POST",
    ),
    _refused("/responses", _NO_RESPONSES, source=_ELSEWHERE),
    _refused("/responses/**", _NO_RESPONSES, source=_ELSEWHERE),
    _refused("/conversations", _NO_RESPONSES),
    _refused("/conversations/**", _NO_RESPONSES),
    _native("POST", "/embeddings"),
    _native("POST", "/images/generations"),
    _refused("/images/**", "Zhipu neither edits nor varies images; use client.images.generate."),
    _native("POST", "/audio/speech"),
    _native("POST", "/audio/transcriptions"),
    _refused(
        "/audio/translations",
        "Zhipu does not translate audio; transcribe it, then translate the text by chat.",
    ),
    _refused("/audio/**", "OpenAI's custom voices have no counterpart under this path."),
    _refused(
        "/videos",
        "OpenAI's video paths differ from Zhipu's (videos/generations) and are not served here yet.",
    ),
    _native("POST", "/videos/generations"),
    _refused(
        "/videos/**",
        "OpenAI's video paths differ from Zhipu's (videos/generations) and are not served here yet.",
    ),
    _native("POST", "/moderations"),
    _native("*", "/files"),
    Route(
        "GET",
        "/files/{id}/content",
        "native",
        "The file's bytes as they are.",
        _SPEC,
        _SPEC_SEEN,
        callers_own=True,
    ),
    _native("*", "/files/**"),
    _native("*", "/batches"),
    _native("*", "/batches/**"),
    _refused("/uploads", "Zhipu takes files whole; use client.files.create."),
    _refused("/uploads/**", "Zhipu takes files whole; use client.files.create."),
    _knowledge(
        "POST",
        "/vector_stores",
        "A knowledge base, embedded by Embedding-3 unless embedding_id says otherwise.",
        "stores:create_store",
    ),
    _knowledge(
        "GET",
        "/vector_stores",
        "The knowledge bases, each with its documents counted by status.",
        "stores:list_stores",
    ),
    _knowledge(
        "GET",
        "/vector_stores/{id}",
        "The knowledge base, with its documents counted by status.",
        "stores:retrieve_store",
    ),
    _knowledge("POST", "/vector_stores/{id}", "The name alone can be changed.", "stores:update_store"),
    _knowledge(
        "DELETE", "/vector_stores/{id}", "The knowledge base and its documents.", "stores:delete_store"
    ),
    _knowledge(
        "POST", "/vector_stores/{id}/search", "Zhipu's retrieval; filters are refused.", "search:search"
    ),
    _knowledge(
        "POST",
        "/vector_stores/{id}/files",
        "Bytes that this client has uploaded are sent again, as a document.",
        "files:create_file",
    ),
    _knowledge(
        "GET", "/vector_stores/{id}/files", "The documents of the knowledge base.", "files:list_files"
    ),
    _knowledge(
        "GET",
        "/vector_stores/{id}/files/{id}",
        "The document; completed when it is embedded.",
        "files:retrieve_file",
    ),
    _knowledge("DELETE", "/vector_stores/{id}/files/{id}", "The document.", "files:delete_file"),
    _refused(
        "/vector_stores/{id}/files/{id}",
        "Zhipu's documents have no attributes, so a file cannot be updated; delete it and attach it again.",
        method="POST",
    ),
    _knowledge(
        "GET",
        "/vector_stores/{id}/files/{id}/content",
        "Plain text files alone, by the document's link.",
        "files:file_content",
    ),
    _knowledge("POST", "/vector_stores/{id}/file_batches", "Emulated, file by file.", "batches:create_batch"),
    _knowledge(
        "GET",
        "/vector_stores/{id}/file_batches/{id}",
        "Batches that this client has made.",
        "batches:retrieve_batch",
    ),
    _knowledge(
        "GET",
        "/vector_stores/{id}/file_batches/{id}/files",
        "Batches that this client has made.",
        "batches:list_batch_files",
    ),
    _refused(
        "/vector_stores/{id}/file_batches/{id}/cancel",
        "Zhipu cannot stop the work on a document; delete the files.",
        method="POST",
    ),
    _refused("/vector_stores/**", "Zhipu's knowledge bases have no such operation."),
    _refused("/fine_tuning/**", "Fine-tuning on Zhipu is done in its console."),
    _refused("/assistants", _NO_ASSISTANTS),
    _refused("/assistants/**", _NO_ASSISTANTS),
    _refused("/threads", _NO_ASSISTANTS),
    _refused("/threads/**", _NO_ASSISTANTS),
    _refused("/chatkit/**", "ChatKit is a service of OpenAI's alone."),
    _refused("/realtime/**", "OpenAI's realtime sessions are opened by a path that Zhipu does not have."),
    _refused("/live/**", "OpenAI's live sessions do not exist on Zhipu."),
    _refused("/evals", "Evals run on OpenAI's servers alone."),
    _refused("/evals/**", "Evals run on OpenAI's servers alone."),
    _refused("/containers", "Code-interpreter containers do not exist on Zhipu."),
    _refused("/containers/**", "Code-interpreter containers do not exist on Zhipu."),
    _refused("/skills", "OpenAI's skills do not exist on Zhipu."),
    _refused("/skills/**", "OpenAI's skills do not exist on Zhipu."),
    _refused("/agents", "OpenAI's hosted agents do not exist on Zhipu."),
    _refused("/agents/**", "OpenAI's hosted agents do not exist on Zhipu."),
    _refused("/vaults", "OpenAI's vaults do not exist on Zhipu."),
    _refused("/vaults/**", "OpenAI's vaults do not exist on Zhipu."),
    _refused("/safety/**", "OpenAI's safety cases do not exist on Zhipu."),
    _refused("/decisions", "OpenAI's decisions do not exist on Zhipu."),
    _refused("/content_provenance_checks", "Zhipu does not check where content comes from."),
    _refused("/organization/**", _NO_ADMIN),
    _refused("/projects/**", _NO_ADMIN),
    _refused("/webhook_endpoints", _NO_ADMIN),
    _refused("/webhook_endpoints/**", _NO_ADMIN),
    _refused("/webhook_event_types", _NO_ADMIN),
)


@lru_cache(maxsize=1024)
def match(method: str, path: str) -> Route | None:
    """Find the row for a request, None when the path is in no row. A slash at the path's end changes nothing."""
    path = path.rstrip("/") or "/"
    for route in ROUTES:
        if route.method in ("*", method) and _pattern(route.path).fullmatch(path):
            return route
    return None


@cache
def _pattern(path: str) -> re.Pattern[str]:
    escaped = re.escape(path).replace(r"/\*\*", "/.+")
    return re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", escaped))
