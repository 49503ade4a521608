"""Programs run as by a Python of their own, without the second that openai takes to be imported.

A small process imports openai once, and nothing of ours, and forks for each program. Where there is no fork, each
program has its own Python.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import runpy
import signal
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PRELOADED = ("openai", "openai.types.chat", "openai.resources.chat", "openai.resources.responses")
"""What the programs would import anyway."""

_server: subprocess.Popen[str] | None = None


def run(
    arguments: Sequence[str], *, directory: Path, environment: Mapping[str, str], timeout: int = 180
) -> subprocess.CompletedProcess[str]:
    """Run ``python`` with arguments: a script's path, or ``-m`` and a module, and what follows.

    Raises:
        subprocess.TimeoutExpired: It is not over after ``timeout`` seconds; it is ended.
    """
    if not hasattr(os, "fork"):
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=directory,
            env=dict(environment),
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=timeout,
            check=False,
        )
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder) / "out", Path(folder) / "err"
        asked = {
            "arguments": list(arguments),
            "directory": str(directory),
            "environment": dict(environment),
            "out": str(out),
            "err": str(err),
            "timeout": timeout,
        }
        server = _running()
        assert server.stdin is not None
        assert server.stdout is not None
        server.stdin.write(json.dumps(asked) + "\n")
        server.stdin.flush()
        code = json.loads(server.stdout.readline())
        if code is None:
            raise subprocess.TimeoutExpired(list(arguments), timeout)
        return subprocess.CompletedProcess(
            list(arguments), code, out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8")
        )


def _running() -> subprocess.Popen[str]:
    global _server  # noqa: PLW0603 - one for all tests of a process
    if _server is None:
        quiet = {
            name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "ZHIPU"))
        }
        _server = subprocess.Popen(
            [sys.executable, __file__],
            env=quiet,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        atexit.register(_stop, _server)
    return _server


def _stop(server: subprocess.Popen[str]) -> None:
    assert server.stdin is not None
    assert server.stdout is not None
    server.stdin.close()
    server.wait(timeout=10)
    server.stdout.close()


def _serve() -> None:
    for name in PRELOADED:
        with contextlib.suppress(ImportError):
            __import__(name)
    for line in sys.stdin:
        print(json.dumps(_forked(json.loads(line))), flush=True)


def _forked(asked: dict[str, Any]) -> int | None:
    """Give the exit code, None when the time was over."""
    child = os.fork()
    if child == 0:
        _become(asked)

    def end(*_: object) -> NoReturn:
        raise TimeoutError

    signal.signal(signal.SIGALRM, end)
    signal.alarm(asked["timeout"])
    try:
        _, status = os.waitpid(child, 0)
    except TimeoutError:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return None
    finally:
        signal.alarm(0)
    return os.waitstatus_to_exitcode(status)


def _become(asked: dict[str, Any]) -> NoReturn:
    """Be the program, in the forked process."""
    os.setsid()
    files = (os.open(os.devnull, os.O_RDONLY), *(_created(asked[name]) for name in ("out", "err")))
    for number, file in enumerate(files):
        os.dup2(file, number)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - the process ends with it
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - likewise
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - likewise
    os.environ.clear()
    os.environ.update(asked["environment"])
    os.chdir(asked["directory"])
    arguments: list[str] = asked["arguments"]
    own = str(Path(__file__).parent)
    path = [entry for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry]
    sys.path[:] = [*path, *(entry for entry in sys.path if entry != own)]
    code = 0
    try:
        if arguments[0] == "-m":
            sys.path.insert(0, asked["directory"])
            sys.argv[:] = arguments[1:]
            runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
        else:
            sys.path.insert(0, str(Path(arguments[0]).parent))
            sys.argv[:] = arguments
            runpy.run_path(arguments[0], run_name="__main__")
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
    except BaseException:  # noqa: BLE001 - as Python itself does
        traceback.print_exc()
        code = 1
    finally:
        # What the program left to be done at its end is done here; the server's own is not.
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _created(path: str) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)


if __name__ == "__main__":
    _serve()
