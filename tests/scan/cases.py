"""The corpus: small projects in one text each, with the rule that a line has to be found by written at its end.

`=== a sentence` begins a case, `--- path` a file, `«rule»` ends a line that a scan has to tell. Nothing in the corpus
looks like a secret: `@SECRET@` and its like are filled in when a case is written to disk.
"""

import base64
import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path

CORPUS = Path(__file__).parent / "corpus"
MARK = re.compile(r"[ \t]*«([a-z_ ]+)»[ \t]*$")


def made_up(name: str) -> str:
    """32 hex digits that nobody has typed: nobody's AppSecret."""
    return hashlib.md5(f"lingpai corpus {name}".encode()).hexdigest()


SECRET, SECRET2 = made_up("one"), made_up("two")
BLANKS = {
    "APPID": "wx" + made_up("appid")[:16],
    "SECRET": SECRET,
    "SECRET2": SECRET2,
    "MD5": made_up("sum"),
    "HALF1": SECRET[:16],
    "HALF2": SECRET[16:],
    **{f"Q{n + 1}": SECRET[8 * n : 8 * n + 8] for n in range(4)},
    "B64": base64.b64encode(SECRET.encode()).decode(),
    "ESCAPED": "".join(f"\\x{ord(c):02x}" for c in SECRET),
}


@dataclass
class Case:
    """A project, and what has to be found in it: (file, line, rule)."""

    sentence: str
    files: dict[str, str] = field(default_factory=dict)
    expected: set[tuple[str, int, str]] = field(default_factory=set)

    def write(self, folder: Path) -> Path:
        """The project on disk."""
        for name, text in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        return folder


def cases() -> list[Case]:
    """Every case of every language."""
    return [case for file in sorted(CORPUS.glob("*.txt")) for case in _read(file)]


def _read(file: Path) -> list[Case]:
    found: list[Case] = []
    path = ""
    lines: list[str] = []

    def end_of_file() -> None:
        if path:
            found[-1].files[path] = filled("\n".join(lines).rstrip() + "\n")

    for line in file.read_text("utf-8").splitlines():
        if line.startswith(("=== ", "--- ")):
            end_of_file()
            path, lines = line[4:] if line[0] == "-" else "", []
            if line[0] == "=":
                found.append(Case(f"{file.stem}: {line[4:]}"))
            continue
        mark = MARK.search(line)
        lines.append(MARK.sub("", line))
        if mark:
            found[-1].expected |= {(path, len(lines), rule) for rule in mark[1].split()}
    end_of_file()
    return found


def filled(text: str) -> str:
    """A text with the blanks filled in."""
    return re.sub(r"@([A-Z0-9]+)@", lambda blank: BLANKS[blank[1]], text)
