from openai.types.image_gen_stream_event import *
