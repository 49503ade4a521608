"""Forms with files: what openai's client writes is read, and what we write is read by others."""

from __future__ import annotations

from email.parser import BytesParser
from email.policy import HTTP

import pytest
from conftest import httpx
from hypothesis import given
from hypothesis import strategies as st

from zhipu_openai.multipart import Form, Part


def written_by_the_library(files: dict, data: dict) -> tuple[bytes, str]:
    request = httpx.Request("POST", "https://example.com", files=files, data=data)
    return request.read(), request.headers["content-type"]


def test_what_the_http_library_writes_is_read():
    content, kind = written_by_the_library(
        {"file": ('a "b".jsonl', b"\r\n--x\r\n\x00\xff", "application/jsonl")},
        {"purpose": "batch", "tags[]": ["a", "b"]},
    )
    form = Form.parse(content, kind)
    file = form.file("file")
    assert file is not None
    assert (file.data, file.filename, file.content_type) == (
        b"\r\n--x\r\n\x00\xff",
        'a "b".jsonl',
        "application/jsonl",
    )
    assert form.get("purpose") == "batch"
    assert form.all("tags[]") == ("a", "b")
    assert form.get("nothing") is None
    assert form.file("purpose") is None


def test_what_we_write_is_read_by_others():
    content, kind = Form(
        (Part("名", "值".encode()), Part("file", b"\x00\xff", "文件.wav", "audio/wav"))
    ).encode()
    message = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + content)
    first, second = message.iter_parts()
    assert first.get_payload(decode=True) == "值".encode()
    assert second.get_payload(decode=True) == b"\x00\xff"
    assert second.get_content_type() == "audio/wav"


def test_a_name_cannot_add_a_header():
    content, _ = Form((Part('a"\r\nX-Evil: 1', b"", 'f"\r\n\r\nbody', "text/plain\r\nX-Evil: 1"),)).encode()
    assert b"\r\nX-Evil" not in content
    assert b"\r\n\r\nbody" not in content


def test_a_field_is_put_in_the_place_of_others_of_its_name():
    form = Form((Part("a", b"1"), Part("b", b"2"), Part("a", b"3")))
    assert [(part.name, part.text) for part in form.put("a", "4").parts] == [("b", "2"), ("a", "4")]
    assert form.without("a", "b").parts == ()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"{}", "application/json"),
        (b"", "multipart/form-data"),
        (b"--x\r\n", "multipart/form-data; boundary=x"),
        (b"--x\r\nno head\r\n--x--", "multipart/form-data; boundary=x"),
        (
            b'--x\r\nContent-Disposition: form-data; filename="f"\r\n\r\n\r\n--x--',
            "multipart/form-data; boundary=x",
        ),
    ],
)
def test_what_is_no_form_is_refused(content: bytes, kind: str):
    with pytest.raises(ValueError, match="form"):
        Form.parse(content, kind)


@given(
    st.lists(
        st.builds(
            Part,
            st.text(st.characters(exclude_characters='"\\\r\n%', exclude_categories=["Cs"]), min_size=1),
            st.binary(),
            st.none() | st.text(st.characters(exclude_characters='"\\\r\n%', exclude_categories=["Cs"])),
            st.none() | st.just("audio/wav"),
        )
    ).map(tuple)
)
def test_any_form_comes_back_as_it_was(parts: tuple[Part, ...]):
    assert Form.parse(*Form(parts).encode()).parts == parts
