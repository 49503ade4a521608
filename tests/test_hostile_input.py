"""What a hostile service, file name, id or terminal text must not be able to do. The fuzzer found most of it."""

from __future__ import annotations

import contextlib
import http.server
import io
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openai
import pytest
from conftest import COMPLETION, KEY, chunk, completion, httpx, sse
from scripts import play

from zhipu_openai import OpenAI
from zhipu_openai.below import Below
from zhipu_openai.boundary import attempt_of
from zhipu_openai.cli import main
from zhipu_openai.cli.screen import harmless, show
from zhipu_openai.glm_realtime.translator import Translator
from zhipu_openai.settings import resolve

if TYPE_CHECKING:
    from collections.abc import Generator

    from conftest import SyncSide, Wire

ROOT = Path(__file__).parents[1]
ZHIPU = "https://open.bigmodel.cn/api/paas/v4/"
EVIL = "\x1b]0;owned\x07\x1b[2J\u202etxt.exe\x9b31m"
DEEP = b"[" * 100_000 + b"]" * 100_000


# Answers.


@pytest.mark.parametrize("body", [DEEP, b'{"a":' * 100_000 + b"1" + b"}" * 100_000], ids=["lists", "objects"])
@pytest.mark.parametrize("status", [200, 400])
def test_an_answer_nested_without_end_is_an_error(
    side: SyncSide, wire: Wire, body: bytes, status: int
) -> None:
    wire.reply(body, status=status, headers={"content-type": "application/json"})
    for call in (
        lambda client: client.chat.completions.create(
            model="glm-5.2", messages=[{"role": "user", "content": "x"}]
        ),
        lambda client: client.models.retrieve("glm-5.2"),
        lambda client: client.moderations.create(input="x"),
        lambda client: client.audio.transcriptions.create(model="glm-asr-2512", file=b"x"),
        lambda client: client.batches.retrieve("batch_1"),
        lambda client: client.vector_stores.retrieve("vs_1"),
        lambda client: client.zhipu.rerank.create(query="q", documents=["d"]),
    ):
        with pytest.raises(openai.APIStatusError):
            side.run(call, max_retries=0)


@pytest.mark.parametrize("name", ["retry-after", "retry-after-ms"])
@pytest.mark.parametrize("asked", ["1e306", "1e999", "-1e306", "-5", "nan", "9" * 400])
def test_a_service_that_asks_to_wait_for_ever_is_refused_at_once(
    side: SyncSide, wire: Wire, waits: list[float], name: str, asked: str
) -> None:
    wire.reply({"error": {"code": "1302", "message": "slow down"}}, status=429, headers={name: asked})
    with pytest.raises(openai.RateLimitError):
        side.create(client={"max_retries": 1})
    assert all(0 <= wait <= 60 for wait in waits)


@pytest.mark.parametrize("field", ["created", "usage"])
@pytest.mark.parametrize("odd", [[1], "x"])
def test_what_an_answer_says_of_itself_in_odd_types_is_left_out(
    side: SyncSide, wire: Wire, field: str, odd: Any
) -> None:
    wire.reply({**COMPLETION, field: odd})
    answer = side.create()
    type(answer).model_validate(answer.to_dict())
    wire.reply(sse({**chunk({"content": "a"}, "stop"), field: odd}))
    wire.reply(sse({**chunk({"content": "a"}, "stop"), field: odd}))
    side.create()
    for piece in side.create(stream=True):
        type(piece).model_validate(piece.to_dict())


@pytest.mark.parametrize("reason", [[1], {"a": 1}, 5, True])
def test_a_finish_reason_that_is_no_text_is_an_error(side: SyncSide, wire: Wire, reason: Any) -> None:
    wire.reply(completion(content="a", finish_reason=reason))
    with pytest.raises(openai.InternalServerError, match="finish reason"):
        side.create(client={"max_retries": 0})


def test_a_legacy_completion_neither_has_content_in_parts_nor_ends_with_a_call(
    side: SyncSide, wire: Wire
) -> None:
    wire.reply(completion(content=[{"type": "text", "text": "a"}], finish_reason="tool_calls"))
    answer = side.run(
        lambda client: client.completions.create(model="glm-5.2", prompt="x"), on_adaptation="ignore"
    )
    assert (answer.choices[0].text, answer.choices[0].finish_reason) == ("", "stop")


def test_entries_that_are_no_models_are_left_out_of_the_list(side: SyncSide, wire: Wire) -> None:
    wire.reply({"data": [{"id": "glm-x", "object": "file"}, {"id": 5}, {}, 7]})

    def script(client: Any) -> Generator[Any, Any, None]:
        page = yield client.models.retrieve("glm-x")
        assert page.object == "model"

    play(side, script)


def test_a_job_in_an_odd_state_is_an_error(side: SyncSide, wire: Wire) -> None:
    wire.reply({"id": "t", "task_status": []})
    with pytest.raises(openai.InternalServerError):
        side.run(
            lambda client: client.zhipu.async_chat.create(
                model="glm-5.2", messages=[{"role": "user", "content": "x"}]
            ),
            max_retries=0,
        )


@pytest.mark.parametrize("count", ["²", "9" * 5000, "-1", "x"])
def test_a_count_of_retries_that_is_none_counts_as_the_first_attempt(count: str) -> None:
    assert attempt_of({"x-stainless-retry-count": count}) == 0


# Paths and headers.

ODD_IDS = [
    "../../../evil",
    "a/../b",
    "a?x=1",
    "a#b",
    "a%2e%2e%2fb",
    "a\r\nX-Evil: 1",
    "a\x00b",
    "a b",
    "ä\u202e",
    "..",
]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("odd", ODD_IDS)
def test_an_id_is_one_segment_of_a_path_whatever_is_in_it(side: SyncSide, wire: Wire, odd: str) -> None:
    wire.reply({"id": "x"})
    for call in (
        lambda client: client.files.delete(odd),
        lambda client: client.files.content(odd),
        lambda client: client.batches.retrieve(odd),
        lambda client: client.batches.cancel(odd),
        lambda client: client.videos.retrieve(odd),
        lambda client: client.vector_stores.retrieve(odd),
        lambda client: client.vector_stores.files.retrieve(odd, vector_store_id=odd),
        lambda client: client.zhipu.async_chat.retrieve(odd),
        lambda client: client.zhipu.knowledge.retrieve(odd),
    ):
        wire.sent.clear()
        with contextlib.suppress(openai.OpenAIError, ValueError, httpx.InvalidURL):
            side.run(call, max_retries=0)
        for sent in wire.sent:
            assert sent.url.startswith("https://open.bigmodel.cn/api/")
            path = sent.url.removeprefix("https://open.bigmodel.cn")
            assert "/../" not in path
            assert not path.endswith("/..")
            assert "?x=1" not in path
            assert "#" not in path
            assert path.isascii()
            assert path.isprintable()
            assert "x-evil" not in sent.headers


@pytest.mark.parametrize("odd", ["a\r\nX-Evil: 1", "a\nX-Evil: 1", "a\x00b"])
def test_a_line_end_in_a_key_or_a_header_reaches_no_wire(odd: str) -> None:
    seen: list[bytes] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            seen.append(bytes(self.headers))
            self.send_error(500)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        options = {"base_url": f"http://127.0.0.1:{server.server_port}", "max_retries": 0}
        for more, extra in (({"api_key": odd}, {}), ({"api_key": KEY}, {"X-Own": odd})):
            with pytest.raises((openai.OpenAIError, ValueError)), OpenAI(**options, **more) as client:
                client.post("/x", body={}, cast_to=object, options={"headers": extra})
        server.shutdown()
    assert seen == []


@pytest.mark.parametrize("log_id", ["a\x1b[31m", "x" * 60_000, "ä", "\u202e"])
def test_a_request_id_of_a_hostile_service_is_no_more_than_a_text(
    side: SyncSide, wire: Wire, log_id: str
) -> None:
    wire.reply({"error": {"code": "1302", "message": "no"}, "request_id": log_id}, status=400)
    with pytest.raises(openai.APIStatusError) as caught:
        side.create(client={"max_retries": 0})
    assert str(caught.value).isprintable()


# What is shown to a person.


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_text_steers_no_terminal_and_reaches_a_pipe_as_it_is() -> None:
    terminal, pipe = Terminal(), io.StringIO()
    show(EVIL, stream=terminal)
    show(EVIL, stream=pipe)
    assert not set("\x1b\x07\x9b\u202e") & set(terminal.getvalue())
    assert pipe.getvalue() == EVIL + "\n"
    assert harmless("a\n\tb\r\n家 👩\u200d🚀") == "a\n\tb\n家 👩\u200d🚀"


def test_harmless_text_does_not_depend_on_its_pieces() -> None:
    assert "".join(map(harmless, EVIL)) == harmless(EVIL)


def test_the_commands_show_what_a_service_says_without_its_escapes(
    monkeypatch: pytest.MonkeyPatch, wire: Wire
) -> None:
    out, err = Terminal(), Terminal()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    monkeypatch.setenv("ZHIPU_API_KEY", KEY)
    below = httpx.MockTransport(wire.handle)
    monkeypatch.setattr("zhipu_openai.client.sync_below", lambda *_: Below(httpx.Client(transport=below)))
    wire.reply(sse(chunk({"reasoning_content": EVIL}), chunk({"content": EVIL}), chunk({}, "stop")))
    wire.reply({"error": {"code": "1214", "message": EVIL}}, status=400)
    wire.reply({"id": "s", "search_result": [{"title": EVIL, "link": EVIL, "content": EVIL}]})
    wire.reply({"object": "list", "data": []}, headers={"x-log-id": "a"}, status=401)
    assert main(["chat", "Hi"]) == 0
    assert out.getvalue().count("txt.exe") == 2
    assert main(["chat", "Hi"]) == 1
    assert "txt.exe" in err.getvalue()
    assert main(["search", "Hi"]) == 0
    assert out.getvalue().count("txt.exe") == 5
    shown = (out.getvalue() + err.getvalue()).replace("\x1b[2m", "").replace("\x1b[0m", "")
    assert not set("\x1b\x07\x9b\u202e") & set(shown)


# A .env of a stranger.

A_KEY = f"ZHIPU_API_KEY={KEY}\n".encode()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (A_KEY + b"\0", "NUL"),
        (A_KEY + b"a=\n" * 300_000, "more than 5000 lines"),
        (A_KEY + b'a="\n' * 250_000, "more than 5000 lines"),
        (A_KEY + b"=\r" * 250_000, "more than 5000 lines"),
    ],
)
def test_a_dotenv_that_would_hold_up_the_start_is_not_used(tmp_path: Path, content: bytes, told: str) -> None:
    (tmp_path / ".env").write_bytes(content)
    found = resolve(environ={}, directory=tmp_path)
    assert found.api_key is None
    assert told in " ".join(found.notes)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("HTTPS_PROXY=http://evil.example:1", "proxies are read from the environment alone"),
        ("all_proxy=socks5://evil.example:1", "proxies are read from the environment alone"),
        ("ZHIPU_BASEURL=https://evil.example", "nothing here reads it"),
        ("ZHIPU_BASE_URL=https://evil.example/v1", "goes only with a key from that same file"),
        ("OPENAI_API_KEY=sk-canary", "it is OpenAI's"),
    ],
)
def test_what_a_dotenv_sets_in_vain_is_told_of_and_takes_the_key_nowhere(
    tmp_path: Path, line: str, reason: str
) -> None:
    (tmp_path / ".env").write_text(line)
    found = resolve(environ={"ZAI_API_KEY": KEY}, directory=tmp_path)
    assert found.base_url == ZHIPU
    assert reason in " ".join(found.notes)
    assert "evil" not in " ".join(found.notes)
    assert "canary" not in " ".join(found.notes)


def test_names_that_a_stranger_has_written_are_not_repeated_without_end(tmp_path: Path) -> None:
    odd = [f"ZHIPU_{number}=1" for number in range(100)] + ["ZHIPU_\x1b[31m=1", f"ZHIPU_{'X' * 999}=1"]
    (tmp_path / ".env").write_text("\n".join(odd))
    found = resolve(environ={"ZAI_API_KEY": KEY}, directory=tmp_path)
    assert len(found.notes) == 8
    assert all(note.isprintable() for note in found.notes)


@pytest.mark.parametrize("kind", ["loop", "directory", "fifo", "link to a fifo", "unreadable"])
def test_a_dotenv_that_is_no_file_neither_hangs_nor_goes_unsaid(tmp_path: Path, kind: str) -> None:
    path = tmp_path / ".env"
    match kind:
        case "loop":
            path.symlink_to(path)
        case "directory":
            path.mkdir()
        case "fifo":
            os.mkfifo(path)
        case "link to a fifo":
            os.mkfifo(tmp_path / "pipe")
            path.symlink_to(tmp_path / "pipe")
        case "unreadable":
            path.write_bytes(A_KEY)
            path.chmod(0)
            if os.access(path, os.R_OK):
                pytest.skip("whoever runs this may read everything")
    found = resolve(environ={"ZAI_API_KEY": KEY}, directory=tmp_path)
    assert found.base_url == ZHIPU
    assert str(path) in " ".join(found.notes)


# The key in a user's own failing test.


def test_pytest_shows_no_key_in_the_variables_of_failing_tests(tmp_path: Path) -> None:
    (tmp_path / "test_theirs.py").write_text(
        "import pytest\n"
        "from zhipu_openai import OpenAI\n"
        "@pytest.mark.parametrize('auth', ['bearer', 'jwt'])\n"
        "def test_theirs(auth):\n"
        "    client = OpenAI(auth=auth, base_url='http://127.0.0.1:9', max_retries=0)\n"
        "    settings, copied, everything = client.settings, client.copy(), vars(client)\n"
        "    client.chat.completions.create(model='glm-5.2', messages=[{'role': 'user', 'content': 'x'}])\n"
    )
    env = {"PATH": "", "ZAI_API_KEY": KEY, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    words = [
        sys.executable,
        "-m",
        "pytest",
        "-vv",
        "--showlocals",
        "-p",
        "no:cacheprovider",
        "test_theirs.py",
    ]
    done = subprocess.run(
        words, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120, check=False
    )
    assert "2 failed" in done.stdout, done.stdout + done.stderr
    assert "APIConnectionError" in done.stdout
    assert KEY.partition(".")[2] not in done.stdout + done.stderr


@pytest.mark.parametrize("dialect", ["ga", "beta"])
@pytest.mark.parametrize(
    "message",
    [
        '{"type": []}',
        '{"type": {}}',
        "{}",
        "[" * 20_000,
        '{"type": "session.created", "session": [1]}',
        '{"type": "session.updated", "session": 5}',
        '{"type": "session.created", "session": {"max_response_output_tokens": "²"}}',
        '{"type": "session.created", "session": {"max_response_output_tokens": "' + "9" * 5000 + '"}}',
        '{"type": "response.done", "response": []}',
        '{"type": "conversation.item.created", "item": "x"}',
        '{"type": "error", "error": 5}',
    ],
)
def test_a_websocket_event_that_is_none_becomes_an_event_all_the_same(dialect: Any, message: str) -> None:
    translator = Translator(dialect, policy="ignore")
    assert all(isinstance(json.loads(one)["type"], str) for one in translator.incoming(message))
    assert translator.outgoing('{"type": []}') == ['{"type": []}']
