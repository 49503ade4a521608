from openai.types.moderation_image_url_input_param import *
