"""``python -m zhipu_openai search "…"``: Zhipu's search engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from . import command_parser
from .calling import CommandError, add_client_options, given, reporting, session
from .files import text_or_input
from .screen import harmless, show

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from zhipu_openai.zhipu.web_search import WebSearchResult

ENGINE: Final = "search_pro_sogou"
"""One that gives links. Source: bigmodel.cn OpenAPI, 2026-07-11; recorded traffic, 2026-09."""
ENGINE_ABROAD: Final = "search-prime"
"""z.ai's only one. Source: z.ai OpenAPI, 2026-08-22."""


def run(arguments: Sequence[str]) -> int:
    """Print what was found; 0 when something was, 1 when not."""
    parser = command_parser("search")
    parser.add_argument("query", help='what is looked for, at most 70 characters; "-" reads standard input')
    parser.add_argument(
        "--engine",
        metavar="NAME",
        help=f"search_std, search_pro, search_pro_sogou, search_pro_quark ({ENGINE}; at z.ai {ENGINE_ABROAD})",
    )
    parser.add_argument("--count", type=int, metavar="N", help="how many results, 1 to 50 (10)")
    add_client_options(parser)
    options = parser.parse_args(arguments)
    options.query = text_or_input(options.query).strip()
    if not options.query:
        parser.error("there is nothing to look for")
    return reporting(lambda: _search(options))


def _search(options: argparse.Namespace) -> int:
    with session(options) as made:
        abroad = made.client.settings.region == "intl"
        made.progress.show("searching")
        found = made.client.zhipu.web_search.create(
            search_query=options.query,
            search_engine=options.engine or (ENGINE_ABROAD if abroad else ENGINE),
            **given(count=options.count),
        ).search_result
    if not found:
        raise CommandError("Nothing was found.")
    show("\n\n".join("\n".join(_lines(result)) for result in found))
    return 0


def _lines(result: WebSearchResult) -> Iterator[str]:
    """Write a result; what pages of others say is kept from steering the terminal."""
    yield harmless(result.title or "(without a title)", line=True)
    about = " · ".join(word for word in (result.link, result.media, result.publish_date) if word)
    if about:
        yield harmless(about, line=True)
    for line in (result.content or "").splitlines():
        yield harmless(line, line=True)
