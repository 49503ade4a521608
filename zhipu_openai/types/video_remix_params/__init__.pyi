from openai.types.video_remix_params import *
