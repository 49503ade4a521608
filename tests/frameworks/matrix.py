"""Every framework in its own environment: ``python tests/frameworks/matrix.py [NAME ...]``.

Makes an environment for each program from its header, installs this package beside it, and runs the program and
the example on the stand-in, without a network. ``--write`` saves the results and renders the tables.

    --cache DIR   keep the environments there and take them again; by default they are made anew
    --quick       take an environment that exists as it is, rather than look for newer releases
    --write       save results.json and the tables in examples/frameworks; results of other programs stay
    --render      write the tables from results.json, and run nothing
    --with WHAT   beside what the header names, such as openai==2.45.0; may be repeated, and excludes --write
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import form

UNWANTED = (
    "OPENAI_", "AZURE_", "ZHIPU", "ZAI_", "Z_AI_", "BIGMODEL_", "GLM_", "LANGCHAIN", "LANGSMITH", "LANGFUSE",
    "LITELLM", "LLAMA_", "OTEL_", "LOGFIRE", "PYTHON", "VIRTUAL_ENV", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY",
)  # fmt: skip
"""What a variable begins with that no program may see."""

SECONDS = 600
"""How long a program may take."""


def python_of(environment: Path) -> Path:
    """Give the Python of an environment."""
    windows = os.name == "nt"
    return environment / ("Scripts" if windows else "bin") / ("python.exe" if windows else "python")


def make_environment(program: form.Program, cache: Path, beside: list[str], *, quick: bool) -> Path:
    """Make the environment of a program, or take the one that is there; give its Python.

    Args:
        program: The program.
        cache: Where environments are.
        beside: Requirements beside those of the program's header.
        quick: Whether an environment that is there is taken as it is.

    Raises:
        subprocess.CalledProcessError: Something could not be installed.
    """
    environment = cache / program.name
    python = python_of(environment)
    stamp = environment / "made-of.json"
    requirements = [*program.dependencies, *beside]
    made_of = json.dumps([str(form.ROOT), sys.version, requirements])
    fits = stamp.exists() and stamp.read_text(encoding="utf-8") == made_of
    if fits and quick:
        return python
    uv = shutil.which("uv")
    if not fits:
        shutil.rmtree(environment, ignore_errors=True)
        made = [uv, "venv", "-q", "--python", sys.executable] if uv else [sys.executable, "-m", "venv"]
        _run([*made, str(environment)])
    install = [uv, "pip", "install", "--python", str(python)] if uv else [str(python), "-m", "pip", "install"]
    _run([*install, "-q", "--upgrade", "-e", str(form.ROOT), *requirements])
    stamp.write_text(made_of, encoding="utf-8")
    return python


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise subprocess.CalledProcessError(done.returncode, command, done.stdout, done.stderr)


def harness(python: Path, *arguments: str) -> tuple[list[dict[str, Any]], str]:
    """Run the harness; give its lines, and what else was printed."""
    environment = {name: value for name, value in os.environ.items() if not name.upper().startswith(UNWANTED)}
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        environment |= {"HOME": home, "USERPROFILE": home, "PYTHONIOENCODING": "utf-8"}
        try:
            done = subprocess.run(
                [str(python), str(form.HERE / "harness.py"), *arguments],
                cwd=home,
                env=environment,
                capture_output=True,
                text=True,
                encoding="utf-8",
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return [], f"was not done after {SECONDS} s"
    return [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def result_of(program: form.Program, python: Path) -> dict[str, Any]:
    """Run a program and its example; what gave no line has failed."""
    lines, printed = harness(python, str(program.path))
    more, printed_by_example = harness(python, "--example", str(program.example))
    told = {line["feature"]: line for line in [*lines, *more] if "feature" in line}
    end = next((line for line in lines if "versions" in line), {"versions": {}, "python": ""})
    imported = told.get("import", {}).get("detail")
    features = {}
    for feature in form.FEATURES:
        wanted = feature in program.features or feature in program.not_offered
        if feature in told:
            features[feature] = {name: told[feature][name] for name in ("outcome", "detail")}
        elif wanted or feature == form.OUTSIDE_THE_PROGRAM:
            other = printed_by_example if feature == form.OUTSIDE_THE_PROGRAM else imported or printed
            features[feature] = {"outcome": "fails", "detail": f"gave no result: {other[-1000:]}"}
    return {
        "title": program.title,
        "date": datetime.now(timezone.utc).date().isoformat(),
        "python": end["python"],
        "versions": end["versions"],
        "features": features,
    }


def show(name: str, result: dict[str, Any]) -> bool:
    """Print a result; tell whether nothing failed."""
    used = " ".join(f"{package}={number}" for package, number in result["versions"].items())
    print(f"{name}: {used} python={result['python']}", flush=True)
    failed = False
    for feature, found in result["features"].items():
        print(f"  {found['outcome']:12}{feature:18}{found['detail'] if found['outcome'] != 'fails' else ''}")
        if found["outcome"] == "fails":
            failed = True
            print("\n".join(f"      {line}" for line in found["detail"].splitlines()))
    sys.stdout.flush()
    return not failed


def main() -> int:
    """Run what is asked for; 1 if anything fails."""
    parser = argparse.ArgumentParser(description="Every framework in its own environment, on the stand-in.")
    parser.add_argument("names", nargs="*", help="programs; all of them by default")
    parser.add_argument("--cache", type=Path, help="where the environments are kept")
    parser.add_argument("--quick", action="store_true", help="take environments that exist as they are")
    parser.add_argument("--write", action="store_true", help="save the results and the tables")
    parser.add_argument(
        "--with", dest="beside", metavar="WHAT", action="append", default=[], help="a requirement"
    )
    parser.add_argument("--render", action="store_true", help="write the tables from the saved results alone")
    given = parser.parse_args()
    if given.write and given.beside:
        parser.error("what is saved is what the headers ask for: --with and --write exclude each other")
    if given.render:
        form.render(form.read_results())
        return 0
    known = {program.name: program for program in form.programs()}
    unknown = set(given.names) - known.keys()
    if unknown:
        parser.error(f"no program is called {', '.join(sorted(unknown))}; there are: {', '.join(known)}")
    results: dict[str, Any] = {}
    passed = True
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
        cache = (given.cache or Path(temporary)).resolve()
        for name in given.names or known:
            try:
                python = make_environment(known[name], cache, given.beside, quick=given.quick)
            except subprocess.CalledProcessError as error:
                print(f"{name}: could not be installed\n{error.stdout}{error.stderr}", flush=True)
                passed = False
                continue
            results[name] = result_of(known[name], python)
            passed = show(name, results[name]) and passed
    if given.write:
        merged = {**form.read_results(), **results}
        kept = {name: merged[name] for name in sorted(merged) if name in known}
        form.RESULTS.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        form.render(kept)
    outcomes = [found["outcome"] for result in results.values() for found in result["features"].values()]
    failed = outcomes.count("fails") + len(set(given.names or known) - results.keys())
    print(f"{outcomes.count('passes')} passed, {failed} failed")
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
