"""``python -m zhipu_openai video "…" -o FILE``: a video from a description; begun, waited for and saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from . import command_parser
from .calling import CommandError, add_client_options, given, reporting, session
from .files import add_output_option, check_output, save_answer, text_or_input
from .waiting import add_waiting_options, resumable, wait

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from .calling import Session

MODEL: Final = "cogvideox-flash"
"""Free of charge at bigmodel.cn. Source: docs.bigmodel.cn, model overview, 2026-11-23."""
MODEL_ABROAD: Final = "cogvideox-3"
"""z.ai has no free one. Source: z.ai OpenAPI, 2026-08-22."""

_INTERVAL: Final = 5.0
_OVER: Final = frozenset({"completed", "failed"})


def run(arguments: Sequence[str]) -> int:
    """Wait for a video and write it; 0 when it came, 1 when not, 3 when it is not ready in time."""
    parser = command_parser("video")
    parser.add_argument("prompt", nargs="?", help='what happens in it; "-" reads standard input')
    add_output_option(parser, "the video")
    parser.add_argument("--model", help=f"a video model ({MODEL}; at z.ai {MODEL_ABROAD})")
    parser.add_argument("--seconds", metavar="N", help="how long it is to be")
    parser.add_argument("--size", metavar="WxH", help="width and height in pixels, such as 1280x720")
    add_waiting_options(parser, interval=_INTERVAL)
    add_client_options(parser)
    options = parser.parse_args(arguments)
    if (options.prompt is None) == (options.resume is None):
        parser.error("either a prompt or --resume is needed")
    if options.resume is None:
        options.prompt = text_or_input(options.prompt)
        if not options.prompt.strip():
            parser.error("there is nothing to film")
    check_output(parser, options.output)
    return reporting(lambda: _film(options))


def _film(options: argparse.Namespace) -> int:
    with session(options) as made:
        if not hasattr(made.client, "videos"):
            raise CommandError('Videos need openai 2.2 or newer: pip install --upgrade "openai>=2.2".')
        video_id = options.resume or _begin(made, options)
        with resumable("video", video_id, options, made, "-o", str(options.output)):
            videos = made.client.videos
            video = wait(
                lambda seconds: videos.retrieve(video_id, timeout=seconds),
                lambda found: found.status in _OVER,
                lambda found: f"video {found.status}",
                options,
                made.progress,
            )
            if video.status == "completed":
                with videos.with_streaming_response.download_content(video_id) as answer:
                    save_answer(answer, options.output, made.progress)
                return 0
    raise CommandError(f"The video failed: {_reason(video)}")


def _begin(made: Session, options: argparse.Namespace) -> str:
    model = options.model or (MODEL_ABROAD if made.client.settings.region == "intl" else MODEL)
    made.progress.show(f"asking {model}")
    asked: dict[str, Any] = given(
        prompt=options.prompt, model=model, seconds=options.seconds, size=options.size
    )
    video_id = made.client.videos.create(**asked).id
    made.progress.say(f"Begun: {video_id}")
    made.tell_notes()
    return video_id


def _reason(video: Any) -> str:
    return video.error.message if video.error is not None else "no reason was given"
