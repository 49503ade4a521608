from openai.types.video_list_params import *
