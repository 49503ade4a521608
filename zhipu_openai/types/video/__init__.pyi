from openai.types.video import *
