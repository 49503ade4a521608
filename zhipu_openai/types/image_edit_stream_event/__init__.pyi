from openai.types.image_edit_stream_event import *
