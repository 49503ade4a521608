"""``python -m zhipu_openai image "…" -o FILE``: pictures from a description."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Final

from . import command_parser
from .calling import CommandError, add_client_options, given, reporting, session
from .files import add_output_option, check_output, save, text_or_input

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from pathlib import Path

MODEL: Final = "cogview-3-flash"
"""Free of charge at bigmodel.cn. Source: docs.bigmodel.cn, model overview, 2026-11-23."""
MODEL_ABROAD: Final = "cogview-4-250304"
"""z.ai has no free one. Source: z.ai OpenAPI, 2026-08-22."""


def run(arguments: Sequence[str]) -> int:
    """Ask for pictures and write them; 0 when they came, 1 when not."""
    parser = command_parser("image")
    parser.add_argument("prompt", help='what to draw; "-" reads standard input')
    add_output_option(parser, "the picture")
    parser.add_argument("--model", help=f"an image model ({MODEL}; at z.ai {MODEL_ABROAD})")
    parser.add_argument("--size", metavar="WxH", help="width and height in pixels, such as 1024x1024")
    parser.add_argument(
        "--n",
        type=int,
        default=1,
        metavar="N",
        help="how many; of several each goes into a file of its own, FILE-1, FILE-2 … (%(default)s)",
    )
    add_client_options(parser)
    options = parser.parse_args(arguments)
    options.prompt = text_or_input(options.prompt)
    if not options.prompt.strip():
        parser.error("there is nothing to draw")
    check_output(parser, options.output)
    return reporting(lambda: _draw(options))


def _draw(options: argparse.Namespace) -> int:
    with session(options) as made:
        model = options.model or (MODEL_ABROAD if made.client.settings.region == "intl" else MODEL)
        made.progress.show(f"{model} is drawing")
        answer = made.client.images.generate(
            prompt=options.prompt,
            model=model,
            n=options.n,
            response_format="b64_json",
            **given(size=options.size),
        )
        pictures = [picture.b64_json for picture in answer.data or () if picture.b64_json]
        made.progress.clear()
        for place, picture in enumerate(pictures, 1):
            target = options.output if options.n == 1 else _numbered(options.output, place)
            save([base64.b64decode(picture)], target, made.progress)
    if not pictures:
        raise CommandError("There is no picture in the answer.")
    return 0


def _numbered(path: Path, place: int) -> Path:
    return path.with_name(f"{path.stem}-{place}{path.suffix}")
