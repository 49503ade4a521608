def test_a_question_is_answered(side, wire):
    from conftest import completion

    wire.reply(completion(content="Hello."))
    answer = side.create()
    assert answer.choices[0].message.content == "Hello."
    assert answer.choices[0].message.reasoning_content is None
    assert wire.last.json == {"messages": [{"role": "user", "content": "Hi"}], "model": "glm-5.2"}


def test_a_stream_is_delivered(side, wire):
    from conftest import text_stream

    wire.reply(text_stream("Hel", "lo."))
    chunks = side.create(stream=True)
    assert "".join(c.choices[0].delta.content or "" for c in chunks) == "Hello."


def test_n(side, wire):
    from conftest import text_stream, completion
    wire.reply(text_stream("Hel", "lo."))
    chunks = side.create(stream=True, n=3, stream_options={"include_usage": True})
    assert {c.choices[0].index for c in chunks if c.choices} == {0,1,2}
    assert chunks[-1].usage.total_tokens == 30


def test_n_plain(side, wire):
    from conftest import text_stream, completion
    wire.reply(completion(content="Hello."))
    a = side.create(n=3)
    assert len(a.choices) == 3
    assert a.usage.total_tokens == 30
