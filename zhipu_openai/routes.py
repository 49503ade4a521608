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
        return _operator(self.operation)


_SPEC: Final = "bigmodel.cn OpenAPI"
_SPEC_SEEN: Final = date(2026, 7, 11)
_ABSENT: Final = "in no endpoint list of bigmodel.cn or z.ai"
_ABSENT_SEEN: Final = date(2026, 11, 23)


_ELSEWHERE: Final = "docs.bigmodel.cn: Zhipu's Responses API stands at another root, /api/v1"


def _refused(path: str, note: str, *, method: str = "*", source: str = _ABSENT) -> Route:
    return Route(method, path, "refused", note, source, _ABSENT_SEEN)


def _native(method: str, path: str, note: str = "Zhipu serves this path itself.") -> Route:
    return Route(method, path, "native", note, _SPEC, _SPEC_SEEN)


def _upload(path: str, operation: str) -> Route:
    note = (
        "Parts are kept in the client's memory and sent whole, since Zhipu takes files whole; 32 MiB at most."
    )
    return Route("POST", path, "translated", note, _ABSENT, _ABSENT_SEEN, f"uploads:{operation}")


def _knowledge(method: str, path: str, note: str, operation: str) -> Route:
    return Route(method, path, "translated", note, _SPEC, _SPEC_SEEN, f"vector_stores.{operation}")


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
_NO_TUNING: Final = "Fine-tuning has left Zhipu's API (in its SDK until 2025-10, in no specification of 2026); fine-tune in the console of bigmodel.cn and name the model that comes of it in client.chat.completions."
_NO_TUNING_PARTS: Final = (
    "Zhipu never had this operation of fine-tuning; fine-tune in the console of bigmodel.cn."
)
_TUNING: Final = "in MetaGLM/zhipuai-sdk-python-v4 of 2025-10; in no specification of 2026"
_NO_SECRETS: Final = "Zhipu has no ephemeral keys for browsers: connect from a server with client.realtime.connect, or hand out a JWT signed with zhipu_openai.signing."
_NO_TRANSCRIPTION_SESSIONS: Final = (
    "Zhipu has no realtime sessions for transcription alone; use client.audio.transcriptions."
)
_NO_REALTIME_CALLS: Final = "Zhipu has no WebRTC or SIP calls; use client.realtime.connect."
_NO_REALTIME_TRANSLATIONS: Final = "Zhipu has no realtime translation; ask for one in the instructions of a session of client.realtime.connect."

_NO_EDITS: Final = (
    "Zhipu edits no images; describe the whole picture to client.images.generate, or have a vision model such as "
    "glm-4.6v describe the old one first."
)
_NO_VARIATIONS: Final = (
    "Zhipu makes no variations of images; have a vision model such as glm-4.6v describe the picture, and give that "
    "to client.images.generate with n."
)
_NO_CHARACTERS: Final = (
    "Zhipu keeps no characters of videos; give pictures of them as image_url to the model vidu2-reference."
)
_ANEW: Final = "make a new one with client.videos.create, from a picture of the old one if need be."

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
    Route(
        "POST",
        "/completions",
        "translated",
        "Legacy completions, served by chat: a prompt is a user's message.",
        _ABSENT,
        _ABSENT_SEEN,
        "completions:create",
    ),
    Route(
        "POST",
        "/embeddings",
        "translated",
        "Any number of texts; base64 and token arrays.",
        _SPEC,
        _SPEC_SEEN,
        "embeddings:create",
    ),
    Route(
        "POST",
        "/images/generations",
        "translated",
        "Sizes and qualities as the model has them; n side by side; links, or bytes that are read from them.",
        _SPEC,
        _SPEC_SEEN,
        "images.operation:generate",
    ),
    _refused("/images/edits", _NO_EDITS),
    _refused("/images/variations", _NO_VARIATIONS),
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
    _refused("/images/**", "Zhipu neither edits nor varies images; use client.images.generate."),
    Route(
        "POST",
        "/audio/speech",
        "translated",
        "By glm-tts, on bigmodel.cn alone; wav and pcm are its own, other formats are made here (extra audio).",
        _SPEC,
        _SPEC_SEEN,
        "audio.speech:create",
    ),
    Route(
        "POST",
        "/audio/transcriptions",
        "translated",
        "By glm-asr-2512; what lasts longer than 30 seconds is cut at quiet places and sent piece by piece.",
        _SPEC,
        _SPEC_SEEN,
        "audio.transcriptions:create",
    ),
    Route(
        "POST",
        "/audio/translations",
        "translated",
        "Emulated: a transcription, then a chat completion that translates it into English.",
        _ABSENT,
        _ABSENT_SEEN,
        "audio.translations:create",
    ),
    Route(
        "POST",
        "/audio/voices",
        "translated",
        "By Zhipu's voice clone: the sample is uploaded, then cloned.",
        _SPEC,
        _SPEC_SEEN,
        "audio.voices:create",
    ),
    Route(
        "GET",
        "/audio/voices",
        "translated",
        "Zhipu's voice list; openai has no method for it.",
        _SPEC,
        _SPEC_SEEN,
        "audio.voices:list_voices",
    ),
    Route(
        "DELETE",
        "/audio/voices/{id}",
        "translated",
        "Zhipu's voice delete.",
        _SPEC,
        _SPEC_SEEN,
        "audio.voices:delete",
    ),
    _refused(
        "/audio/voice_consents",
        "Zhipu keeps no recordings of consent; have the speaker's consent yourself, and use client.audio.voices.",
    ),
    _refused(
        "/audio/voice_consents/**",
        "Zhipu keeps no recordings of consent; have the speaker's consent yourself, and use client.audio.voices.",
    ),
    _refused("/audio/**", "Zhipu has no such path for audio; see client.audio for what is served."),
    Route(
        "POST",
        "/videos",
        "translated",
        "A job of Zhipu's; its id says when it was begun, how long the video is and of what size.",
        _SPEC,
        _SPEC_SEEN,
        "videos.operation:create",
    ),
    _refused("/videos", "Zhipu keeps no list of videos; keep their ids, and use client.videos.retrieve."),
    _native("POST", "/videos/generations"),
    _refused("/videos/characters", _NO_CHARACTERS),
    _refused("/videos/characters/**", _NO_CHARACTERS),
    _refused("/videos/edits", f"Zhipu does not edit videos; {_ANEW}"),
    _refused("/videos/extensions", f"Zhipu does not extend videos; {_ANEW}"),
    Route(
        "GET",
        "/videos/{id}",
        "translated",
        "How far the job is; Zhipu says nothing between the beginning and the end.",
        _SPEC,
        _SPEC_SEEN,
        "videos.operation:retrieve",
    ),
    Route(
        "POST",
        "/moderations",
        "translated",
        "Zhipu's verdicts in OpenAI's categories, as far as they go.",
        _SPEC,
        _SPEC_SEEN,
        "moderations:create",
    ),
    Route(
        "POST",
        "/files",
        "translated",
        "Purposes in Zhipu's words; the lines of a batch are translated.",
        _SPEC,
        _SPEC_SEEN,
        "files:create",
    ),
    Route(
        "GET",
        "/files",
        "translated",
        "Zhipu lists one purpose at a time; all are listed.",
        _SPEC,
        _SPEC_SEEN,
        "files:list_files",
    ),
    Route(
        "GET",
        "/files/{id}",
        "translated",
        "Found in the lists, since Zhipu has no such path.",
        "no evidence of GET /files/{id}",
        date(2026, 11, 23),
        "files:retrieve",
    ),
    Route("DELETE", "/files/{id}", "translated", "As it is.", _SPEC, _SPEC_SEEN, "files:delete"),
    _refused("/videos/{id}", "Zhipu deletes no videos through the API; their links expire.", method="DELETE"),
    Route(
        "GET",
        "/videos/{id}/content",
        "translated",
        "The file, or its cover as the thumbnail, read from Zhipu's link without the key.",
        _SPEC,
        _SPEC_SEEN,
        "videos.operation:download",
    ),
    _refused("/videos/{id}/remix", f"Zhipu does not remix videos; {_ANEW}"),
    _refused("/videos/**", "Zhipu has no such operation on videos; it makes them, and they are downloaded."),
    Route(
        "GET",
        "/files/{id}/content",
        "translated",
        "Results of a batch in OpenAI's words; any other file byte for byte. Zhipu serves batch files alone.",
        _SPEC,
        _SPEC_SEEN,
        "files:content",
        callers_own=True,
    ),
    _native("*", "/files/**"),
    Route(
        "POST", "/batches", "translated", "Zhipu's endpoint and object.", _SPEC, _SPEC_SEEN, "batches:create"
    ),
    Route("GET", "/batches", "translated", "Zhipu's objects.", _SPEC, _SPEC_SEEN, "batches:list_batches"),
    Route("GET", "/batches/{id}", "translated", "Zhipu's object.", _SPEC, _SPEC_SEEN, "batches:retrieve"),
    Route(
        "POST", "/batches/{id}/cancel", "translated", "Zhipu's object.", _SPEC, _SPEC_SEEN, "batches:cancel"
    ),
    _native("*", "/batches/**"),
    _upload("/uploads", "create"),
    _upload("/uploads/{id}/parts", "add_part"),
    _upload("/uploads/{id}/complete", "complete"),
    _upload("/uploads/{id}/cancel", "cancel"),
    _refused("/uploads/**", "Uploads are created, given parts, completed and cancelled; nothing else."),
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
    _refused("/fine_tuning/jobs", _NO_TUNING, source=_TUNING),
    _refused("/fine_tuning/jobs/{id}", _NO_TUNING, source=_TUNING),
    _refused("/fine_tuning/jobs/{id}/cancel", _NO_TUNING, source=_TUNING),
    _refused("/fine_tuning/jobs/{id}/events", _NO_TUNING, source=_TUNING),
    _refused("/fine_tuning/jobs/{id}/checkpoints", _NO_TUNING_PARTS),
    _refused("/fine_tuning/jobs/{id}/pause", _NO_TUNING_PARTS),
    _refused("/fine_tuning/jobs/{id}/resume", _NO_TUNING_PARTS),
    _refused("/fine_tuning/checkpoints/**", _NO_TUNING_PARTS),
    _refused("/fine_tuning/alpha/graders/**", "Graders run on OpenAI's servers alone."),
    _refused("/fine_tuning/**", _NO_TUNING),
    _refused("/assistants", _NO_ASSISTANTS),
    _refused("/assistants/**", _NO_ASSISTANTS),
    _refused("/threads", _NO_ASSISTANTS),
    _refused("/threads/**", _NO_ASSISTANTS),
    _refused("/chatkit/**", "ChatKit is a service of OpenAI's alone."),
    # Realtime connections are websockets, which do not pass by here: see glm_realtime.
    _refused("/realtime/client_secrets", _NO_SECRETS),
    _refused("/realtime/sessions", _NO_SECRETS),
    _refused("/realtime/transcription_sessions", _NO_TRANSCRIPTION_SESSIONS),
    _refused("/realtime/calls", _NO_REALTIME_CALLS),
    _refused("/realtime/calls/**", _NO_REALTIME_CALLS),
    _refused("/realtime/translations/**", _NO_REALTIME_TRANSLATIONS),
    _refused("/realtime/**", "Zhipu's realtime service is a websocket alone; use client.realtime.connect."),
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


@cache
def _operator(operation: str) -> Operator:
    module, _, name = operation.partition(":")
    operator: Operator = getattr(import_module(f".translate.{module}", __package__), name)
    return operator


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
