"""A realtime session in text: events over a websocket, as with OpenAI's realtime API.

Needs ``pip install "openai[realtime]"``.
"""

from zhipu_openai import create_client

client = create_client(standin="without_key")

with client.realtime.connect(model="gpt-realtime") as connection:
    connection.session.update(session={"type": "realtime", "output_modalities": ["text"]})
    connection.conversation.item.create(
        item={
            "type": "message",
            "role": "user",
            "content": [{"type": "input_text", "text": "Say hello in one sentence."}],
        }
    )
    connection.response.create()

    print("Answer: ", end="")
    for event in connection:
        if event.type == "response.output_text.delta":
            print(event.delta, end="", flush=True)
        elif event.type == "error":
            print(f"[{event.error.code}] {event.error.message}")
            break
        elif event.type == "response.done":
            print(f"\nStatus: {event.response.status}")
            break
