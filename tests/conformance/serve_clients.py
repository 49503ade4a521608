"""Clients of other kinds against ``python -m zhipu_openai serve --standin``: JavaScript, curl, releases of openai-python.

``python tests/conformance/serve_clients.py [PYTHON ...]`` starts the servers, installs OpenAI's newest npm package that
the installed Node takes into a temporary folder, runs what is there to be run and prints a table. Each PYTHON is the
interpreter of an environment with a release of openai, which needs nothing of ours. Exit code 1 on a failure.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PROGRAM = HERE / "serve_clients.mjs"
GUIDE = ROOT / "examples" / "guides" / "serve.md"
STANDIN_KEY = "some-id.some-secret"

PYTHON_PROGRAM = """
import json, openai
client = openai.OpenAI(max_retries=0)
messages = [{"role": "user", "content": "Hi"}]
tried = {}
answer = client.chat.completions.create(model="gpt-4o", messages=messages)
tried["chat"] = bool(answer.choices[0].message.content)
stream = client.chat.completions.create(model="gpt-4o", messages=messages, stream=True)
tried["stream"] = bool("".join(c.choices[0].delta.content or "" for c in stream if c.choices))
tried["embeddings"] = isinstance(client.embeddings.create(model="text-embedding-3-small", input="a").data[0].embedding[0], float)
tried["models"] = len(list(client.models.list())) > 5
tried["responses, streamed"] = [e.type for e in client.responses.create(model="gpt-4o", input="Hi", stream=True)][-1] == "response.completed"
try:
    client.chat.completions.create(model="glm-unknown", messages=messages)
except openai.NotFoundError as error:
    tried["NotFoundError"] = error.code == "model_not_found"
try:
    openai.OpenAI(base_url=BUSY, max_retries=0).chat.completions.create(model="glm-5.2", messages=messages)
except openai.RateLimitError as error:
    tried["RateLimitError"] = True
with client.audio.speech.with_streaming_response.create(model="tts-1", voice="alloy", input="Hi", response_format="wav") as sound:
    tried["speech, streamed"] = b"".join(sound.iter_bytes()).startswith(b"RIFF")
print(json.dumps({"version": openai.__version__, "tried": tried}))
"""
EXPECTED_OF_PYTHON = 8

Row = tuple[str, str, bool, str]


@contextmanager
def started(*words: str, **variables: str) -> Iterator[subprocess.Popen[str]]:
    """Start a command of ours with nothing of OpenAI's or Zhipu's in its environment."""
    command = [sys.executable, "-m", "zhipu_openai", *words]
    environment = {**environment_without_keys(), "PYTHONPATH": str(ROOT), **variables}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
    ) as process:
        try:
            yield process
        finally:
            process.terminate()


def environment_without_keys() -> dict[str, str]:
    """Give the environment without the variables that would choose a service or a key."""
    ours = ("OPENAI_", "ZHIPU", "ZAI_", "Z_AI_", "BIGMODEL_", "GLM_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def said(process: subprocess.Popen[str]) -> str:
    """Read the first line that a server says on standard output."""
    assert process.stdout is not None
    return process.stdout.readline()


@contextmanager
def servers() -> Iterator[tuple[str, str]]:
    """Serve the stand-in, and a stand-in that is too busy; give the base URLs."""
    with ExitStack() as stack:
        well = json.loads(said(stack.enter_context(started("serve", "--standin", "--port", "0"))))
        limited = stack.enter_context(started("standin", "--port", "0", "--quirk", "rate_limit:100000"))
        found = re.search(r"http://\S+", said(limited))
        assert found is not None
        words = ("serve", "--base-url", found[0], "--port", "0")
        busy = json.loads(said(stack.enter_context(started(*words, ZAI_API_KEY=STANDIN_KEY))))
        yield well["base_url"], busy["base_url"]


def javascript(base_url: str, busy: str, package: str) -> Iterator[Row]:
    """Run the program of ours, and the guide's own snippets, with OpenAI's npm package."""
    if shutil.which("npm") is None:
        yield ("JavaScript", "npm", False, "not installed")
        return
    with tempfile.TemporaryDirectory() as folder:
        install = ["npm", "install", "--silent", "--no-audit", "--no-fund", package, "zod"]
        subprocess.run(install, cwd=folder, check=True)
        about = Path(folder, "node_modules", "openai", "package.json").read_text("utf-8")
        name = f"JavaScript, openai {json.loads(about)['version']}"
        shutil.copy(PROGRAM, folder)
        variables = {"OPENAI_BASE_URL": base_url, "OPENAI_API_KEY": "unused", "BUSY_BASE_URL": busy}
        environment = {**environment_without_keys(), **variables}
        done = run(["node", PROGRAM.name], folder, environment)
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        for line in lines:
            yield (name, line["name"], line["ok"], line["detail"])
        if done.returncode or not lines:
            yield (name, "the program itself", False, done.stderr[-300:])
        for number, snippet in enumerate(
            re.findall(r"^```js\n(.*?)^```$", GUIDE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
        ):
            Path(folder, "snippet.mjs").write_text(snippet, encoding="utf-8")
            done = run(["node", "snippet.mjs"], folder, environment)
            well = done.returncode == 0 and bool(done.stdout.strip())
            yield (
                name,
                f"the guide's snippet {number + 1}",
                well,
                (done.stdout or done.stderr)[-60:].strip(),
            )


def curl(base_url: str) -> Iterator[Row]:
    """Ask with curl, plainly and as a stream."""
    if shutil.which("curl") is None:
        yield ("curl", "curl", False, "not installed")
        return
    body: dict[str, Any] = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}]}
    command = [
        "curl",
        "-sSN",
        "--noproxy",
        "*",
        f"{base_url}/chat/completions",
        "-H",
        "Content-Type: application/json",
    ]
    plain = run([*command, "-d", json.dumps(body)], None, None).stdout
    yield ("curl", "chat", "choices" in json.loads(plain), f"{len(plain)} bytes")
    streamed = run([*command, "-d", json.dumps({**body, "stream": True})], None, None).stdout
    well = streamed.startswith("data: {") and streamed.endswith("data: [DONE]\n\n")
    yield ("curl -N", "stream", well, f"{streamed.count('data: ')} events")
    wrong = run([*command[:-2], "-X", "BREW", "-w", " %{http_code}"], None, None).stdout
    yield ("curl", "a method that there is not", wrong.endswith(" 405"), wrong[-4:].strip())


def python(interpreter: str, base_url: str, busy: str) -> Iterator[Row]:
    """Ask with a release of openai-python."""
    variables = {"OPENAI_BASE_URL": base_url, "OPENAI_API_KEY": "unused"}
    environment = {**environment_without_keys(), **variables}
    done = run([interpreter, "-c", PYTHON_PROGRAM.replace("BUSY", repr(busy))], None, environment)
    if done.returncode:
        yield (interpreter, "the program itself", False, done.stderr.strip()[-300:])
        return
    found = json.loads(done.stdout)
    name = f"openai-python {found['version']}"
    for what, well in found["tried"].items():
        yield (name, what, well, "")
    if len(found["tried"]) != EXPECTED_OF_PYTHON:
        yield (name, "all that was to be tried", False, f"{len(found['tried'])}")


def run(
    command: list[str], folder: str | None, environment: dict[str, str] | None
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end."""
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )


def main() -> int:
    """Run all, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pythons", nargs="*", default=[sys.executable], metavar="PYTHON")
    parser.add_argument("--npm-package", default="openai", help="such as openai@6.49.0 (%(default)s)")
    arguments = parser.parse_args()
    failed = 0
    with servers() as (base_url, busy):
        rows = [javascript(base_url, busy, arguments.npm_package), curl(base_url)]
        rows += [python(interpreter, base_url, busy) for interpreter in arguments.pythons]
        for row in (one for some in rows for one in some):
            client, what, well, detail = row
            failed += not well
            print(f"{client:27} {what:36} {'ok' if well else 'FAILED':7} {detail}", flush=True)
    print(f"{failed} failed" if failed else "all of it holds")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
