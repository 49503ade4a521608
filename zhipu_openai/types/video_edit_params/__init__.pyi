from openai.types.video_edit_params import *
