from openai.types.video_size import *
