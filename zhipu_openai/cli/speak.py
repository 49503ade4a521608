"""``python -m zhipu_openai speak "…" -o FILE``: a text, spoken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from . import command_parser
from .calling import add_client_options, reporting, session
from .files import add_output_option, check_output, save, text_or_input

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

MODEL: Final = "glm-tts"
VOICE: Final = "tongtong"
"""Zhipu's own default. Source of both: bigmodel.cn OpenAPI, 2026-07-11."""

_FORMATS: Final = ("wav", "mp3", "opus", "aac", "flac", "pcm")
"""OpenAI's; all but wav and pcm are made here, by the extra ``audio``."""


def run(arguments: Sequence[str]) -> int:
    """Have a text spoken and write the sound; 0 when it came, 1 when not."""
    parser = command_parser("speak")
    parser.add_argument("text", help='what to say; "-" reads standard input')
    add_output_option(parser, "the sound")
    parser.add_argument("--model", default=MODEL, help="a speech model (%(default)s)")
    parser.add_argument(
        "--voice", default=VOICE, help="a voice of Zhipu's or OpenAI's, or a cloned one's id (%(default)s)"
    )
    parser.add_argument(
        "--format",
        choices=_FORMATS,
        help="by default what FILE ends in, otherwise wav; all but wav and pcm need the extra audio",
    )
    add_client_options(parser)
    options = parser.parse_args(arguments)
    options.text = text_or_input(options.text)
    if not options.text.strip():
        parser.error("there is nothing to say")
    if options.format is None:
        ending = options.output.suffix.lower().removeprefix(".")
        options.format = ending if ending in _FORMATS else "wav"
    check_output(parser, options.output)
    return reporting(lambda: _speak(options))


def _speak(options: argparse.Namespace) -> int:
    with session(options) as made:
        made.progress.show(f"{options.voice} is speaking")
        # Whole: a stream's WAV cannot say how long it is.
        sound = made.client.audio.speech.create(
            input=options.text, model=options.model, voice=options.voice, response_format=options.format
        )
        save((sound.content,), options.output, made.progress)
    return 0
