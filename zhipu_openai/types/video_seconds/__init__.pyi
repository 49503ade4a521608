from openai.types.video_seconds import *
