"""What other libraries' names mean for code on OpenAI's API, and what became of openai's own before 1.0."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from .values import Family

_CLASSES: Final = frozenset({"OpenAI", "AsyncOpenAI", "Client", "AsyncClient"})

_README: Final = "README of this project, Frameworks"
_SEEN: Final = date(2026, 11, 24)


@dataclass(frozen=True, slots=True)
class Framework:
    """A class of another library that speaks with OpenAI by itself, and what to give it."""

    name: str
    advice: str
    source: str
    seen: date


_HTTP: Final = (
    "Give it http_client=zhipu_openai.http_client() and http_async_client=zhipu_openai.async_http_client(); "
    "see the guide from-openai-to-glm."
)
_CLIENT: Final = "Give it a client of zhipu_openai; see the guide from-openai-to-glm."

FRAMEWORKS: Final[tuple[Framework, ...]] = (
    Framework("langchain_openai.ChatOpenAI", _HTTP, _README, _SEEN),
    Framework("langchain_openai.OpenAI", _HTTP, _README, _SEEN),
    Framework("langchain_openai.OpenAIEmbeddings", _HTTP, _README, _SEEN),
    Framework("langchain_openai.chat_models.ChatOpenAI", _HTTP, _README, _SEEN),
    Framework("langchain_community.chat_models.ChatOpenAI", _HTTP, _README, _SEEN),
    Framework("langchain.chat_models.ChatOpenAI", _HTTP, _README, _SEEN),
    Framework("agents.OpenAIChatCompletionsModel", _CLIENT, _README, _SEEN),
    Framework("agents.OpenAIResponsesModel", _CLIENT, _README, _SEEN),
    Framework("agents.set_default_openai_client", _CLIENT, _README, _SEEN),
    Framework("pydantic_ai.providers.openai.OpenAIProvider", _CLIENT, _README, _SEEN),
)

GIVES_THE_CLIENT: Final = frozenset(
    {
        "instructor.from_openai",
        "instructor.patch",
        "langsmith.wrappers.wrap_openai",
    }
)
"""Functions of tracing and validating libraries that give back the client they are given."""

DROP_IN: Final = frozenset({"langfuse.openai.OpenAI", "langfuse.openai.AsyncOpenAI"})
"""Classes of other libraries that are openai's own, traced."""

PROVIDERS: Final = frozenset(
    {
        "anthropic",
        "cerebras",
        "cohere",
        "dashscope",
        "fireworks",
        "google",
        "groq",
        "litellm",
        "mistralai",
        "together",
        "zai",
        "zhipuai",
    }
)
"""Packages whose clients have methods of the same names as OpenAI's, and are not OpenAI's."""

BEFORE_1_0: Final[dict[str, str]] = {
    "ChatCompletion": "client.chat.completions.create",
    "Completion": "client.completions.create",
    "Embedding": "client.embeddings.create",
    "Image": "client.images.generate",
    "Audio": "client.audio.transcriptions.create",
    "Moderation": "client.moderations.create",
    "File": "client.files",
    "Model": "client.models",
    "Edit": "client.chat.completions.create",
    "Engine": "client.models",
    "FineTune": "client.fine_tuning.jobs, which Zhipu does not serve",
    "FineTuningJob": "client.fine_tuning.jobs, which Zhipu does not serve",
    "error": "the exceptions in openai itself, such as openai.RateLimitError",
    "api_base": "OpenAI(base_url=...), or nothing: Zhipu's address is the default here",
    "api_key_path": "ZHIPU_API_KEY in the environment or in .env",
    "openai_object": "the types in openai.types",
}
"""What stands for a name of openai below 1.0. Whether a name is gone is asked of the installed openai itself."""


def client_family(full: str) -> Family | None:
    """Say what a class makes: None if it is no client of OpenAI's API."""
    top, name = full.partition(".")[0], full.rpartition(".")[2]
    if full in DROP_IN:
        return "openai"
    if top not in ("openai", "zhipu_openai"):
        return None
    ours = top == "zhipu_openai"
    if name in _CLASSES or (ours and name in ("create_client", "create_async_client")):
        return "zhipu" if ours else "openai"
    return "elsewhere" if name.endswith("OpenAI") else None


def is_another_provider(full: str) -> bool:
    """Whether a name belongs to a package that speaks with another provider."""
    return full.partition(".")[0] in PROVIDERS


def framework(full: str) -> Framework | None:
    """Find the row for a name."""
    return next((row for row in FRAMEWORKS if row.name == full), None)
