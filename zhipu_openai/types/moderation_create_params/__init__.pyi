from openai.types.moderation_create_params import *
