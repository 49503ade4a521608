"""Streams, and answers that are wanted raw."""

from openai import OpenAI

with OpenAI() as client:
    stream = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Count."}],
        stream=True,
        stream_options={"include_usage": True},
        temperature=0,
    )
    for chunk in stream:
        print(chunk.choices[0].delta.content if chunk.choices else chunk.usage)

    completions = client.chat.completions
    raw = completions.with_raw_response.create(
        model="gpt-4", messages=[{"role": "user", "content": "Hi"}], logprobs=True
    )
    print(raw.headers.get("x-zhipu-adaptations"))

    with client.chat.completions.with_streaming_response.create(
        model="gpt-4", messages=[{"role": "user", "content": "Hi"}], frequency_penalty=1
    ) as response:
        print(len(response.read()))

    with client.chat.completions.stream(
        model="gpt-3.5-turbo", messages=[{"role": "user", "content": "Hi"}], max_tokens=100
    ) as events:
        for event in events:
            print(event.type)
