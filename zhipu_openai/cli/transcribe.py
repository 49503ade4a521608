"""``python -m zhipu_openai transcribe FILE``: what is said in a recording."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from . import command_parser
from .calling import add_client_options, reporting, session
from .files import upload
from .screen import show

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

MODEL: Final = "glm-asr-2512"
"""Source: bigmodel.cn OpenAPI, 2026-07-11."""

_FORMATS: Final = ("text", "json", "verbose_json", "srt", "vtt")


def run(arguments: Sequence[str]) -> int:
    """Print what is said; 0 when it was understood, 1 when not."""
    parser = command_parser("transcribe")
    parser.add_argument("file", help="the recording: WAV or MP3; other formats need the extra audio")
    parser.add_argument("--model", default=MODEL, help="a model that listens (%(default)s)")
    parser.add_argument(
        "--format",
        choices=_FORMATS,
        default="text",
        help="text, JSON or subtitles; times are those of the pieces of the recording (%(default)s)",
    )
    add_client_options(parser)
    options = parser.parse_args(arguments)
    return reporting(lambda: _transcribe(options))


def _transcribe(options: argparse.Namespace) -> int:
    with session(options) as made, upload(options.file, made.progress) as file:
        heard: Any = made.client.audio.transcriptions.create(
            file=file, model=options.model, response_format=options.format
        )
    show((heard if isinstance(heard, str) else heard.to_json()).rstrip("\n"))
    return 0
