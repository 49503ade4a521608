"""Where a connection goes and what it carries: Zhipu's address, our key, and nothing that is OpenAI's."""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode, urlsplit, urlunsplit

import openai

from zhipu_openai._no_sockets import bad_request
from zhipu_openai.adaptation import Refused
from zhipu_openai.boundary import Target
from zhipu_openai.client_settings import check_websocket
from zhipu_openai.errors import error_from_body, refusal

from .sockets import AsyncSocket, SyncSocket
from .translator import Translator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from zhipu_openai.boundary import Headers
    from zhipu_openai.errors import ErrorAnswer

    from .state import Dialect

_SCHEMES: Final = {"https": "wss", "http": "ws"}

_MEMORY: Final = "zhipu_openai.standin.realtime.memory"
_MANY: Final = 1 << 20
"""Messages: more than come before a caller reads one."""

_NOT_AT_ZAI: Final = (
    "Zhipu serves realtime at open.bigmodel.cn alone: api.z.ai has no such endpoint (docs.z.ai OpenAPI, 2026-08-22). "
    'Make a client with region="cn" and a key of bigmodel.cn.'
)
_NOT_IN_THE_PLAN: Final = (
    "The Coding Plan's endpoint is for chat; that it serves realtime is documented nowhere. "
    'Make a client with endpoint="general", which is paid for by use.'
)
_NO_CALLS: Final = "Zhipu has no WebRTC or SIP calls that could be joined by a call_id; connect with a model."
_NO_TRANSCRIPTION: Final = (
    "Zhipu's realtime service has no sessions for transcription alone; use client.audio.transcriptions."
)
_NEEDS_WEBSOCKETS: Final = (
    "You need to install `openai[realtime]` to use this method (the websockets library is missing): "
    'pip install "openai[realtime]"'
)


class Opening:
    """What one call of connect() is to open, as often as openai connects anew."""

    def __init__(self, client: Any, dialect: Dialect, given: Mapping[str, Any]) -> None:
        """Check whether there is anything to connect to.

        Args:
            client: Our client.
            dialect: The protocol that the caller speaks.
            given: The arguments of connect().

        Raises:
            openai.BadRequestError: Zhipu has no such thing where this client goes.
        """
        self.client = client
        self._dialect = dialect
        self._options = dict(given.get("websocket_connection_options") or {})
        model = given.get("model")
        self._model = model if isinstance(model, str) else None
        if isinstance(given.get("call_id"), str):
            raise self.raised(refusal(_NO_CALLS, param="call_id"))
        settings = client.settings
        if settings.region == "intl":
            raise self.raised(refusal(_NOT_AT_ZAI, param=None, code="unsupported_operation"))
        if settings.endpoint == "coding":
            raise self.raised(refusal(_NOT_IN_THE_PLAN, param=None, code="unsupported_operation"))

    def raised(self, answer: ErrorAnswer) -> Exception:
        """Make openai's exception of an answer of ours."""
        return bad_request(answer, self._url({}))

    def open(self, extra_query: Mapping[str, Any], extra_headers: Mapping[str, Any]) -> SyncSocket:
        """Connect.

        Raises:
            openai.OpenAIError: The websockets library is missing, or the connection is refused here.
            websockets.exceptions.InvalidStatus: Zhipu refuses the connection; a note says why.
            OSError: It cannot be reached.
        """
        refresh = getattr(self.client, "_refresh_api_key", None)
        key = refresh() if refresh is not None else None
        url, headers, translator = self._prepared(key, extra_query, extra_headers)
        service = _service_below(self.client)
        if service is not None:
            return SyncSocket(_optional(_MEMORY).SyncMemory(service, url, headers), translator, self.raised)
        direct = _optional("zhipu_openai.glm_realtime.direct")
        try:
            socket = direct.connect_directly(url, **self._arguments(headers))
        except Exception as error:
            self._explain(error)
            raise
        return SyncSocket(socket, translator, self.raised)

    async def open_async(
        self, extra_query: Mapping[str, Any], extra_headers: Mapping[str, Any]
    ) -> AsyncSocket:
        """Connect; see open()."""
        refresh = getattr(self.client, "_refresh_api_key", None)
        key = await refresh() if refresh is not None else None
        url, headers, translator = self._prepared(key, extra_query, extra_headers)
        service = _service_below(self.client)
        if service is not None:
            return AsyncSocket(_optional(_MEMORY).AsyncMemory(service, url, headers), translator, self.raised)
        direct = _optional("zhipu_openai.glm_realtime.direct")
        try:
            socket = await direct.AsyncDirect(url, **self._arguments(headers))
        except Exception as error:
            self._explain(error)
            raise
        return AsyncSocket(socket, translator, self.raised)

    def _prepared(
        self, key: str | None, extra_query: Mapping[str, Any], extra_headers: Mapping[str, Any]
    ) -> tuple[str, Headers, Translator]:
        query = {name: value for name, value in extra_query.items() if _is_given(value)}
        model = self._model or query.get("model")
        query.pop("model", None)
        if query.get("intent") == "transcription":
            raise self.raised(refusal(_NO_TRANSCRIPTION, param="intent"))
        if "call_id" in query:
            raise self.raised(refusal(_NO_CALLS, param="call_id"))
        url = self._url(query)
        check_websocket(url, self.client.settings)
        settings = self.client.settings
        translator = Translator(
            self._dialect, model=model, aliases=settings.model_aliases, policy=settings.on_adaptation
        )
        return url, self._headers(url, key, extra_headers), translator

    def _url(self, query: Mapping[str, Any]) -> str:
        base = urlsplit(str(self.client.websocket_base_url or self.client.base_url))
        own = {name: value for name, value in self.client.default_query.items() if _is_given(value)}
        parts = [part for part in (base.query, urlencode({**own, **query}, doseq=True)) if part]
        path = f"{base.path.rstrip('/')}/realtime"
        return urlunsplit((_SCHEMES.get(base.scheme, base.scheme), base.netloc, path, "&".join(parts), ""))

    def _headers(self, url: str, key: str | None, extra: Mapping[str, Any]) -> Headers:
        """Choose the headers as the boundary does, which signs the key where that is wanted.

        Raises:
            openai.APIStatusError: The key cannot be used.
        """
        key = key or self.client.api_key
        merged: dict[str, tuple[str, Any]] = {}
        if key:
            merged["authorization"] = ("Authorization", f"Bearer {key}")
        for given in (self.client._custom_headers, extra):  # noqa: SLF001 - what the caller gave, without openai's own
            merged.update({name.lower(): (name, value) for name, value in given.items()})
        pairs = [(name, str(value)) for name, value in merged.values() if _is_given(value)]
        core = self.client._client.boundary.core  # noqa: SLF001 - openai keeps its HTTP client there
        try:
            headers: Headers = core.headers(pairs, Target("base", url), translated=True)
        except Refused as refused:
            raise self.raised(refused.answer) from None
        return headers

    def _arguments(self, headers: Headers) -> dict[str, Any]:
        options = dict(self._options)
        # As openai has it: audio may be longer than the websockets library expects of a message, and without a
        # bound on its size nothing is unpacked.
        options.setdefault("max_size", None)
        if options["max_size"] is None:
            options.setdefault("compression", None)
        # A reader that stops at so many unread messages does not see the end of the connection either, and
        # whoever leaves early would wait for it.
        options.setdefault("max_queue", _MANY)
        options.setdefault("user_agent_header", self.client.user_agent)
        return {"additional_headers": list(headers), **options}

    def _explain(self, error: Exception) -> None:
        """Say in a note what Zhipu said when it refused the connection."""
        response = getattr(error, "response", None)
        status = getattr(response, "status_code", None)
        if not isinstance(status, int) or not hasattr(error, "add_note"):
            return
        with suppress(ValueError, TypeError):
            answer = error_from_body(
                status, getattr(response, "body", None) or b"", base_url=self.client.settings.base_url
            )
            if answer is not None:
                error.add_note(str(answer.body["error"]["message"]))


def _optional(module: str) -> Any:
    """Import a module of ours that needs the websockets library, which is an extra of openai's."""
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        raise openai.OpenAIError(_NEEDS_WEBSOCKETS) from error


def _is_given(value: Any) -> bool:
    return value is not None and type(value).__name__ not in ("Omit", "NotGiven")


def _service_below(client: Any) -> Any:
    """Give the stand-in on which a client runs in process; None for any other client."""
    below = client._client.boundary.inner  # noqa: SLF001 - openai keeps its HTTP client there
    return getattr(below, "service", None) if getattr(below, "stands_in", False) else None
