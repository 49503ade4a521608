"""The stand-in's tools for texts and pages: answers that follow from the words alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from . import wire
from .fields import COMMON, Field, json_object, refusal
from .tokens import count
from .traffic import Reply, Request

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .service import StandIn

SAYS: Final = "[stand-in] No page was looked at: this text comes from the zhipu-openai stand-in."

_RERANK: Final = (
    Field("model", ("string",), required=True),
    Field("query", ("string",), required=True, most=4096),
    Field("documents", ("array",), required=True, least=1, most=128),
    Field("top_n", ("integer",), least=0),
    Field("return_documents", ("boolean",)),
    Field("return_raw_scores", ("boolean",)),
    *COMMON,
)
_ENGINES: Final = ("search_std", "search_pro", "search_pro_sogou", "search_pro_quark")
_ENGINES_OF: Final[Mapping[str, tuple[str, ...]]] = {"cn": _ENGINES, "intl": ("search-prime", *_ENGINES)}
_WITHOUT_LINKS: Final = frozenset({"search_std", "search_pro"})
_SEARCH: Final = (
    Field("search_query", ("string",), required=True, least=1, most=70),
    Field("search_intent", ("boolean",)),
    Field("count", ("integer",), least=1, most=50),
    Field("search_domain_filter", ("string",)),
    Field(
        "search_recency_filter",
        ("string",),
        choices=("oneDay", "oneWeek", "oneMonth", "oneYear", "noLimit"),
    ),
    Field("content_size", ("string",), choices=("medium", "high")),
    *COMMON,
)
_READER: Final = (
    Field("url", ("string",), required=True, least=1),
    Field("timeout", ("integer",), least=1),
    Field("return_format", ("string",)),
    *(
        Field(name, ("boolean",))
        for name in (
            "no_cache",
            "retain_images",
            "no_gfm",
            "keep_img_data_url",
            "with_images_summary",
            "with_links_summary",
        )
    ),
)
_LONGEST_DOCUMENT: Final = 4096
_RESULTS: Final = 10


def answer(request: Request, given: Mapping[str, Any], body: Mapping[str, Any]) -> Reply:
    """Make a whole answer, with what every answer holds."""
    common = {
        "id": request.id,
        "request_id": given.get("request_id", request.id),
        "created": int(request.now.timestamp()),
    }
    content = wire.json_bytes({**common, **body}, sort_keys=True)
    return Reply(200, wire.headers("json", request.id, request.now), [content])


def rerank(service: StandIn, request: Request) -> Reply:
    """Sort documents by how many of the query's words they hold."""
    given = json_object(request)
    refused = refusal(service, request, given, _RERANK)
    if refused is not None or given is None:
        return refused or service.error(request, "1210")
    if given["model"] != "rerank":
        return service.error(request, "1211")
    documents = given["documents"]
    if not all(isinstance(one, str) and len(one) <= _LONGEST_DOCUMENT for one in documents):
        return service.error(request, "1214", message=_illegal(request, "documents"))
    wanted = _words(given["query"])
    scored = [
        (round(len(wanted & _words(one)) / max(len(wanted), 1), 6), place)
        for place, one in enumerate(documents)
    ]
    scored.sort(key=lambda one: (-one[0], one[1]))
    with_text = given.get("return_documents") is True
    results = [
        {"index": place, "relevance_score": score, **({"document": documents[place]} if with_text else {})}
        for score, place in scored[: given.get("top_n") or len(scored)]
    ]
    tokens = count(given["query"]) + sum(count(one) for one in documents)
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    return answer(request, given, {"results": results, "usage": usage})


def web_search(service: StandIn, request: Request) -> Reply:
    """Find nothing, but as many times as was asked for."""
    given = json_object(request)
    engines = _ENGINES_OF[service.region]
    engine = Field("search_engine", ("string",), required=True, choices=engines)
    refused = refusal(service, request, given, (engine, *_SEARCH))
    if refused is not None or given is None:
        return refused or service.error(request, "1210")
    query = given["search_query"]
    intent = "SEARCH_ALL" if given.get("search_intent") else "SEARCH_ALWAYS"
    host = given.get("search_domain_filter") or "example.com"
    results = [
        {
            "title": f"{query} ({place})",
            "content": SAYS,
            "link": "" if given["search_engine"] in _WITHOUT_LINKS else f"https://{host}/stand-in/{place}",
            "media": "stand-in",
            "icon": "https://example.com/icon.png",
            "refer": f"ref_{place}",
            "publish_date": f"{request.now:%Y-%m-%d}",
        }
        for place in range(1, given.get("count", _RESULTS) + 1)
    ]
    understood = [{"query": query, "intent": intent, "keywords": query}]
    return answer(request, given, {"search_intent": understood, "search_result": results})


def reader(service: StandIn, request: Request) -> Reply:
    """Give a page that says that it is none."""
    given = json_object(request)
    refused = refusal(service, request, given, _READER)
    if refused is not None or given is None:
        return refused or service.error(request, "1210")
    if not urlsplit(given["url"]).hostname:
        return service.error(request, "1214", message=_illegal(request, "url"))
    plain = given.get("return_format", "markdown") == "text"
    page = {
        "url": given["url"],
        "title": "The zhipu-openai stand-in",
        "description": "A page of the stand-in",
        "content": SAYS if plain else f"# The zhipu-openai stand-in\n\n{SAYS}",
        "external": {},
        "metadata": {"description": "A page of the stand-in"},
    }
    return answer(request, given, {"model": "web-reader", "reader_result": page})


def _illegal(request: Request, name: str) -> str:
    if request.language == "zh":
        return f"{name} 参数非法。请检查文档。"
    return f"Parameter {name} is invalid. Please check the documentation."


def _words(text: str) -> set[str]:
    """Split a text into lower-case words; each Chinese character counts as one."""
    return set(re.findall(r"[a-z0-9]+|[\u4e00-\u9fff]", text.lower()))


ROWS: Final = (
    ("POST", r"/rerank", rerank),
    ("POST", r"/web_search", web_search),
    ("POST", r"/reader", reader),
)
"""Method, path and answer of what is here."""
