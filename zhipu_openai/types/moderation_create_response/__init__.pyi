from openai.types.moderation_create_response import *
