from openai.types.video_model_param import *
