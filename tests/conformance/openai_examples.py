"""openai's own examples and README snippets on chat and responses, their import line swapped, on the stand-in.

``python tests/conformance/openai_examples.py`` fetches the source distribution of the installed openai,
runs what concerns chat completions and responses, and prints what ran. Nothing of it is kept.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import tempfile
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[2]

CHAT_EXAMPLES = (
    "demo.py",
    "async_demo.py",
    "streaming.py",
    "parsing.py",
    "parsing_stream.py",
    "parsing_tools.py",
    "parsing_tools_stream.py",
    "module_client.py",
)

RESPONSES_EXAMPLES = (
    "responses/streaming.py",
    "responses/streaming_tools.py",
    "responses/structured_outputs.py",
    "responses/structured_outputs_tools.py",
    "responses_input_tokens.py",
)
"""Left out are those that run in the background, over a websocket or in OpenAI's beta, which Zhipu has not."""

ABOUT_SOMETHING_ELSE = (
    ("workload_identity", "exchanges a credential at OpenAI"),
    ("AzureOpenAI", "is about Azure"),
    ("bedrock", "is about Amazon's service"),
    ("path/to/image", "reads a file that does not exist"),
    ("realtime", "uses the realtime API"),
    ("webhooks", "is about webhooks"),
    ("fine_tuning", "uses fine-tuning"),
    ("my.test.server", "goes to a server that does not exist"),
    ("my.test.proxy", "goes through a proxy that does not exist"),
)
"""Words by which a snippet of the README is known to be about something else, and about what."""

_BLOCK = re.compile(r"^```(?:python|py)\n(.*?)^```$", re.DOTALL | re.MULTILINE)

PREAMBLE = "import openai\nfrom openai import OpenAI, AsyncOpenAI\nclient = OpenAI()\n"
"""What the snippets assume to be there."""


def fetch(directory: Path) -> Path:
    """Fetch and unpack the source distribution of the installed openai."""
    number = version("openai")
    wanted = [f"openai=={number}", "--no-deps", "--no-binary", "openai", "-q", "-d", str(directory)]
    subprocess.run([sys.executable, "-m", "pip", "download", *wanted], check=True, stdout=subprocess.DEVNULL)
    archive = next(directory.glob("openai-*.tar.gz"))
    with tarfile.open(archive) as tar:
        tar.extractall(directory, filter="data")
    return directory / f"openai-{number}"


def swapped(code: str) -> str:
    """Swap the import lines, and the settings of the module-level client that name no real server."""
    code = re.sub(r"^import openai$", "import zhipu_openai as openai", code, flags=re.MULTILINE)
    code = re.sub(r"^from openai\b", "from zhipu_openai", code, flags=re.MULTILINE)
    return re.sub(r'^openai\.(?:api_key|base_url) = "[^"]*"$', "", code, flags=re.MULTILINE)


def snippets(readme: str) -> list[tuple[str, str]]:
    """Choose the README's snippets that make chat completions or responses: a name and the code of each."""
    chosen = []
    for number, block in enumerate(_BLOCK.findall(readme)):
        code = block
        makes = "chat.completions" in code or "client.responses" in code
        if not makes or any(word in code for word, _ in ABOUT_SOMETHING_ELSE):
            continue
        try:
            compile(code, "README", "exec")
        except SyntaxError:
            # The README shows the inside of a coroutine.
            indented = "\n".join("    " + line for line in code.splitlines())
            code = f"import asyncio\nasync def _main():\n    client = AsyncOpenAI()\n{indented}\nasyncio.run(_main())\n"
        chosen.append((f"README snippet {number}", PREAMBLE + code))
    return chosen


def run(name: str, code: str, directory: Path) -> bool:
    """Run a piece of code on the stand-in; print how it went."""
    file = directory / "swapped.py"
    file.write_text(swapped(code), encoding="utf-8")
    environment = {
        **os.environ,
        "ZHIPU_REGION": "standin",
        # What the examples read, and what must not be used.
        "OPENAI_API_KEY": "sk-not-for-zhipu",
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        [sys.executable, str(file)],
        cwd=directory,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    print(f"{'ran' if done.returncode == 0 else 'FAILED':8}{name}")
    if done.returncode:
        print(done.stderr[-800:])
    return done.returncode == 0


def main() -> int:
    """Run everything; 1 if anything failed."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        source = fetch(directory)
        pieces = [
            (example, (source / "examples" / example).read_text(encoding="utf-8"))
            for example in (*CHAT_EXAMPLES, *RESPONSES_EXAMPLES)
            if (source / "examples" / example).exists()
        ]
        pieces += snippets((source / "README.md").read_text(encoding="utf-8"))
        print(f"openai {version('openai')}: {len(pieces)} pieces of code with the import line swapped")
        results = [run(title, code, directory) for title, code in pieces]
    print(f"{sum(results)} passed, {len(results) - sum(results)} failed")
    return 0 if results and all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
