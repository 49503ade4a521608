"""Embeddings, moderations and legacy completions."""

import openai

client = openai.OpenAI()
texts = ["one", "two"]

client.embeddings.create(model="text-embedding-ada-002", input=texts)
client.embeddings.create(
    model="text-embedding-3-large", input="one", dimensions=2048, encoding_format="base64"
)
try:
    client.embeddings.create(model="text-embedding-3-large", input="one", dimensions=3072)
except openai.BadRequestError as error:
    print(error.param)
client.moderations.create(input="I like you.")
client.moderations.create(model="omni-moderation-latest", input=["a", "b"])
client.completions.create(
    model="gpt-3.5-turbo-instruct", prompt="Once upon a time", max_tokens=16, echo=True, best_of=1
)
client.completions.create(model="davinci-002", prompt=["a", "b"], logprobs=1, suffix=None)
print(len(client.models.list().data))
