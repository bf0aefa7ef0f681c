"""Does `lingpai-emulator` start, speak and stop as its help says?"""

import json
import signal
import socket
import subprocess
import sys

import pytest

COMMAND = [sys.executable, "-m", "lingpai_emulator"]


def _started(*arguments):
    command = [*COMMAND, "--json", "--port", "0", "--no-phone", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def _refused(*arguments):
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=30, check=False)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_prints_one_json_line_and_ends_cleanly_on_a_signal(number, ask):
    with _started() as child:
        line = json.loads(child.stdout.readline())
        assert ask(line["emulator"], "/sns/jscode2session").errcode == 41002
        child.send_signal(number)
        out, err = child.communicate(timeout=30)
    assert (child.returncode, out, err) == (0, "", "")
    assert line["phone"] is None
    assert [app["slug"] for app in line["apps"]] == ["demo-mp", "demo-oa", "demo-web"]
    assert set(line["apps"][0]) == {"slug", "appid", "kind", "secret"}


def test_it_ends_although_an_answer_is_being_delayed(ask):
    with _started() as child:
        url = json.loads(child.stdout.readline())["emulator"]
        order = json.dumps({"path": "*", "delay": 3600}).encode()
        ask(url, "/__emulator__/faults", method="POST", body=order)
        with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])), timeout=10) as sock:
            sock.sendall(b"GET / HTTP/1.1\r\nHost: wechat\r\n\r\n")
            while not ask(url, "/__emulator__/ledger").json["calls"]:
                pass
            child.terminate()
            _, err = child.communicate(timeout=30)
            assert (child.returncode, err) == (0, "")


def test_a_seed_switches_and_a_world_file_make_the_world(tmp_path, ask):
    world = tmp_path / "world.json"
    world.write_text(
        json.dumps(
            {
                "apps": [{"appid": "wx00000000000000d4", "slug": "mine", "secret": "obviously-fake"}],
                "people": [{"id": "laowang", "nickname": "老王"}],
                "switches": {"minute_quota": 5},
            }
        ),
        encoding="utf-8",
    )
    with _started("--world", str(world), "--seed", "7", "--switch", "code-life=60") as child:
        url = json.loads(child.stdout.readline())["emulator"]
        state = ask(url, "/__emulator__/state").json
        child.terminate()
        child.communicate(timeout=30)
    assert state["seed"] == 7
    assert state["apps"][-1]["slug"] == "mine"
    assert state["people"][-1]["nickname"] == "老王"
    assert (state["switches"]["minute_quota"], state["switches"]["code_life"]) == (5, 60)


def test_without_json_it_speaks_to_people_on_stderr():
    command = [*COMMAND, "--port", "0", "--no-phone"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        assert child.stderr is not None
        lines: list[str] = []
        while not lines or not lines[-1].startswith("Stop"):
            lines.append(child.stderr.readline())
        child.terminate()
        out, _ = child.communicate(timeout=30)
    assert out == ""
    said = "".join(lines)
    assert "http://127.0.0.1:" in said
    assert "demo-mp" in said
    assert "xiaoming, xiaohong, sam" in said


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--host", "0.0.0.0"], "--allow-remote"),
        (["--switch", "minute_quota"], "NAME=VALUE"),
        (["--switch", "minute_quota=many"], "minute_quota"),
        (["--switch", "nothing=1"], "nothing"),
        (["--world", "no-such-file.json"], "no-such-file.json"),
        (["--port", "65536"], "65535"),
        (["--por", "1"], "--por"),
    ],
)
def test_a_wrong_option_ends_with_2_and_a_sentence(arguments, sentence):
    done = _refused(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_a_world_file_that_does_not_fit_says_where(tmp_path):
    world = tmp_path / "world.json"
    world.write_text('{"people": [{"id": "a b"}]}', encoding="utf-8")
    done = _refused("--world", str(world))
    assert done.returncode == 2
    assert "$.people[0].id" in done.stderr


def test_a_port_that_is_taken_ends_with_2_and_a_sentence(wechat):
    done = _refused("--port", wechat.url.rpartition(":")[2], "--no-phone")
    assert done.returncode == 2
    assert "cannot be used" in done.stderr
