"""``make bench``: what there is to measure; with a folder of collections, the quality of ranking on them."""

from __future__ import annotations

import sys

from benchmarks import quality

TOLD = """\
Benchmarks:
  quality   ranking on judged collections against other engines, written to docs/quality.md
            make bench BENCH_DATA=FOLDER, or: python -m benchmarks.quality FOLDER
            FOLDER holds one folder a collection: BEIR's layout, or articles.jsonl with comments
  extraction
            what the page readers find: the story against gold text, comments against the page's own count
            python -m benchmarks.extraction FOLDER, the one that holds extraction_gold and raw_pages
  typing    how the screen keeps up with typing: frames, and the time from a key press to its results
            python -m benchmarks.typing FOLDER, of articles
  screenshot
            the picture in the README, of the sample pages: python -m benchmarks.screenshot
  damage    what becomes of an index whose files are damaged at random (docs/reliability.md)
            python -m benchmarks.damage N
"""


def main() -> int:
    folders = sys.argv[1:]
    if not folders:
        print(TOLD, end="")
        return 0
    return quality.main(folders)


if __name__ == "__main__":
    sys.exit(main())
