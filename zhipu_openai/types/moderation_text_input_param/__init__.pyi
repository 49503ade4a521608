from openai.types.moderation_text_input_param import *
