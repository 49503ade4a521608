from openai.types.video_create_character_response import *
