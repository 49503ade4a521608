from openai.types.image_gen_partial_image_event import *
