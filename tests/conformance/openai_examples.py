"""openai's own examples and the README's snippets, their import line swapped, on the stand-in.

``python tests/conformance/openai_examples.py`` fetches the source distribution of the installed openai,
runs what concerns the resources that are served, and prints what ran. Nothing of it is kept.
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

MEDIA_EXAMPLES = (
    "picture.py",
    "image_stream.py",
    "video.py",
)

REPORTED = ("Error generating image", "Video creation failed")
"""What an example prints that catches its own failure."""
AUDIO_EXAMPLES = ("audio.py", "text_to_speech.py", "speech_to_text.py")

WITHOUT_HARDWARE = (
    ("from openai.helpers import LocalAudioPlayer\n", ""),
    ("await LocalAudioPlayer().play(response)", "print(len(await response.read()), 'bytes')"),
    ("from openai.helpers import Microphone\n", "from zhipu_openai.standin import tones\n"),
    ("await Microphone(timeout=10).record()", "('microphone.wav', tones.wav(bytes(96_000)))"),
)
"""What stands in the examples' code for a loudspeaker and a microphone, and what replaces it."""
REALTIME_EXAMPLES = ("realtime/realtime.py",)
"""Those that need no sound; azure_realtime.py is about Azure."""

TYPED = "Hello there\nq\n"
"""What is typed into an example that asks."""

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


def fetch(directory: Path, release: str | None = None) -> Path:
    """Fetch and unpack the source distribution of a release of openai, by default of the installed one."""
    number = release or version("openai")
    wanted = [f"openai=={number}", "--no-deps", "--no-binary", "openai", "-q", "-d", str(directory)]
    subprocess.run([sys.executable, "-m", "pip", "download", *wanted], check=True, stdout=subprocess.DEVNULL)
    archive = next(directory.glob("openai-*.tar.gz"))
    with tarfile.open(archive) as tar:
        tar.extractall(directory, filter="data")
    return directory / f"openai-{number}"


def swapped(code: str) -> str:
    """Swap the import lines, and the settings of the module-level client that name no real server."""
    for hardware, instead in WITHOUT_HARDWARE:
        code = code.replace(hardware, instead)
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


def realtime_snippets(readme: str) -> list[tuple[str, str]]:
    """Choose the README's snippets that hold a realtime conversation; others only show a part of one."""
    return [
        (f"README snippet {number}", block)
        for number, block in enumerate(_BLOCK.findall(readme))
        if "realtime.connect" in block and "response.create" in block
    ]


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
        input=TYPED,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    ran = done.returncode == 0 and not any(words in done.stdout for words in REPORTED)
    print(f"{'ran' if ran else 'FAILED':8}{name}")
    if not ran:
        print(done.stdout[-400:], done.stderr[-800:])
    return ran


def main() -> int:
    """Run everything; 1 if anything failed."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        source = fetch(directory)
        pieces = [
            (example, (source / "examples" / example).read_text(encoding="utf-8"))
            for example in (
                *CHAT_EXAMPLES,
                *MEDIA_EXAMPLES,
                *AUDIO_EXAMPLES,
                *REALTIME_EXAMPLES,
                *RESPONSES_EXAMPLES,
            )
            if (source / "examples" / example).exists()
        ]
        readme = (source / "README.md").read_text(encoding="utf-8")
        pieces += snippets(readme) + realtime_snippets(readme)
        print(f"openai {version('openai')}: {len(pieces)} pieces of code with the import line swapped")
        results = [run(title, code, directory) for title, code in pieces]
    print(f"{sum(results)} passed, {len(results) - sum(results)} failed")
    return 0 if results and all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
