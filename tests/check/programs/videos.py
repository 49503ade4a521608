"""Videos, waited for."""

from openai import OpenAI

client = OpenAI()
job = client.videos.create(model="sora-2", prompt="A cat on a wall", seconds="4", size="1280x720")
client.videos.retrieve(job.id)
