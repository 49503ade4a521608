from openai.types.video_download_content_params import *
