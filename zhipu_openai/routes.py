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


def _response(method: str, path: str, operation: str, note: str) -> Route:
    name = f"responses.operation:{operation}"
    return Route(method, f"/responses{path}", "translated", note, _ELSEWHERE, _ABSENT_SEEN, name)


def _conversation(method: str, path: str, operation: str) -> Route:
    name = f"responses.conversations:{operation}"
    note = "Kept in this process, and gone with it."
    return Route(method, f"/conversations{path}", "translated", note, _ABSENT, _ABSENT_SEEN, name)


_NO_STORE: Final = "Zhipu keeps no chat completions, so a stored one cannot be listed, read, changed or deleted; keep the answer."
_NO_SOCKET: Final = (
    "Zhipu serves no responses over a websocket; use client.responses.create, with stream=True."
)
_NO_COMPACTION: Final = (
    "Zhipu compacts no conversations; have the model write a summary, and go on from that."
)
_NO_BACKGROUND: Final = (
    "Zhipu runs no responses in the background, so there is none to cancel; close the stream, or the client."
)
_NO_RESPONSE_PART: Final = "Of a response, the input items alone can be read apart."
_NO_ASSISTANTS: Final = "OpenAI's Assistants have no counterpart on Zhipu; keep the history yourself and use client.chat.completions with tools."
_NO_ADMIN: Final = "OpenAI's organisation and project administration does not exist on Zhipu; use the console of bigmodel.cn or z.ai."
_NO_VECTOR_STORES: Final = "Vector stores are not served here; compute vectors with client.embeddings and search them in a store of your own."

ROUTES: Final[tuple[Route, ...]] = (
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
    _response(
        "POST", "", "create", "By chat completions, or by Zhipu's own Responses API where that gives more."
    ),
    _refused("/responses", _NO_SOCKET, method="GET"),
    _refused("/responses/compact", _NO_COMPACTION),
    Route(
        "POST",
        "/responses/input_tokens",
        "translated",
        "Counted by Zhipu's tokenizer.",
        _SPEC,
        _SPEC_SEEN,
        "responses.input_tokens:count",
    ),
    _response("GET", "/{id}", "retrieve", "Kept in this process, or by Zhipu where it was told to."),
    _response("DELETE", "/{id}", "delete", "Forgotten here, and by Zhipu where it keeps it."),
    _response(
        "GET", "/{id}/input_items", "list_input_items", "Of what is kept in this process, or by Zhipu."
    ),
    _refused("/responses/{id}/cancel", _NO_BACKGROUND),
    _refused("/responses/**", _NO_RESPONSE_PART, source=_ELSEWHERE),
    _conversation("POST", "", "create"),
    _conversation("GET", "/{id}", "retrieve"),
    _conversation("POST", "/{id}", "update"),
    _conversation("DELETE", "/{id}", "delete"),
    _conversation("POST", "/{id}/items", "create_items"),
    _conversation("GET", "/{id}/items", "list_items"),
    _conversation("GET", "/{id}/items/{item_id}", "retrieve_item"),
    _conversation("DELETE", "/{id}/items/{item_id}", "delete_item"),
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
    _refused("/vector_stores", _NO_VECTOR_STORES),
    _refused("/vector_stores/**", _NO_VECTOR_STORES),
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
