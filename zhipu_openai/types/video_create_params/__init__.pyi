from openai.types.video_create_params import *
