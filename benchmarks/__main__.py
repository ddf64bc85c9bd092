"""``python -m benchmarks``: what there is to measure."""

from __future__ import annotations

import sys

TOLD = """\
Benchmarks:
  speed     against other search systems, on the same passages and questions, written to docs/benchmarks.md
            make bench BENCH_DATA=FOLDER, or: python -m benchmarks.speed --data FOLDER
            FOLDER holds one folder a collection, each with articles.jsonl or articles.jsonl.gz
  quality   ranking on judged collections against other engines, written to docs/quality.md
            make bench-quality BENCH_DATA=FOLDER, or: python -m benchmarks.quality FOLDER
            FOLDER holds one folder a collection: BEIR's layout, or articles.jsonl with comments
  extraction
            what the page readers find: the story against gold text, comments against the page's own count
            python -m benchmarks.extraction FOLDER, the one that holds extraction_gold and raw_pages
  crash     every command that writes, killed before each call that changes a file, and cut off from power
            python -m benchmarks.crash KILLS LOSSES [SEED [COMMAND…]]
  refused   the same on a full or failing disk, where nothing may be written, with no file handle left
            python -m benchmarks.refused N [SEED [COMMAND…]]
  soak      readers in several processes and threads beside a writer, with memory and open files
            python -m benchmarks.soak --seconds N
  rebuild   what a rebuild without a model costs, stage by stage
            python -m benchmarks.rebuild [--in-turn] SOURCE…
  typing    how the screen keeps up with typing: frames, and the time from a key press to its results
            python -m benchmarks.typing FOLDER, of articles
  screenshot
            the picture in the README, of the sample pages: python -m benchmarks.screenshot
  damage    what becomes of an index whose files are damaged at random (docs/reliability.md)
            python -m benchmarks.damage N
  encoding  passages a second against plain sentence-transformers, on the same texts in the same run
            HF_HUB_OFFLINE=1 python -m benchmarks.encoding FILE [BLOCKS], JSON Lines of articles
"""


def main() -> int:
    print(TOLD, end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
