from openai.types.image_gen_completed_event import *
