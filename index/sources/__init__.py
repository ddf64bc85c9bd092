"""Readers of saved pages and data files: from paths to articles, each thing skipped named with its reason.

``walk`` finds the files and picks the reader, ``sniff`` tells the format by content, ``opening`` opens and decodes;
``text_page``, ``html_page``, ``jsonl`` and ``plain`` read one format each, with ``dates``, ``identity``, ``byline``,
``captions``, ``lead``, ``furniture`` and ``tidy`` shared among them; ``records`` holds limits, skips and notes.
"""
