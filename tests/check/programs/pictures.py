"""Pictures that are made, and one that cannot be edited."""

import openai
from openai import OpenAI

client = OpenAI()
prompt = "A cat"

client.images.generate(model="dall-e-3", prompt=prompt, size="1792x1024", quality="hd", style="vivid")
client.images.generate(model="gpt-image-1", prompt=prompt, n=2, output_format="jpeg", moderation="low")
client.images.generate(prompt=prompt, response_format="b64_json")
try:
    client.images.generate(model="gpt-image-1", prompt=prompt, background="transparent")
except openai.BadRequestError as error:
    print(error.param)
try:
    client.images.edit(model="gpt-image-1", image=b"x", prompt=prompt)
except openai.BadRequestError as error:
    print(error.code)
