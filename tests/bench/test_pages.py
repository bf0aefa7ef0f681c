"""The program that measures the console's pages fills a database and finds every page answering."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_page_answers_over_a_filled_database():
    command = [sys.executable, str(ROOT / "bench" / "pages.py"), "--attempts", "4000", "--people", "500"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    pages = [line.split()[-1] for line in done.stdout.splitlines() if " ms " in line]
    assert "/console" in pages
    assert len([page for page in pages if page.startswith("/console/logins?")]) > 15
