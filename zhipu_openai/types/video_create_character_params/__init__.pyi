from openai.types.video_create_character_params import *
