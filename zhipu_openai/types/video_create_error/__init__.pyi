from openai.types.video_create_error import *
