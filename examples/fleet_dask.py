"""A data set mapped over GLM by many processes, with Dask: each answer or error is written beside its row.

    python fleet_dask.py [rows.jsonl] [answers.jsonl] [tcp://scheduler:8786]

A row is {"id": …, "text": …}. What is written has "answer", "error" and "model" too. Started again, it asks what has no
answer yet. With ZHIPU_REDIS_URL all workers count under one limit; without, each has its part of it. Needs
``pip install "zhipu-openai[redis]" distributed``.
"""

import json
import os
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import openai

from zhipu_openai import create_client
from zhipu_openai.fleet import ClientSettings, RedisLimiter

LIMIT = 4
"""Requests that the account may have under way."""

WORKERS = 2
AHEAD = 64
"""Rows that are with the workers at a time, so that a data set of any size passes."""

SAMPLE = [
    {"id": "review-001", "text": "Arrived on time and works as described."},
    {"id": "review-002", "text": "The box was crushed and the screen cracked."},
    {"id": "review-003", "text": "屏幕很亮，电池也耐用。"},
    {"id": "review-004", "text": "Returned it after a week: far too loud."},
    {"id": "review-005", "text": "It does its job, no more and no less."},
    {"id": "review-006", "text": "客服一直没有回复，很失望。"},
]


def ask(settings: ClientSettings, row: dict[str, Any]) -> dict[str, Any]:
    """Ask about one row, on a worker. openai's own retries are in it; what is left of a failure is kept."""
    try:
        completion = settings.client().chat.completions.create(
            model="gpt-4o-mini",
            messages=[
                {"role": "system", "content": "Is the review positive, negative or neutral? One word."},
                {"role": "user", "content": row["text"]},
            ],
        )
    except openai.APIError as error:
        failure = {"code": error.code or type(error).__name__, "message": error.message}
        return {**row, "answer": None, "error": failure, "model": None}
    return {
        **row,
        "answer": completion.choices[0].message.content,
        "error": None,
        "model": completion.model,
    }


def mend(path: Path) -> None:
    """End a line that a crash cut short, so that the next one is not lost in it."""
    if path.exists() and not path.read_bytes().endswith(b"\n"):
        with path.open("ab") as out:
            out.write(b"\n")


def read(path: Path) -> Iterator[dict[str, Any]]:
    """Read lines of JSON; the last one may have been cut short by a crash."""
    for line in path.read_text("utf-8").splitlines() if path.exists() else []:
        try:
            yield json.loads(line)
        except ValueError:
            continue


def main(source: str | None = None, target: str = "answers.jsonl", scheduler: str | None = None) -> None:
    """Ask all rows that have no answer yet."""
    try:
        from distributed import Client, LocalCluster, as_completed  # noqa: PLC0415 - to say what to install
    except ModuleNotFoundError as error:
        raise SystemExit(f'{error}; pip install "zhipu-openai[redis]" distributed') from None

    answers = Path(target)
    mend(answers)
    answered = {row["id"] for row in read(answers) if row["error"] is None}
    rows = SAMPLE if source is None else read(Path(source))
    waiting = (row for row in rows if row["id"] not in answered)

    shared = os.environ.get("ZHIPU_REDIS_URL")
    limit = RedisLimiter(limit=LIMIT, name="fleet-example") if shared else max(1, LIMIT // WORKERS)
    # Decided here for all: a worker that finds no key is to fail, and not to answer by the stand-in.
    standin = create_client(standin="without_key").settings.region == "standin"
    if standin:
        print("The embedded stand-in answers, not a model: no key was found, or it was asked for.")
    settings = ClientSettings(
        standin="always" if standin else "never",
        on_adaptation="ignore",
        max_concurrency=limit,
        max_retries=5,
    )

    cluster = scheduler or LocalCluster(
        n_workers=WORKERS, threads_per_worker=4, processes=True, dashboard_address=None
    )
    count = failed = 0
    with Client(cluster) as dask, answers.open("a", encoding="utf-8") as out:
        # A worker that dies is replaced, and its rows are asked again.
        pending = as_completed(dask.submit(ask, settings, row, pure=False) for row in islice(waiting, AHEAD))
        for future in pending:
            row = future.result()
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
            out.flush()
            count, failed = count + 1, failed + (row["error"] is not None)
            print(f"\r{count} done, {failed} failed", end="", file=sys.stderr)
            for following in islice(waiting, 1):
                pending.add(dask.submit(ask, settings, following, pure=False))
    print(f"\n{count} rows asked, {failed} failed, {len(answered)} were there already: {answers}")
    for row in islice(read(answers), 6):
        print(f"{row['id']}: {row['answer'] or row['error']}")


if __name__ == "__main__":
    main(*sys.argv[1:])
