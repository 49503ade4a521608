"""The twin of fleet_dask.py on the Batch API: the same rows, the same answers, on Zhipu's machines instead of yours.

    python fleet_batch.py [rows.jsonl] [answers.jsonl]

It may be stopped while it waits: the ids of its batches are kept beside the answers, and started again it goes on
waiting for those. What has no answer afterwards is asked when it is started once more.
"""

import json
import sys
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from zhipu_openai import OpenAI, create_client
from zhipu_openai.types import Batch

LINES = 50_000
"""Lines that a batch takes."""

OVER = ("completed", "failed", "expired", "cancelled")

SAMPLE = [
    {"id": "review-001", "text": "Arrived on time and works as described."},
    {"id": "review-002", "text": "The box was crushed and the screen cracked."},
    {"id": "review-003", "text": "屏幕很亮，电池也耐用。"},
    {"id": "review-004", "text": "Returned it after a week: far too loud."},
    {"id": "review-005", "text": "It does its job, no more and no less."},
    {"id": "review-006", "text": "客服一直没有回复，很失望。"},
]


def line(row: dict[str, Any]) -> dict[str, Any]:
    """Write a row as a line of a batch."""
    messages = [
        {"role": "system", "content": "Is the review positive, negative or neutral? One word."},
        {"role": "user", "content": row["text"]},
    ]
    body = {"model": "gpt-4o-mini", "messages": messages}
    return {"custom_id": row["id"], "method": "POST", "url": "/v1/chat/completions", "body": body}


def answer(row: dict[str, Any], result: dict[str, Any] | None) -> dict[str, Any]:
    """Put what came of a row beside it."""
    body = ((result or {}).get("response") or {}).get("body") or {}
    if body.get("choices"):
        said = body["choices"][0]["message"]["content"]
        return {**row, "answer": said, "error": None, "model": body.get("model")}
    error = (
        body.get("error") or (result or {}).get("error") or {"message": "the batch has no line for this row"}
    )
    failure = {"code": error.get("code"), "message": error.get("message")}
    return {**row, "answer": None, "error": failure, "model": None}


def mend(path: Path) -> None:
    """End a line that a crash cut short, so that the next one is not lost in it."""
    if path.exists() and not path.read_bytes().endswith(b"\n"):
        with path.open("ab") as out:
            out.write(b"\n")


def read(path: Path) -> Iterator[dict[str, Any]]:
    """Read lines of JSON; the last one may have been cut short by a crash."""
    for text in path.read_text("utf-8").splitlines() if path.exists() else []:
        try:
            yield json.loads(text)
        except ValueError:
            continue


def results(client: OpenAI, batch: Batch) -> dict[str, dict[str, Any]]:
    """Give the result of each line, by the id of its row."""
    found = {}
    for file_id in (batch.output_file_id, batch.error_file_id):
        for text in client.files.content(file_id).text.splitlines() if file_id else []:
            result = json.loads(text)
            found[result["custom_id"]] = result
    return found


def main(source: str | None = None, target: str = "answers.jsonl") -> None:
    """Ask all rows that have no answer yet."""
    client = create_client(standin="without_key", on_adaptation="ignore")
    if client.settings.region == "standin":
        print("The embedded stand-in answers, not a model: no key was found, or it was asked for.")
    answers, begun = Path(target), Path(f"{target}.batches")
    mend(answers)
    answered = {row["id"] for row in read(answers) if row["error"] is None}
    rows = SAMPLE if source is None else list(read(Path(source)))
    if not begun.exists():
        waiting = (row for row in rows if row["id"] not in answered)
        ids = []
        while lines := [json.dumps(line(row), ensure_ascii=False) for row in islice(waiting, LINES)]:
            file = client.files.create(file=("rows.jsonl", "\n".join(lines).encode()), purpose="batch")
            batch = client.batches.create(
                input_file_id=file.id, endpoint="/v1/chat/completions", completion_window="24h"
            )
            ids.append({"batch": batch.id, "rows": [json.loads(text)["custom_id"] for text in lines]})
        begun.write_text("\n".join(map(json.dumps, ids)), "utf-8")

    count = failed = 0
    by_id = {row["id"]: row for row in rows}
    for one in read(begun):
        wait = 0.1
        batch = client.batches.retrieve(one["batch"])
        while batch.status not in OVER:
            time.sleep(wait)
            wait = min(wait * 2, 60)
            batch = client.batches.retrieve(one["batch"])
            done = batch.request_counts.completed if batch.request_counts else 0
            print(f"{batch.id}: {batch.status}, {done} done", file=sys.stderr)
        found = results(client, batch)
        with answers.open("a", encoding="utf-8") as out:
            for name in one["rows"]:
                row = answer(by_id[name], found.get(name))
                out.write(json.dumps(row, ensure_ascii=False) + "\n")
                count, failed = count + 1, failed + (row["error"] is not None)
    begun.unlink()
    print(f"{count} rows asked, {failed} failed, {len(answered)} were there already: {answers}")
    for row in islice(read(answers), 6):
        print(f"{row['id']}: {row['answer'] or row['error']}")


if __name__ == "__main__":
    main(*sys.argv[1:])
