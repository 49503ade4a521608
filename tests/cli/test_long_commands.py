"""The commands for what takes long, in process: on the stand-in, watched and not, interrupted and resumed."""

from __future__ import annotations

import json
import os
import re
import wave
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openai
import pytest
from cli_helpers import KEY, Terminal, serving

from zhipu_openai.cli import main, waiting
from zhipu_openai.library import openai_library
from zhipu_openai.standin import StandIn, default_service

if TYPE_CHECKING:
    from collections.abc import Iterator

    from zhipu_openai.standin.harness import ZhipuStandIn

needs_videos = pytest.mark.skipif(not hasattr(openai.OpenAI, "videos"), reason="this openai has no videos")

AT_ONCE = ("--interval", "0")
FILM = ("video", "a cat", "-o", "cat.mp4", *AT_ONCE)
OUTPUT = ("-o", "out.jsonl", *AT_ONCE)


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """A served stand-in, named by the environment together with a key."""
    with serving(monkeypatch) as service:
        yield service


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    default_service().switch_off()


def watched(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Let standard error be a terminal. pytest changes it after fixtures, so this is done in the test."""
    made = Terminal()
    monkeypatch.setattr("sys.stderr", made)
    monkeypatch.setenv("COLUMNS", "200")
    return made


class Clock:
    """Time that passes only where somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.naps: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of whoever waits for a job."""
    made = Clock()
    monkeypatch.setattr(waiting, "sleep", made.sleep)
    monkeypatch.setattr(waiting, "monotonic", lambda: made.now)
    return made


def requests(*bodies: dict[str, Any]) -> Path:
    """Write a file of requests."""
    given = {"model": "glm-5.1", "messages": [{"role": "user", "content": "Hi"}]}
    lines = (
        {
            "custom_id": f"r{place}",
            "method": "POST",
            "url": "/v1/chat/completions",
            "body": {**given, **body},
        }
        for place, body in enumerate(bodies)
    )
    path = Path("in.jsonl")
    path.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    return path


def recording(seconds: int = 1, rate: int = 16_000) -> Path:
    """Write a recording of silence."""
    path = Path("talk.wav")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(bytes(2 * rate * seconds))
    return path


def begun(text: str) -> str:
    """Read the id that was told."""
    found = re.search(r"^Begun: (\S+)", text, re.MULTILINE)
    assert found is not None
    return found[1]


def test_a_picture_is_written(capsys: pytest.CaptureFixture[str], served: StandIn) -> None:
    assert main(["image", "a cat", "-o", "cat.png", "--size", "768x1344"]) == 0
    assert Path("cat.png").read_bytes().startswith(b"\x89PNG")
    assert capsys.readouterr() == ("cat.png\n", "")
    sent = served.requests[0].json
    assert (sent["prompt"], sent["model"], sent["size"]) == ("a cat", "cogview-3-flash", "768x1344")


def test_several_pictures_are_numbered(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["image", "a cat", "-o", "cat.png", "--n", "2", "--standin"]) == 0
    assert capsys.readouterr().out == "cat-1.png\ncat-2.png\n"
    assert not Path("cat.png").exists()


@pytest.mark.usefixtures("served")
def test_a_refused_prompt_tells_the_message_and_the_advice(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["image", "a [unsafe] cat", "-o", "cat.png"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "Rephrase the prompt" in err
    assert KEY not in err
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize("output", ["nowhere/cat.png", "."])
def test_a_file_that_cannot_be_written_is_wrong_usage_and_nothing_is_sent(
    output: str, served: StandIn
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["image", "a cat", "-o", output])
    assert ended.value.code == 2
    assert served.requests == []


@needs_videos
def test_a_video_is_waited_for_and_written(capsys: pytest.CaptureFixture[str], served: StandIn) -> None:
    assert main([*FILM, "--model", "cogvideox-3", "--seconds", "10", "--size", "1280x720"]) == 0
    out, err = capsys.readouterr()
    assert Path("cat.mp4").read_bytes()[4:8] == b"ftyp"
    assert out == "cat.mp4\n"
    assert err == f"Begun: {begun(err)}\n"
    sent = served.requests[0].json
    assert (sent["model"], sent["duration"], sent["size"]) == ("cogvideox-3", 10, "1280x720")


@needs_videos
def test_a_person_sees_the_status_and_the_seconds_and_at_the_end_none_of_it(
    capsys: pytest.CaptureFixture[str], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = watched(monkeypatch)
    assert main(["video", "a cat", "-o", "cat.mp4", "--interval", "3", "--standin"]) == 0
    shown = terminal.getvalue()
    for seconds in range(4):
        assert f"\rvideo in_progress, {seconds} s" in shown
    assert clock.naps == [1, 1, 1]
    assert "in_progress" not in terminal.screen
    assert "\r" not in capsys.readouterr().out


@needs_videos
def test_nobody_is_woken_each_second_where_nobody_watches(clock: Clock) -> None:
    assert main(["video", "a cat", "-o", "cat.mp4", "--interval", "3", "--standin"]) == 0
    assert clock.naps == [3]


@needs_videos
def test_what_a_video_model_does_not_take_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*FILM, "--seconds", "10", "--standin"]) == 0
    assert "Note: `seconds` dropped" in capsys.readouterr().err


@needs_videos
def test_a_video_that_fails_is_a_failure(capsys: pytest.CaptureFixture[str], served: StandIn) -> None:
    served.switch_on("failed_job")
    assert main([*FILM]) == 1
    assert "The video failed: " in capsys.readouterr().err
    assert not Path("cat.mp4").exists()


@needs_videos
def test_time_that_runs_out_leaves_the_id_and_code_3(
    capsys: pytest.CaptureFixture[str], served: StandIn, clock: Clock
) -> None:
    served.switch_on("slow_job:9")
    assert main(["video", "a cat", "-o", "cat.mp4", "--timeout", "12", "--interval", "5"]) == 3
    err = capsys.readouterr().err
    assert clock.naps == [5, 5, 2]
    assert f"--resume {begun(err)} -o cat.mp4" in err
    assert "Not ended after 12 seconds: video in_progress." in err
    assert "Traceback" not in err


@needs_videos
def test_a_video_is_gone_on_with(capsys: pytest.CaptureFixture[str], served: StandIn) -> None:
    assert main([*FILM, "--timeout", "0"]) == 3
    video_id = begun(capsys.readouterr().err)
    assert main(["video", "--resume", video_id, "-o", "cat.mp4", *AT_ONCE]) == 0
    assert capsys.readouterr() == ("cat.mp4\n", "")
    assert [request.path for request in served.requests].count("/api/paas/v4/videos/generations") == 1


@needs_videos
@pytest.mark.usefixtures("served")
def test_an_interruption_leaves_the_id_a_clean_line_and_code_130(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = watched(monkeypatch)

    def interrupt(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(waiting, "sleep", interrupt)
    assert main(["video", "a cat", "-o", "cat.mp4", "--interval", "3", "--region", "cn"]) == 130
    seen = terminal.screen.splitlines()
    video_id = begun(terminal.screen)
    assert seen[-1] == (
        f"{video_id} goes on; to wait for it: "
        f"python -m zhipu_openai video --resume {video_id} -o cat.mp4 --region cn"
    )
    assert "in_progress" not in terminal.screen


def test_a_job_of_the_standin_is_not_promised_to_another_process(capsys: pytest.CaptureFixture[str]) -> None:
    Path("notes.md").write_text("# Notes")
    assert main(["parse", "notes.md", "--timeout", "0", "--standin"]) == 3
    err = capsys.readouterr().err
    assert "the stand-in forgets it" in err
    assert "--resume" not in err


@needs_videos
def test_an_interrupted_download_leaves_the_older_file_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*_: Any) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("zhipu_openai.cli.files.megabytes", interrupt)
    Path("cat.mp4").write_bytes(b"older")
    assert main([*FILM, "--standin"]) == 130
    assert [(path.name, path.read_bytes()) for path in Path().iterdir()] == [("cat.mp4", b"older")]
    assert "Begun: " in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ["video", "-o", "a.mp4"],
        ["video", "a cat", "--resume", "1", "-o", "a.mp4"],
        ["video", "a cat", "-o", "a.mp4", "--timeout", "-1"],
        ["video", "a cat", "-o", "a.mp4", "--interval", "nan"],
        ["batch", "-o", "a.jsonl"],
        ["parse"],
        ["image", " ", "-o", "a.png"],
        ["speak", "", "-o", "a.wav"],
        ["search", " "],
    ],
    ids=" ".join,
)
def test_wrong_usage_ends_with_code_2(words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*words, "--standin"])
    assert ended.value.code == 2


def test_speech_is_written_in_the_format_that_the_file_is_named_for(
    capsys: pytest.CaptureFixture[str], served: StandIn
) -> None:
    assert main(["speak", "你好", "-o", "hello.wav", "--voice", "xiaochen"]) == 0
    written = Path("hello.wav").read_bytes()
    assert written[:4] == b"RIFF"
    assert int.from_bytes(written[4:8], "little") == len(written) - 8
    assert capsys.readouterr() == ("hello.wav\n", "")
    sent = served.requests[0].json
    assert (sent["input"], sent["voice"], sent["response_format"]) == ("你好", "xiaochen", "wav")


def test_the_format_that_is_named_goes_before_the_name_of_the_file() -> None:
    assert main(["speak", "Hello", "-o", "hello.wav", "--format", "pcm", "--standin"]) == 0
    assert Path("hello.wav").read_bytes()[:4] != b"RIFF"


@pytest.mark.parametrize(
    ("form", "begins"),
    [("text", "[stand-in] Heard"), ("json", "{\n"), ("srt", "1\n00:00"), ("vtt", "WEBVTT")],
)
def test_a_recording_is_transcribed(capsys: pytest.CaptureFixture[str], form: str, begins: str) -> None:
    assert main(["transcribe", str(recording()), "--format", form, "--standin"]) == 0
    assert capsys.readouterr().out.startswith(begins)


@pytest.mark.usefixtures("served")
def test_a_large_upload_is_shown_to_a_person(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = watched(monkeypatch)
    assert main(["transcribe", str(recording(seconds=25, rate=24_000))]) == 0
    shown = terminal.getvalue()
    assert re.search(r"\rtalk\.wav: read 0\.\d of 1\.2 MB", shown)
    assert "\rtalk.wav: 1.2 MB on their way" in shown
    assert "talk.wav" not in terminal.screen
    assert "Heard 25.0 seconds" in capsys.readouterr().out


@pytest.mark.usefixtures("served")
def test_a_small_upload_is_not_worth_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = watched(monkeypatch)
    assert main(["transcribe", str(recording())]) == 0
    assert terminal.getvalue() == ""


def test_a_file_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["transcribe", "nothing.wav", "--standin"]) == 1
    assert "'nothing.wav'" in capsys.readouterr().err


@pytest.mark.usefixtures("served")
def test_a_batch_is_run_and_both_its_files_are_written(capsys: pytest.CaptureFixture[str]) -> None:
    path = requests({}, {"response_format": {"type": "nonsense"}})
    assert main(["batch", str(path), *OUTPUT]) == 0
    out, err = capsys.readouterr()
    assert out == "out.jsonl\nout.errors.jsonl\n"
    assert err == f"Begun: {begun(err)}\nbatch completed: 1 of 2 done, 1 failed\n"
    assert [json.loads(Path(name).read_text())["custom_id"] for name in out.split()] == ["r0", "r1"]


def test_a_batch_all_of_whose_lines_failed_is_a_failure(capsys: pytest.CaptureFixture[str]) -> None:
    path = requests({"response_format": {"type": "nonsense"}})
    assert main(["batch", str(path), *OUTPUT, "--standin"]) == 1
    assert capsys.readouterr().out == "out.errors.jsonl\n"


@pytest.mark.usefixtures("served")
def test_a_person_sees_the_counts_of_a_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = watched(monkeypatch)
    assert main(["batch", str(requests({}, {})), *OUTPUT]) == 0
    assert re.search(r"\rbatch \w+: 0 of 2 done, \d s", terminal.getvalue())
    assert terminal.screen.splitlines()[1:] == ["batch completed: 2 of 2 done"]


@pytest.mark.usefixtures("served")
def test_a_batch_is_gone_on_with(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["batch", str(requests({})), *OUTPUT, "--timeout", "0"]) == 3
    batch_id = begun(capsys.readouterr().err)
    assert main(["batch", "--resume", batch_id, *OUTPUT]) == 0
    assert capsys.readouterr() == ("out.jsonl\n", "batch completed: 1 of 1 done\n")


def test_a_file_of_no_requests_is_not_uploaded(capsys: pytest.CaptureFixture[str], served: StandIn) -> None:
    Path("in.jsonl").write_text("[1]\n")
    assert main(["batch", "in.jsonl", *OUTPUT]) == 1
    assert "no request" in capsys.readouterr().err
    assert served.requests == []


@pytest.mark.usefixtures("served")
def test_an_id_that_nobody_knows_is_not_recommended(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["batch", "--resume", "batch_1", *OUTPUT]) == 1
    assert "--resume" not in capsys.readouterr().err


@pytest.mark.usefixtures("served")
def test_the_text_of_a_document_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    Path("notes.md").write_text("# Notes\n\nBuy milk.\n")
    assert main(["parse", "notes.md", *AT_ONCE]) == 0
    assert capsys.readouterr().out == "# Notes\n\nBuy milk.\n"


@pytest.mark.usefixtures("served")
def test_a_document_is_gone_on_with(capsys: pytest.CaptureFixture[str]) -> None:
    Path("notes.md").write_text("# Notes")
    assert main(["parse", "notes.md", *AT_ONCE, "--timeout", "0"]) == 3
    task_id = begun(capsys.readouterr().err)
    assert main(["parse", "--resume", task_id, *AT_ONCE]) == 0
    assert capsys.readouterr().out == "# Notes\n"


def test_a_document_of_an_unknown_kind_is_a_failure(capsys: pytest.CaptureFixture[str]) -> None:
    Path("notes.xyz").write_text("?")
    assert main(["parse", "notes.xyz", *AT_ONCE, "--standin"]) == 1
    assert "不支持" in capsys.readouterr().err


def test_a_search_prints_titles_links_and_texts(capsys: pytest.CaptureFixture[str], served: StandIn) -> None:
    assert main(["search", "open weights", "--count", "10"]) == 0
    results = capsys.readouterr().out.split("\n\n")
    assert len(results) == 10
    assert results[0].splitlines()[0] == "open weights (1)"
    assert "https://example.com/stand-in/1" in results[0]
    assert served.requests[0].json["search_engine"] == "search_pro_sogou"


def test_pages_of_others_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "\x1b[2Jweights", "--standin"]) == 0
    assert "\x1b" not in capsys.readouterr().out


@pytest.mark.parametrize("command", ["image", "video", "speak", "transcribe", "batch", "parse", "search"])
def test_every_command_explains_itself_and_takes_the_standin(
    capsys: pytest.CaptureFixture[str], command: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert "--standin" in capsys.readouterr().out


@pytest.mark.parametrize("error", [ConnectionResetError("gone"), KeyboardInterrupt()], ids=["lost", "Ctrl-C"])
def test_no_command_ends_with_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: BaseException
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr("openai.resources.files.Files.create", fail)
    assert main(["batch", str(requests({})), *OUTPUT, "--standin"]) in (1, 130)
    assert "Traceback" not in capsys.readouterr().err


@needs_videos
@pytest.mark.usefixtures("served")
def test_a_download_that_breaks_off_is_a_failure_that_can_be_gone_on_from(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    library = openai_library().module

    def broken(*_: Any) -> str:
        raise library.ReadError("The connection broke.")

    monkeypatch.setattr("zhipu_openai.cli.files.megabytes", broken)
    assert main([*FILM]) == 1
    err = capsys.readouterr().err
    assert f"--resume {begun(err)}" in err
    assert err.endswith("The connection broke.\n")
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize(
    ("words", "field", "value"),
    [
        (["image", "a cat", "-o", "cat.png"], "model", "cogview-4-250304"),
        pytest.param(list(FILM), "model", "cogvideox-3", marks=needs_videos),
        (["search", "weights"], "search_engine", "search-prime"),
    ],
    ids=["image", "video", "search"],
)
def test_abroad_what_is_asked_by_itself_is_there(
    monkeypatch: pytest.MonkeyPatch, zhipu_standin: ZhipuStandIn, words: list[str], field: str, value: str
) -> None:
    zhipu_standin.service.region = "intl"
    client = zhipu_standin.client(region="intl")
    monkeypatch.setattr("zhipu_openai.cli.calling.create_client", lambda **_: client)
    assert main(words) == 0
    assert zhipu_standin.service.requests[0].json[field] == value


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_with_a_name_is_written_to_and_not_replaced() -> None:
    os.mkfifo("pipe")
    reader = os.open("pipe", os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert main(["speak", "Hi", "-o", "pipe", "--standin"]) == 0
        assert os.read(reader, 4) == b"RIFF"
    finally:
        os.close(reader)
    assert Path("pipe").is_fifo()
