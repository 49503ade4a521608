from openai.types.moderation_model import *
