"""Writes the reference pages from the tables in the code; with --check it only says what differs."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # the program is started by its path, its parts are found from the root

from docs.generator.pages import all_pages  # noqa: E402  only now can it be found


def main(arguments: list[str]) -> int:
    """0 when all pages are as the code says, 1 when `--check` found a difference, 2 for wrong usage."""
    if arguments not in ([], ["--check"]):
        print("usage: python docs/generate.py [--check]", file=sys.stderr)
        return 2
    pages = all_pages()
    differing = [page for page, text in pages.items() if _present(page) != text]
    if arguments:
        for page in differing:
            print(f"{page} is not what the code says; run: python docs/generate.py", file=sys.stderr)
        return 1 if differing else 0
    for page in differing:
        file = ROOT / page
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(pages[page], encoding="utf-8")
        print(page)
    return 0


def _present(page: str) -> str | None:
    file = ROOT / page
    return file.read_text(encoding="utf-8") if file.exists() else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
