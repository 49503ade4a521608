from openai.types.video_get_character_response import *
