"""``python -m zhipu_openai batch FILE.jsonl -o OUT.jsonl``: a file of requests, run within a day."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from . import command_parser
from .calling import FAILED, CommandError, add_client_options, reporting, session
from .files import add_output_option, check_output, save_answer, upload
from .screen import complain
from .waiting import add_waiting_options, resumable, wait

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from .calling import Session

_INTERVAL: Final = 30.0
_OVER: Final = frozenset({"completed", "failed", "expired", "cancelled"})


def run(arguments: Sequence[str]) -> int:
    """Run a batch and write its results.

    Returns:
        0 when it was completed and there are results, though some of its lines may have failed; 1 when not; 3
        when it is not over in time.
    """
    parser = command_parser("batch")
    parser.add_argument("file", nargs="?", help="the requests, one a line, as OpenAI has them")
    add_output_option(parser, "what came of them")
    add_waiting_options(parser, interval=_INTERVAL)
    add_client_options(parser)
    parser.epilog = "Requests that failed are written beside OUT.jsonl as OUT.errors.jsonl."
    options = parser.parse_args(arguments)
    if (options.file is None) == (options.resume is None):
        parser.error("either a file or --resume is needed")
    check_output(parser, options.output)
    return reporting(lambda: _run(options))


def _run(options: argparse.Namespace) -> int:
    with session(options) as made:
        batch_id = options.resume or _begin(made, options.file)
        with resumable("batch", batch_id, options, made, "-o", str(options.output)):
            batches = made.client.batches
            batch = wait(
                lambda seconds: batches.retrieve(batch_id, timeout=seconds),
                lambda found: found.status in _OVER,
                _said,
                options,
                made.progress,
            )
            _fetch(made, batch.output_file_id, options.output)
            errors = _errors_beside(options.output)
            _fetch(made, batch.error_file_id, errors)
    # The results of what was run are worth having though the batch did not come to its end.
    complain(_said(batch))
    if batch.status != "completed":
        for error in (batch.errors.data if batch.errors is not None else None) or ():
            complain(error.message)
        return FAILED
    return 0 if batch.output_file_id else FAILED


def _begin(made: Session, path: str) -> str:
    endpoint = _endpoint_of(path)
    with upload(path, made.progress) as file:
        uploaded = made.client.files.create(file=file, purpose="batch")
    made.tell_notes()
    batch_id = made.client.batches.create(
        input_file_id=uploaded.id, endpoint=endpoint, completion_window="24h"
    ).id
    made.progress.say(f"Begun: {batch_id}")
    return batch_id


def _endpoint_of(path: str) -> Any:
    """Give the operation that the first request asks for; a batch has one."""
    with Path(path).open(encoding="utf-8-sig") as lines:
        first = next((line for line in lines if line.strip()), "")
    try:
        url = json.loads(first)["url"]
    except (ValueError, TypeError, KeyError):
        url = None
    if not isinstance(url, str):
        raise CommandError(
            f"The first line of {path} is no request: it needs custom_id, method, url and body, as OpenAI has it."
        )
    return url


def _said(batch: Any) -> str:
    counts = batch.request_counts
    if counts is None:
        return f"batch {batch.status}"
    failed = f", {counts.failed} failed" if counts.failed else ""
    return f"batch {batch.status}: {counts.completed} of {counts.total} done{failed}"


def _fetch(made: Session, file_id: str | None, target: Path) -> None:
    if file_id:
        with made.client.files.with_streaming_response.content(file_id) as answer:
            save_answer(answer, target, made.progress)


def _errors_beside(path: Path) -> Path:
    return path.with_name(f"{path.stem}.errors{path.suffix}")
