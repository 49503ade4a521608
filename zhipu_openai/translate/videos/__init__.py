"""Videos: OpenAI's jobs become Zhipu's, and Zhipu's links become files."""
