"""What Zhipu has no counterpart for."""

import openai
from openai import OpenAI

client = OpenAI()


def tried(work) -> None:
    try:
        work()
    except openai.BadRequestError as error:
        print(error.code)


tried(lambda: client.fine_tuning.jobs.create(model="gpt-4o-mini", training_file="file-1"))
tried(lambda: client.images.create_variation(image=b"x"))
tried(lambda: client.chat.completions.list(limit=3))
tried(lambda: client.containers.create(name="x"))
tried(lambda: client.responses.cancel("resp_1"))
tried(lambda: client.models.delete("ft:gpt-4o"))
tried(
    lambda: client.chat.completions.create(
        model="gpt-4o", messages=[{"role": "user", "content": "Hi"}], modalities=["text", "audio"]
    )
)
tried(lambda: client.videos.list(limit=3))
