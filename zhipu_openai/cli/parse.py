"""``python -m zhipu_openai parse FILE``: the text of a document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from . import command_parser
from .calling import CommandError, add_client_options, reporting, session
from .files import upload
from .screen import show
from .waiting import add_waiting_options, resumable, wait

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from .calling import Session

_TOOLS: Final = ("lite", "expert", "prime")
"""Source: bigmodel.cn OpenAPI, 2026-07-11."""
_INTERVAL: Final = 2.0


def run(arguments: Sequence[str]) -> int:
    """Print the text of a document; 0 when it was read, 1 when not, 3 when it is not done in time."""
    parser = command_parser("parse")
    parser.add_argument("file", nargs="?", help="the document; its name must end in its kind, such as .pdf")
    parser.add_argument(
        "--tool",
        choices=_TOOLS,
        default=_TOOLS[0],
        help="lite: text alone, many kinds; expert: PDF; prime: nearly all kinds, with tables (%(default)s)",
    )
    add_waiting_options(parser, interval=_INTERVAL)
    add_client_options(parser)
    options = parser.parse_args(arguments)
    if (options.file is None) == (options.resume is None):
        parser.error("either a file or --resume is needed")
    return reporting(lambda: _parse(options))


def _parse(options: argparse.Namespace) -> int:
    with session(options) as made:
        task_id = options.resume or _begin(made, options)
        parser = made.client.zhipu.file_parser
        with resumable("parse", task_id, options, made):
            found = wait(
                lambda seconds: parser.result(task_id, timeout=seconds),
                lambda result: result.status != "processing",
                lambda result: f"document {result.status}",
                options,
                made.progress,
            )
    if found.status != "succeeded" or found.content is None:
        raise CommandError(f"The document was not read: {found.message or found.status}")
    show(found.content.rstrip("\n"))
    return 0


def _begin(made: Session, options: argparse.Namespace) -> str:
    with upload(options.file, made.progress) as file:
        task = made.client.zhipu.file_parser.create(file=file, tool_type=options.tool)
    made.progress.say(f"Begun: {task.task_id}")
    return task.task_id
