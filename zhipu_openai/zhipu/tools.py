"""What Zhipu's models take in a chat and OpenAI has no name for, as typed builders.

The tools go into ``tools`` beside functions; ``role_play`` and ``code_completion`` into ``extra_body``::

    from zhipu_openai.zhipu import tools

    client.chat.completions.create(
        model="glm-5.2", messages=messages, tools=[tools.web_search("search_pro_sogou")]
    )
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, cast

from typing_extensions import NotRequired, Required, TypedDict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .web_search import ContentSize, Recency, SearchEngine


class WebSearchOptions(TypedDict, total=False):
    """The options of the search tool; see ``web_search``."""

    enable: Required[bool]
    search_engine: Required[str]
    search_query: str
    search_intent: str
    count: int
    search_domain_filter: str
    search_recency_filter: Recency
    content_size: ContentSize
    result_sequence: Literal["before", "after"]
    search_result: bool
    require_search: bool
    search_prompt: str


class WebSearchTool(TypedDict):
    """A tool with which the model searches the web."""

    type: Literal["web_search"]
    web_search: WebSearchOptions


class RetrievalOptions(TypedDict):
    """The options of the retrieval tool; see ``retrieval``."""

    knowledge_id: str
    prompt_template: NotRequired[str]


class RetrievalTool(TypedDict):
    """A tool with which the model looks into a knowledge base of Zhipu's."""

    type: Literal["retrieval"]
    retrieval: RetrievalOptions


class McpOptions(TypedDict, total=False):
    """The options of the MCP tool; see ``mcp``."""

    server_label: Required[str]
    server_url: str
    transport_type: Literal["sse", "streamable-http"]
    allowed_tools: list[str]
    headers: dict[str, str]


class McpTool(TypedDict):
    """A tool with which the model calls an MCP server."""

    type: Literal["mcp"]
    mcp: McpOptions


class CodeInterpreterOptions(TypedDict, total=False):
    """The options of the code interpreter; see ``code_interpreter``."""

    sandbox: Literal["auto", "none"]
    file_ids: list[str]


class CodeInterpreterTool(TypedDict):
    """A tool with which GLM-4-AllTools runs code."""

    type: Literal["code_interpreter"]
    code_interpreter: CodeInterpreterOptions


class DrawingOptions(TypedDict):
    """The options of the drawing tool: none."""


class DrawingTool(TypedDict):
    """A tool with which GLM-4-AllTools draws."""

    type: Literal["drawing_tool"]
    drawing_tool: DrawingOptions


class WebBrowserOptions(TypedDict, total=False):
    """The options of the browser; see ``web_browser``."""

    browser: Literal["auto", "none"]


class WebBrowserTool(TypedDict):
    """A tool with which GLM-4-AllTools reads pages of the web."""

    type: Literal["web_browser"]
    web_browser: WebBrowserOptions


class RoleMeta(TypedDict):
    """Who speaks with whom; see ``role_play``."""

    user_info: str
    bot_info: str
    bot_name: str
    user_name: str


class RolePlay(TypedDict):
    """What ``role_play`` adds to the body."""

    meta: RoleMeta


class CodeTarget(TypedDict):
    """The place in a file where code is wanted."""

    path: NotRequired[str]
    language: str
    code_prefix: str
    code_suffix: str


class CodeContext(TypedDict):
    """Another file of the project."""

    path: str
    code: str


class CodeExtra(TypedDict):
    """What is to be completed; see ``code_completion``."""

    target: CodeTarget
    contexts: NotRequired[list[CodeContext]]


class CodeCompletion(TypedDict):
    """What ``code_completion`` adds to the body."""

    extra: CodeExtra


def web_search(
    search_engine: SearchEngine | str = "search_pro_sogou",
    *,
    search_query: str | None = None,
    search_intent: bool | None = None,
    count: int | None = None,
    search_domain_filter: str | None = None,
    search_recency_filter: Recency | None = None,
    content_size: ContentSize | None = None,
    result_sequence: Literal["before", "after"] | None = None,
    search_result: bool = True,
    require_search: bool | None = None,
    search_prompt: str | None = None,
) -> WebSearchTool:
    """Make the tool with which a model searches the web while it answers.

    The results are in ``completion.web_search`` and, as OpenAI has them, in the message's ``annotations``.
    Source: bigmodel.cn OpenAPI, 2026-07-11. Kinds of tool exclude each other: beside functions it is ignored.
    The Coding Plan's endpoint takes it and does not search (recorded, 2026-09).

    Args:
        search_engine: The engine. Zhipu's own default is ``"search_std"``; with that and ``"search_pro"`` the
            results have no links (recorded, 2026-09), and so nothing can be cited.
        search_query: What to search, whatever the messages say.
        search_intent: Whether to find out first if a search is wanted; True by default at Zhipu's.
        count: How many results, 1 to 50, 10 by default; with sogou 10, 20, 30, 40 or 50.
        search_domain_filter: A domain from which alone results may come.
        search_recency_filter: How old results may be.
        content_size: ``"medium"`` or ``"high"``.
        result_sequence: Whether the results come ``"before"`` or ``"after"`` (the default) the answer.
        search_result: Whether the results are given at all, beside the answer.
        require_search: Whether to answer only if something was found; False by default.
        search_prompt: How the model is told to use the results.

    Returns:
        What to put into ``tools``.
    """
    given: dict[str, Any] = {
        "enable": True,
        "search_engine": search_engine,
        "search_query": search_query,
        # The specification has a string here, not a boolean.
        "search_intent": None if search_intent is None else str(search_intent).lower(),
        "count": count,
        "search_domain_filter": search_domain_filter,
        "search_recency_filter": search_recency_filter,
        "content_size": content_size,
        "result_sequence": result_sequence,
        "search_result": search_result,
        "require_search": require_search,
        "search_prompt": search_prompt,
    }
    return {"type": "web_search", "web_search": cast("WebSearchOptions", _present(given))}


def retrieval(knowledge_id: str, *, prompt_template: str | None = None) -> RetrievalTool:
    """Make the tool with which a model looks into a knowledge base of Zhipu's while it answers.

    Source: bigmodel.cn OpenAPI, 2026-07-11.

    Args:
        knowledge_id: The knowledge base.
        prompt_template: How the model is told to use what is found: a text with ``{{knowledge}}`` and
            ``{{question}}``.

    Returns:
        What to put into ``tools``.
    """
    options = RetrievalOptions(knowledge_id=knowledge_id)
    if prompt_template is not None:
        options["prompt_template"] = prompt_template
    return {"type": "retrieval", "retrieval": options}


def mcp(
    server_label: str,
    *,
    server_url: str | None = None,
    transport_type: Literal["sse", "streamable-http"] | None = None,
    allowed_tools: Iterable[str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> McpTool:
    """Make the tool with which Zhipu calls an MCP server while a model answers.

    Source: bigmodel.cn OpenAPI, 2026-07-11.

    Args:
        server_label: A name for the server, or the code of one of Zhipu's own.
        server_url: Its address; none for one of Zhipu's own.
        transport_type: How it is spoken to, ``"streamable-http"`` by default.
        allowed_tools: The tools that may be called; all by default.
        headers: What authenticates the caller there. Zhipu sees it.

    Returns:
        What to put into ``tools``.
    """
    given = {
        "server_label": server_label,
        "server_url": server_url,
        "transport_type": transport_type,
        "allowed_tools": None if allowed_tools is None else list(allowed_tools),
        "headers": None if headers is None else dict(headers),
    }
    return {"type": "mcp", "mcp": cast("McpOptions", _present(given))}


def code_interpreter(
    *, sandbox: Literal["auto", "none"] | None = None, file_ids: Iterable[str] | None = None
) -> CodeInterpreterTool:
    """Make the tool with which ``glm-4-alltools`` writes code and runs it.

    Source: developer pages of bigmodel.cn, 2025; the model is in no specification of 2026, and answers as a stream
    alone. What a call says and gives stands under ``code_interpreter`` in the stream's ``tool_calls``.

    Args:
        sandbox: ``"auto"`` runs the code at Zhipu's, ``"none"`` leaves that to you.
        file_ids: Files that were uploaded with the purpose ``"code-interpreter"``.

    Returns:
        What to put into ``tools``.
    """
    given = {"sandbox": sandbox, "file_ids": None if file_ids is None else list(file_ids)}
    return {
        "type": "code_interpreter",
        "code_interpreter": cast("CodeInterpreterOptions", _present(given)),
    }


def drawing_tool() -> DrawingTool:
    """Make the tool with which ``glm-4-alltools`` draws; see ``code_interpreter``."""
    return {"type": "drawing_tool", "drawing_tool": {}}


def web_browser(*, browser: Literal["auto", "none"] | None = None) -> WebBrowserTool:
    """Make the tool with which ``glm-4-alltools`` reads pages of the web; see ``code_interpreter``.

    Args:
        browser: ``"auto"`` reads them at Zhipu's, ``"none"`` leaves that to you.
    """
    return {"type": "web_browser", "web_browser": cast("WebBrowserOptions", _present({"browser": browser}))}


def role_play(*, user_info: str, bot_info: str, bot_name: str, user_name: str) -> RolePlay:
    """Say who speaks with whom, for ``charglm-4`` and ``emohaa``.

    Source: recorded traffic of both models, 2024-05; bigmodel.cn OpenAPI, 2026-07-11 (emohaa). All four are
    required. With these models the history may begin with a turn of the assistant's.

    Args:
        user_info: Who the user is.
        bot_info: Who the model is to be.
        bot_name: Its name.
        user_name: The user's name.

    Returns:
        What to give as ``extra_body``.
    """
    return {
        "meta": {
            "user_info": user_info,
            "bot_info": bot_info,
            "bot_name": bot_name,
            "user_name": user_name,
        }
    }


def code_completion(
    language: str,
    *,
    code_prefix: str,
    code_suffix: str = "",
    path: str | None = None,
    contexts: Iterable[CodeContext] | None = None,
) -> CodeCompletion:
    """Say what code is to be completed, for ``codegeex-4``.

    Source: Zhipu's Python SDK, 2026-04. Coding Plan keys may not use the model.

    Args:
        language: The programming language, such as ``"Python"``.
        code_prefix: The code before the gap.
        code_suffix: The code behind it.
        path: The file's path.
        contexts: Other files of the project.

    Returns:
        What to give as ``extra_body``.
    """
    target = CodeTarget(language=language, code_prefix=code_prefix, code_suffix=code_suffix)
    if path is not None:
        target["path"] = path
    extra = CodeExtra(target=target)
    if contexts is not None:
        extra["contexts"] = list(contexts)
    return {"extra": extra}


def _present(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value is not None}
