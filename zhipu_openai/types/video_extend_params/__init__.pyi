from openai.types.video_extend_params import *
