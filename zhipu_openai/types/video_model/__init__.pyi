from openai.types.video_model import *
