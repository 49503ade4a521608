"""Forks, spawned workers and ends of the interpreter: ``python -m tests.load.processes``.

Each case is a program of its own, with a time limit: whoever runs into it hangs. Its last line says what it found;
what else it says on standard error is counted, and must be nothing.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from .server import Served, served
from .state import Run, arguments

LIMIT: Final = 60.0
"""Seconds a program may take, on a machine as busy as may be."""

ROOT: Final = Path(__file__).parents[2]

_BEGIN = """
import asyncio, faulthandler, os, signal, sys, threading, time
from PACKAGE import OpenAI, AsyncOpenAI
URL, SOME = sys.argv[1], [{"role": "user", "content": "Hi"}]
OPTIONS = {"api_key": "0123456789abcdef0123456789abcdef.SecretSecretSecr", "base_url": URL, "max_retries": 0,
           "timeout": 20.0}
if "PACKAGE" != "openai":
    OPTIONS["max_concurrency"] = 2

def ask(client, **more):
    return client.chat.completions.create(model="glm-4.7", messages=SOME, **more)

def good(client):
    assert ask(client).choices[0].message.content == "Hello."
    said = "".join(one.choices[0].delta.content or "" for one in ask(client, stream=True) if one.choices)
    assert said.count("世界") == 5

def in_children(work, count=4):
    pids = []
    for _ in range(count):
        pid = os.fork()
        if not pid:
            faulthandler.dump_traceback_later(30, exit=True)
            try:
                work()
            except BaseException:
                import traceback
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        pids.append(pid)
    return [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]
"""

FORKS: Final = {
    "fork after a call": """
client = OpenAI(**OPTIONS)
good(client)
assert in_children(lambda: good(client)) == [0] * 4
good(client)
""",
    "fork with streams open": """
client = OpenAI(**OPTIONS)
streams = [ask(client, stream=True), ask(client, stream=True)]
for one in streams:
    next(one)
assert in_children(lambda: good(client)) == [0] * 4
for one in streams:
    assert sum(1 for _ in one) >= 5
good(client)
""",
    "fork while threads call": """
client = OpenAI(**OPTIONS)
good(client)  # before Python 3.12 the first look at a cached property takes a lock of functools that no fork frees
ends = threading.Event()
wrong = []
def work():
    try:
        while not ends.is_set():
            good(client.with_options(timeout=19.0))
    except BaseException as error:
        wrong.append(error)
threads = [threading.Thread(target=work) for _ in range(6)]
for one in threads:
    one.start()
codes = [code for _ in range(6) for code in in_children(lambda: good(client), 2)]
ends.set()
for one in threads:
    one.join()
assert codes == [0] * 12, codes
assert not wrong, wrong
""",
    "fork after an async call": """
client = AsyncOpenAI(**OPTIONS)
async def once():
    assert (await ask(client)).choices[0].message.content == "Hello."
async def leave():
    await once()
    await client.close()
loop = asyncio.new_event_loop()
loop.run_until_complete(once())
assert in_children(lambda: asyncio.run(once())) == [0] * 4
loop.run_until_complete(leave())
loop.close()
""",
    "fork and leave by sys.exit": """
client = OpenAI(**OPTIONS)
good(client)
pid = os.fork()
good(client)
if pid:
    assert os.waitpid(pid, 0)[1] == 0
    good(client)
""",
    "multiprocessing, fork": """
import multiprocessing
client = OpenAI(**OPTIONS)
good(client)
def work(_):
    good(client)
    return 1
with multiprocessing.get_context("fork").Pool(3) as pool:
    assert sum(pool.map(work, range(9))) == 9
good(client)
""",
}

OTHERS: Final = {
    "multiprocessing, spawn, a client for each worker": """
import multiprocessing
def begin():
    global client
    client = OpenAI(**OPTIONS)
def work(_):
    good(client)
    return 1
if __name__ == "__main__":
    with multiprocessing.get_context("spawn").Pool(2, begin) as pool:
        assert sum(pool.map(work, range(6))) == 6
""",
    "exit with a stream open": """
client = OpenAI(**OPTIONS)
stream = ask(client, stream=True)
next(stream)
""",
    "exit with a stream of two answers open": """
client = OpenAI(**OPTIONS)
SOME[0]["content"] = f"play {sys.argv[2]}"
stream = ask(client, stream=True, n=2)
next(stream)
""",
    "exit while daemon threads read": """
client = OpenAI(**OPTIONS)
SOME[0]["content"] = f"play {sys.argv[2]}"
for _ in range(2):
    threading.Thread(target=lambda: list(ask(client, stream=True)), daemon=True).start()
time.sleep(0.5)
""",
    "exit while daemon threads wait for a place": """
client = OpenAI(**OPTIONS)
streams = [ask(client, stream=True), ask(client, stream=True)]
for _ in range(4):
    threading.Thread(target=lambda: ask(client), daemon=True).start()
time.sleep(0.3)
""",
    "an async client that is never closed": """
client = AsyncOpenAI(**OPTIONS)
async def once():
    await ask(client)
asyncio.run(once())
""",
    "an async stream that is never closed": """
client = AsyncOpenAI(**OPTIONS)
async def once():
    stream = await ask(client, stream=True)
    await stream.__anext__()
asyncio.run(once())
""",
    "two async answers that are never closed": """
client = AsyncOpenAI(**OPTIONS)
SOME[0]["content"] = f"play {sys.argv[2]}"
async def once():
    global stream
    stream = await ask(client, stream=True, n=2)
    await stream.__anext__()
asyncio.run(once())
""",
}

_OF_ASYNCIO: Final = "aclose(): asynchronous generator is already running"
"""What asyncio says, now and then, of the HTTP library's generators when a loop ends with a stream open.

It closes nested generators in the order of a set; the bare client has it too.
"""

SILENT_PLAY: Final = 1_000_000
"""Where the search for a stream that falls silent begins."""


def play_that_stalls(seed: int = 0) -> int:
    """Give the number of a stream that falls silent in its middle."""
    from .server import Play

    return next(n for n in range(SILENT_PLAY, SILENT_PLAY + 10_000) if Play.of(seed, n).kind == "stall")


def run(
    program: str, server: Served, folder: Path, *, package: str = "zhipu_openai"
) -> tuple[int | None, float, str]:
    """Run a program; give its exit code (None: it hung), its seconds, and what it said on standard error."""
    path = folder / "program.py"
    path.write_text(_BEGIN.replace("PACKAGE", package) + program, encoding="utf-8")
    # Only the warning about forks while threads run is set aside: forking then is the very case.
    command = [
        sys.executable,
        "-W",
        "ignore::DeprecationWarning",
        str(path),
        server.url,
        str(play_that_stalls()),
    ]
    began = time.perf_counter()
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    try:
        said = process.communicate(timeout=LIMIT)[1]
    except subprocess.TimeoutExpired:
        process.kill()
        return None, time.perf_counter() - began, process.communicate()[1]
    return process.returncode, time.perf_counter() - began, said


def main() -> None:
    """Run all, print the table."""
    import tempfile

    given = arguments(__doc__).parse_args()
    table = Run(
        "Processes", ("", "ended", "seconds", "lines on stderr", "bare openai", "its lines on stderr")
    )
    hung = 0
    cases = {**(FORKS if hasattr(os, "fork") else {}), **OTHERS}
    with served() as server, tempfile.TemporaryDirectory() as folder:
        for name, program in cases.items():
            code, seconds, said = run(program, server, Path(folder))
            bare, _, bare_said = run(program, server, Path(folder), package="openai")
            hung += code is None
            table.check(code == 0, f"{name}: exit code {code}: {said[-300:]}")
            table.check(not said or _OF_ASYNCIO in said, f"{name}: {said[-300:]!r}")
            ends = ["hung" if one is None else f"exit code {one}" for one in (code, bare)]
            table.row(name, ends[0], f"{seconds:.1f}", said.count("\n"), ends[1], bare_said.count("\n"))
        open_ones = server.counts()["open"]
        table.check(not open_ones, f"{open_ones} connections are open after all processes ended")
    table.notes.append(f"Lines on stderr are asyncio's: “{_OF_ASYNCIO}”, by chance, with either client.")
    table.notes.append(f"Programs {len(cases)}, hung {hung}, connections left open {open_ones}.")
    table.end(write=given.write)


if __name__ == "__main__":
    main()
