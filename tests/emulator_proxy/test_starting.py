"""Does the command line give what a program needs, to people and to scripts?"""

import json
import os
import shlex
import subprocess
import sys

import pytest

from lingpai_emulator.background import ProxiedWechat, emulator_process
from lingpai_emulator.proxy.environment import Proxy

COMMAND = [sys.executable, "-m", "lingpai_emulator"]


def _curled(environment):
    command = ["curl", "--silent", "https://api.weixin.qq.com/cgi-bin/token"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30, check=False)
    return done.stdout


def test_what_it_prints_for_a_shell_is_enough(bare):
    command = [*COMMAND, "--port", "0", "--no-phone", "--proxy-port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as child:
        assert child.stderr is not None
        lines: list[str] = []
        while not lines or not lines[-1].startswith("Stop"):
            lines.append(child.stderr.readline())
        exports = "".join(line for line in lines if line.startswith("export "))
        shell = ["sh", "-c", f"{exports}\ncurl --silent https://api.weixin.qq.com/cgi-bin/token"]
        done = subprocess.run(shell, env=bare, capture_output=True, text=True, timeout=30, check=False)
        child.terminate()
        child.communicate(timeout=30)
    assert json.loads(done.stdout)["errcode"] == 41002
    assert child.returncode == 0


def test_what_it_prints_as_json_is_enough_and_is_gone_with_it(bare):
    with emulator_process("--proxy-port", "0") as wechat:
        assert isinstance(wechat, ProxiedWechat)
        proxy = wechat.proxy
        assert Proxy.from_json(proxy.as_json()) == proxy
        assert json.loads(_curled(bare | proxy.environment))["errcode"] == 41002
    assert not proxy.ca.parent.exists()


def test_a_path_with_a_blank_survives_the_shell(tmp_path):
    proxy = Proxy("http://127.0.0.1:1", tmp_path / "a b" / "ca.pem", tmp_path / "it's" / "bundle.pem")
    words = dict(line.removeprefix("export ").split("=", 1) for line in proxy.exports.splitlines())
    assert {name: shlex.split(value)[0] for name, value in words.items()} == proxy.environment


def test_a_folder_keeps_the_certificate_from_start_to_start(tmp_path, bare):
    folder = str(tmp_path / "ca")
    with emulator_process("--proxy-port", "0", "--proxy-ca", folder) as wechat:
        first = (tmp_path / "ca" / "ca.pem").read_bytes()
    with emulator_process("--proxy-port", "0", "--proxy-ca", folder) as wechat:
        assert isinstance(wechat, ProxiedWechat)
        assert wechat.proxy.ca.read_bytes() == first
        assert json.loads(_curled(bare | wechat.proxy.environment))["errcode"] == 41002


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--proxy-ca", "somewhere"], "--proxy-port 8003"),
        (["--proxy-port", "65536"], "65535"),
        (["--proxy-port", "0", "--proxy-ca", os.devnull], "--proxy-ca"),
        (["--proxy-port", "0", "--host", "0.0.0.0"], "--allow-remote"),
    ],
)
def test_a_wrong_option_ends_with_2_and_a_sentence(arguments, sentence):
    command = [*COMMAND, "--port", "0", "--no-phone", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_a_proxy_port_that_is_taken_is_named(wechat_proxy):
    port = wechat_proxy.proxy.url.rpartition(":")[2]
    command = [*COMMAND, "--port", "0", "--no-phone", "--proxy-port", port]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 2
    assert f":{port} cannot be used" in done.stderr
