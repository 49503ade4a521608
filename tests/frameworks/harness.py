"""One program in its own environment: ``python harness.py PROGRAM`` or ``python harness.py --example FILE``.

Prints one line of JSON per feature, ``{"feature", "outcome", "detail"}``, and a last one with the versions.
An outcome is ``passes``, ``fails`` or ``not offered``. Beside what a program asserts, a feature fails if nothing
reached the stand-in, if something reached it without a key, if an answer that was laid out was not asked for,
and if anything tried to reach another host than this machine that ``REACHES_OUT`` does not name.
"""

from __future__ import annotations

import asyncio
import inspect
import io
import json
import os
import platform
import runpy
import sys
import traceback
import warnings
from contextlib import redirect_stdout
from importlib.metadata import version
from importlib.util import module_from_spec, spec_from_file_location
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any

import form

if TYPE_CHECKING:
    from collections.abc import Callable

_WATCHED = {"socket.connect": 1, "socket.getaddrinfo": 0, "socket.sendto": 1}
"""What a program does to reach a host, and which of its arguments names the host."""

_DETAIL = 1500
"""Characters of a traceback that are kept: its end."""


class EscapeError(OSError):
    """Something wanted to leave this machine."""


class Border:
    """Lets no connection leave this machine, and remembers which wanted to."""

    def __init__(self) -> None:
        """Close the border, for the rest of the process."""
        self.hosts: list[str] = []
        sys.addaudithook(self._look)

    def _look(self, event: str, arguments: tuple[Any, ...]) -> None:
        place = _WATCHED.get(event)
        if place is None:
            return
        address = arguments[place]
        host = address[0] if isinstance(address, tuple) else address if event.endswith("info") else None
        host = host.decode() if isinstance(host, bytes) else host
        if not host or _is_here(host):
            return
        self.hosts.append(host)
        raise EscapeError(f"{host} is not to be reached from a program")


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback or ip_address(host).is_unspecified
    except ValueError:
        return host == "localhost"


def judged(work: Callable[[], str], border: Border, allowed: dict[str, str]) -> tuple[str, str]:
    """Do some work; give the outcome and the detail."""
    before = len(border.hosts)
    try:
        detail = work()
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is the outcome
        told = "".join(traceback.format_exception(error))
        return "fails", told[-_DETAIL:]
    reached = sorted(set(border.hosts[before:]) - allowed.keys())
    if reached:
        return "fails", f"wanted to reach {', '.join(reached)}"
    return "passes", detail


def prove(function: Callable[[Any], Any]) -> str:
    """Run a program's function on a new stand-in; give what it proves."""
    from handle import Standin

    standin = Standin()
    done = function(standin)
    if inspect.isawaitable(done):
        asyncio.run(_awaited(done))
    assert standin.requests, "nothing reached the stand-in"
    assert all(request.authorized for request in standin.requests), "a request came without its key"
    assert standin.service.pending == 0, f"{standin.service.pending} answers were not asked for"
    standin.close()
    return (inspect.getdoc(function) or "").partition("\n")[0]


async def _awaited(done: Any) -> None:
    await done


def run_example(path: Path) -> str:
    """Run an example as ``python FILE`` would; give the last line that it printed."""
    sys.path[0] = str(path.parent)
    sys.argv = [str(path)]
    printed = io.StringIO()
    with redirect_stdout(printed):
        runpy.run_path(str(path), run_name="__main__")
    sys.stderr.write(printed.getvalue())
    lines = printed.getvalue().strip().splitlines()
    assert "stand-in" in printed.getvalue(), f"it does not say that the stand-in answered: {lines}"
    return lines[-1]


def versions(packages: tuple[str, ...]) -> dict[str, str]:
    """Give the versions of these packages and of what is below them."""
    from zhipu_openai.library import openai_library

    return {
        name: version(name) for name in (*packages, "openai", openai_library().module.__name__, "pydantic")
    }


def load(path: Path) -> Any:
    """Import a program; its folder is not on the path, so it may be called as its framework is."""
    spec = spec_from_file_location(f"{path.stem}_program", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def main(arguments: list[str]) -> int:
    """Run a program or an example; 1 if anything fails."""
    # What frameworks print is not among the lines of JSON.
    lines = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    warnings.simplefilter("ignore")
    border = Border()
    outcomes: list[str] = []

    def tell(feature: str, outcome: str, detail: str) -> None:
        outcomes.append(outcome)
        lines.write(json.dumps({"feature": feature, "outcome": outcome, "detail": detail}) + "\n")
        lines.flush()

    path = Path(arguments[-1]).resolve()
    program = form.read_program(form.PROGRAMS / f"{path.stem.removesuffix('_on_glm')}.py")
    if arguments[0] == "--example":
        tell(form.OUTSIDE_THE_PROGRAM, *judged(lambda: run_example(path), border, program.reaches_out))
        return int("fails" in outcomes)
    modules: list[Any] = []
    outcome, detail = judged(lambda: str(modules.append(load(path))), border, program.reaches_out)
    if outcome == "fails":
        tell("import", outcome, detail)
        return 1
    for feature in program.features:
        function = getattr(modules[0], feature)
        tell(feature, *judged(lambda function=function: prove(function), border, program.reaches_out))
    for feature, reason in program.not_offered.items():
        tell(feature, "not offered", reason)
    lines.write(
        json.dumps({"versions": versions(program.packages), "python": platform.python_version()}) + "\n"
    )
    lines.flush()
    return int("fails" in outcomes)


if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    # Threads that a framework left behind are not waited for.
    os._exit(code)
