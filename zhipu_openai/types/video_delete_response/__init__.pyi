from openai.types.video_delete_response import *
