"""The bases of our clients: openai's own classes, which type checkers see with our types added."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import openai

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from typing import TypedDict

    from openai import DefaultAsyncHttpxClient, DefaultHttpxClient, NotGiven, Timeout
    from openai._base_client import URL  # type: ignore[attr-defined]  # of httpx or httpx2: whichever openai uses
    from typing_extensions import Self, Unpack

    from .adaptation import Policy
    from .endpoints import EndpointName
    from .limits import Limiter
    from .resources.beta import AsyncBeta, Beta
    from .resources.chat import AsyncChat, Chat
    from .settings import Auth, RegionChoice, ResponsesMode
    from .zhipu import AsyncZhipu, Zhipu

    BaseURL: TypeAlias = str | URL

    class _Options(TypedDict, total=False):
        """What both clients take: openai's keywords, then ours."""

        admin_api_key: str | None
        organization: str | None
        project: str | None
        webhook_secret: str | None
        base_url: BaseURL | NotGiven | None
        websocket_base_url: BaseURL | None
        timeout: float | Timeout | NotGiven | None
        max_retries: int
        default_headers: Mapping[str, str] | None
        default_query: Mapping[str, object] | None
        _strict_response_validation: bool
        _enforce_credentials: bool
        # Ways of speaking to OpenAI itself, or to other services; refused when the client is made.
        provider: None
        workload_identity: None
        data_residency: None

        region: RegionChoice | None
        endpoint: EndpointName | None
        auth: Auth | None
        on_adaptation: Policy | None
        max_concurrency: int | Limiter | None
        model_aliases: Mapping[str, str] | None
        responses: ResponsesMode | None
        fast_streams: bool | None

    class ClientOptions(_Options, total=False):
        """The keywords of ``OpenAI(...)``."""

        api_key: str | Callable[[], str] | None
        http_client: DefaultHttpxClient | None

    class AsyncClientOptions(_Options, total=False):
        """The keywords of ``AsyncOpenAI(...)``."""

        api_key: str | Callable[[], Awaitable[str]] | None
        http_client: DefaultAsyncHttpxClient | None

    class _CopyOptions(TypedDict, total=False):
        """What ``copy()`` takes beyond the constructor: headers and parameters to replace, not to add to."""

        set_default_headers: Mapping[str, str] | None
        set_default_query: Mapping[str, object] | None

    class CopyOptions(ClientOptions, _CopyOptions, total=False):
        """The keywords of ``OpenAI.copy(...)`` and ``OpenAI.with_options(...)``."""

    class AsyncCopyOptions(AsyncClientOptions, _CopyOptions, total=False):
        """The keywords of ``AsyncOpenAI.copy(...)`` and ``AsyncOpenAI.with_options(...)``."""

    class OpenAIBase(openai.OpenAI):
        """openai.OpenAI with our keywords, and chat completions that know ``reasoning_content``."""

        def __init__(self, **options: Unpack[ClientOptions]) -> None: ...

        def copy(self, **options: Unpack[CopyOptions]) -> Self: ...  # type: ignore[override]  # what we refuse is left out

        def with_options(self, **options: Unpack[CopyOptions]) -> Self: ...  # type: ignore[override]  # likewise

        @property
        def chat(self) -> Chat: ...

        @property
        def beta(self) -> Beta: ...

        @property
        def zhipu(self) -> Zhipu: ...

    class AsyncOpenAIBase(openai.AsyncOpenAI):
        """openai.AsyncOpenAI with our keywords, and chat completions that know ``reasoning_content``."""

        def __init__(self, **options: Unpack[AsyncClientOptions]) -> None: ...

        def copy(self, **options: Unpack[AsyncCopyOptions]) -> Self: ...  # type: ignore[override]  # likewise

        def with_options(self, **options: Unpack[AsyncCopyOptions]) -> Self: ...  # type: ignore[override]  # likewise

        @property
        def chat(self) -> AsyncChat: ...

        @property
        def beta(self) -> AsyncBeta: ...

        @property
        def zhipu(self) -> AsyncZhipu: ...

else:
    OpenAIBase: TypeAlias = openai.OpenAI
    AsyncOpenAIBase: TypeAlias = openai.AsyncOpenAI
