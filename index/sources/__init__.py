"""Readers of saved pages and data files: from paths to articles, each thing skipped named with its reason.

``walk`` finds the files and picks the reader, ``sniff`` tells the format by content, ``opening`` opens and decodes;
``text_page``, ``html_page``, ``jsonl``, ``plain``, ``table``, ``feeds``, ``warc``, ``mhtml`` and ``markdown`` read one
format each (``mapping`` says what is what in other people's data), with ``dates``, ``identity``, ``byline``,
``captions``, ``lead``, ``furniture`` and ``tidy`` shared among them; ``records`` holds limits, skips and notes.
"""
