from openai.types.moderation import *
