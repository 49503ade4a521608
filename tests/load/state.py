"""What a process holds, how a run's rows are judged, and where they are kept."""

from __future__ import annotations

import argparse
import asyncio
import gc
import re
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

RESULTS = Path(__file__).with_name("RESULTS.md")

_PAGE_KIB = 4


@dataclass(frozen=True)
class State:
    """What the process holds: open files, threads, tasks, memory in KiB, and objects that the collector knows."""

    files: int
    threads: int
    tasks: int
    rss: int
    objects: int

    @classmethod
    def now(cls) -> State:
        """Collect, and look."""
        for _ in range(3):
            gc.collect()
        try:
            tasks = len(asyncio.all_tasks())
        except RuntimeError:
            tasks = 0
        # asyncio keeps threads of its own for looking names up; they stay as long as the loop.
        threads = sum(not thread.name.startswith("asyncio_") for thread in threading.enumerate())
        return cls(open_files(), threads, tasks, rss(), len(gc.get_objects()))

    def beyond(self, start: State) -> dict[str, int]:
        """Give what there is more of than at the start, of what a client may not leave behind."""
        more = {what: getattr(self, what) - getattr(start, what) for what in ("files", "threads", "tasks")}
        # The loop of a process opens files of its own once.
        more["files"] -= 1
        return {what: count for what, count in more.items() if count > 0}


def open_files() -> int:
    """Count the open file descriptors; 0 where the system does not say."""
    folder = Path("/proc/self/fd")
    return sum(1 for _ in folder.iterdir()) - 1 if folder.exists() else 0


def rss() -> int:
    """Give the resident memory in KiB; 0 where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * _PAGE_KIB
    except OSError:
        return 0


def more_files() -> None:
    """Allow as many open files as the system permits."""
    try:
        import resource
    except ImportError:
        return
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def eventually(fulfilled: Callable[[], bool], seconds: float = 10.0) -> bool:
    """Wait for something to become true; say whether it did."""
    until = time.monotonic() + seconds
    while not fulfilled():
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


class Run:
    """A table and the troubles that were found; its end is the script's exit code."""

    def __init__(self, name: str, head: Sequence[str]) -> None:
        """Begin a table."""
        self.name = name
        self.head = head
        self.rows: list[Sequence[object]] = []
        self.notes: list[str] = []
        self.troubles: list[str] = []

    def row(self, *cells: object) -> None:
        """Add a row."""
        self.rows.append(cells)

    def check(self, fulfilled: object, trouble: str) -> None:
        """Keep a trouble, unless all is well."""
        if not fulfilled:
            self.troubles.append(trouble)

    def lines(self) -> Iterable[str]:
        """Give the section for RESULTS.md."""
        yield f"## {self.name}"
        yield ""
        yield "| " + " | ".join(self.head) + " |"
        yield "|" + "---|" * len(self.head)
        for row in self.rows:
            yield "| " + " | ".join(map(str, row)) + " |"
        yield ""
        yield from (f"{note}\n" for note in self.notes)
        yield "All is well.\n" if not self.troubles else "Found: " + "; ".join(self.troubles) + "\n"

    def end(self, *, write: bool) -> None:
        """Print the table, keep it if that is wanted, and leave with 1 if anything was wrong."""
        section = "\n".join(self.lines())
        print(section)
        if write:
            kept = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else _TITLE
            pattern = re.compile(rf"## {re.escape(self.name)}\n.*?(?=\n## |\Z)", re.DOTALL)
            found = pattern.search(kept)
            kept = kept[: found.start()] + section + kept[found.end() :] if found else f"{kept}\n{section}"
            RESULTS.write_text(kept.rstrip("\n") + "\n", encoding="utf-8")
        sys.exit(bool(self.troubles))


_TITLE = "# Load and lifetimes\n\nWritten by the scripts beside this file with `--write`.\n"


def arguments(description: str | None) -> argparse.ArgumentParser:
    """Make the parser that the scripts share."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--write", action="store_true", help="keep the table in RESULTS.md")
    return parser
