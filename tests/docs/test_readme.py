"""Do the commands that the pages show do what the pages say?

A block marked `sh run` is run, one page after the other in one shell; `sh serve` runs in the background until
the page ends, from when it is ready. `python file=NAME` is saved first. A block `json answer` or `text answer`
is what the block before it prints last; `…` stands for anything.
"""

import json
import re
from itertools import chain
from typing import Any

MARK = "@@ block"
SERVE = """
{command} &
serving=$!
trap 'kill "$serving"; wait "$serving"' EXIT
until curl -fs -o ready.json http://127.0.0.1:{port}/readyz; do kill -0 "$serving"; sleep 0.05; done
"""


def same(told, promised, path="answer"):
    """Each difference in words. Seconds that pass are not compared."""
    if isinstance(promised, dict) and isinstance(told, dict):
        lacking = [f"{path}.{name} is not on both sides" for name in told.keys() ^ promised.keys()]
        inner = [same(told[k], promised[k], f"{path}.{k}") for k in told.keys() & promised.keys()]
        return [*lacking, *chain.from_iterable(inner)]
    if isinstance(promised, str) and isinstance(told, str):
        pattern = ".+".join(map(re.escape, promised.split("…")))
        return [] if re.fullmatch(pattern, told, re.DOTALL) else [f"{path}: {told!r}, promised {promised!r}"]
    if path.endswith(("expires_in", ".iat", ".exp")):
        return [] if type(told) is type(promised) else [f"{path}: {told!r} is no number"]
    return [] if told == promised else [f"{path}: {told!r}, promised {promised!r}"]


def script_of(found, ports, free_port):
    """What bash is given, and what each block that runs promises to print: (kind, text) by its number."""
    ports, script = dict(ports), ["set -euo pipefail"]
    promises: dict[int, Any] = {}
    for number, block in enumerate(found):
        text = block.text
        if "serve" in block.info:
            # From here on the page talks to the server it has just started.
            ports["8000"] = free_port
            script.append(SERVE.format(command=text.strip(), port=free_port))
        for port, real in ports.items():
            text = text.replace(port, real)
        saved = next((word.partition("=")[2] for word in block.info if word.startswith("file=")), None)
        if saved:
            script.append(f"cat > {saved} <<'END_OF_FILE'\n{text}END_OF_FILE")
        elif "run" in block.info:
            script += [f"echo; echo '{MARK} {number}'", text]
            promises[number] = None
        elif "answer" in block.info:
            promises[max(promises)] = (block.info[0], text)
    return "\n".join(script), promises


def printed_by(output):
    """What each block printed, by its number."""
    parts = re.findall(rf"{MARK} (\d+)\n(.*?)(?=\n{MARK} |\Z)", output, re.DOTALL)
    return {int(number): text.strip() for number, text in parts}


def test_the_blocks_of_a_page_do_what_it_says(running_page, blocks, reader, request):
    found = blocks(running_page)
    commands = "".join(block.text for block in found if "run" in block.info)
    if "lingpai init" in commands:
        for file in reader.folder.glob("lingpai.*"):
            file.unlink()
    ports = request.getfixturevalue("dev") if re.search("/demo-mp/|:8001", commands) else {}
    script, promises = script_of(found, ports, reader.port)
    done = reader.types(script)
    assert done.returncode == 0, done.stdout + done.stderr
    printed = printed_by(done.stdout)
    assert printed.keys() == promises.keys(), done.stdout
    for number, promise in promises.items():
        if promise is not None:
            read = json.loads if promise[0] == "json" else str.strip
            assert same(read(printed[number]), read(promise[1])) == [], found[number].text


def test_a_page_that_promises_another_answer_is_noticed():
    assert same({"a": 1, "b": "usr_x"}, {"a": 1, "b": "usr_…"}) == []
    assert same({"a": 1}, {"a": 2})
    assert same({"a": 1}, {})
    assert same({}, {"a": 1})
    assert same({"b": "ses_x"}, {"b": "usr_…"})
    assert same({"a": True}, {"a": False})


def test_the_readmes_and_the_tutorials_run(blocks, pages):
    running = {page.name for page in pages if any("run" in block.info for block in blocks(page))}
    assert {"README.md", "README.zh-CN.md", "first-login.md", "run-in-production.md"} <= running
