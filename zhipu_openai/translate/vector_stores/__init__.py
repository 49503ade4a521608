"""Vector stores, served by Zhipu's knowledge bases; their files, by the documents in them.

``fields`` is the table of request fields, ``upstream`` speaks with Zhipu, ``objects`` makes OpenAI's objects.
What is served: ``stores``, ``search``, ``files`` and ``batches``.
"""
