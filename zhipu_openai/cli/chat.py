"""``python -m zhipu_openai chat "…"``: ask a model, stream its answer to the terminal."""

from __future__ import annotations

import sys
import warnings
from typing import TYPE_CHECKING, Any, Final, TextIO

from . import command_parser
from .calling import add_client_options, client_for, given, reporting

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Sequence

    from zhipu_openai.endpoints import Region
    from zhipu_openai.settings import Settings

DEFAULT_MODEL: Final = "glm-4.7-flash"
"""A model that is free of charge. Source: docs.bigmodel.cn, model overview, 2026-11-23."""

_SITES: Final[dict[str, Region]] = {"cn": "cn", "intl": "intl", "standin": "cn"}
"""Whose prices apply."""

_DIM: Final = "\x1b[2m"
_PLAIN: Final = "\x1b[0m"


def run(arguments: Sequence[str]) -> int:
    """Ask and print; 0 when an answer came, 1 when not."""
    parser = command_parser("chat")
    parser.add_argument("prompt", nargs="?", help='what to ask; "-" or nothing reads standard input')
    parser.add_argument(
        "--model", default=DEFAULT_MODEL, help="a GLM model or a name of OpenAI's (%(default)s)"
    )
    parser.add_argument("--system", metavar="TEXT", help="what the model is told beforehand")
    parser.add_argument("--effort", metavar="WORD", help='how hard to think: "none", "low", "high", "max" …')
    parser.add_argument(
        "--max-tokens", type=int, metavar="N", help="the most tokens to write, thoughts included"
    )
    parser.add_argument("--hide-reasoning", action="store_true", help="do not show what the model thinks")
    parser.add_argument(
        "--usage",
        action="store_true",
        help="say afterwards, on standard error, what was used and what it costs",
    )
    add_client_options(parser)
    options = parser.parse_args(arguments)
    prompt = sys.stdin.read() if options.prompt in (None, "-") else options.prompt
    if not prompt.strip():
        parser.error("there is nothing to ask")
    return reporting(lambda: _ask(options, prompt))


def _ask(options: argparse.Namespace, prompt: str) -> int:
    messages: list[Any] = [{"role": "system", "content": options.system}] if options.system else []
    asked: dict[str, Any] = {
        "model": options.model,
        "messages": [*messages, {"role": "user", "content": prompt}],
        "reasoning_effort": options.effort,
        "max_tokens": options.max_tokens,
        "stream_options": {"include_usage": True} if options.usage else None,
    }
    with warnings.catch_warnings(), client_for(options) as client:
        # The notes on what was translated are for programs; here the answer alone is wanted.
        warnings.simplefilter("ignore")
        stream = client.chat.completions.create(**given(**asked), stream=True)
        last = _print(stream, sys.stdout, show_reasoning=not options.hide_reasoning)
        if options.usage:
            print(_usage(last, client.settings), file=sys.stderr)
    return 0


def _usage(chunk: Any, settings: Settings) -> str:
    """Say what an answer used and what it costs, or why the cost is not known."""
    from zhipu_openai.pricing import PriceNotFoundError, cost  # noqa: PLC0415 - needed with --usage alone
    from zhipu_openai.pricing.usages import read  # noqa: PLC0415 - likewise

    if getattr(chunk, "usage", None) is None:
        return "The answer does not say what it used."
    used = read(chunk)
    tokens = f"Tokens: {used.input:,} input ({used.cached:,} cached), {used.output:,} output ({used.reasoning:,} reasoning)"
    if settings.region not in _SITES:
        return f"{tokens}\nCost: not known, since this address is not Zhipu's."
    try:
        told = str(cost(chunk, region=_SITES[settings.region]))
    except PriceNotFoundError as error:
        return f"{tokens}\nCost: {error}"
    if settings.region == "standin":
        return f"{tokens}\nCost, at Zhipu itself: {told}"
    if settings.endpoint == "coding":
        return f"{tokens}\nCost, were it pay as you go (the Coding Plan counts credits): {told}"
    return f"{tokens}\nCost: {told}"


def _print(chunks: Iterable[Any], out: TextIO, *, show_reasoning: bool) -> Any:
    """Print the pieces as they come: thoughts dim, and only on a terminal, so that a pipe gets the answer alone.

    Returns:
        The last piece, which carries the usage.
    """
    chunk = None
    thinking = False
    show_reasoning = show_reasoning and out.isatty()
    reason = None
    for chunk in chunks:
        for choice in chunk.choices:
            reason = choice.finish_reason or reason
            thought = getattr(choice.delta, "reasoning_content", None)
            if thought and show_reasoning:
                out.write(thought if thinking else _DIM + thought)
                thinking = True
            if choice.delta.content:
                out.write((_PLAIN + "\n\n" if thinking else "") + choice.delta.content)
                thinking = False
            out.flush()
    out.write(_PLAIN + "\n" if thinking else "\n")
    out.flush()
    if reason == "length":
        print("The answer was cut at the token limit; --max-tokens raises it.", file=sys.stderr)
    return chunk
