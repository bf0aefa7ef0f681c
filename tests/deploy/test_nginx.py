"""nginx takes the configuration, and it says what the pages say it does. That it works is seen in tests/rolling."""

import re
import subprocess

import pytest

from lingpai.config import SETTINGS
from tests.rolling.conftest import nginx_folder, rendered

DEFAULTS = {setting.name: setting.default for setting in SETTINGS}


def directives(conf):
    return [
        line.strip() for line in re.sub(r"#.*", "", conf).splitlines() if line.strip() and line.strip() != "}"
    ]


@pytest.mark.parametrize("trusted", ["", "set_real_ip_from 10.9.0.0/16; set_real_ip_from 10.8.0.1;"])
def test_nginx_takes_it(tmp_path, trusted):
    command = nginx_folder(tmp_path, rendered("127.0.0.1:8080", [8001, 8002, 8003], trusted))
    done = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_nginx_would_say_so(tmp_path):
    command = nginx_folder(tmp_path, rendered("127.0.0.1:8080", [8001]) + "\nproxy_pass_everything on;\n")
    assert subprocess.run([*command, "-t"], capture_output=True, check=False).returncode != 0


def test_no_post_is_ever_sent_twice():
    found = [line for line in directives(rendered("80", [8000])) if line.startswith("proxy_next_upstream ")]
    assert found == ["proxy_next_upstream error timeout;"]


def test_it_lets_go_of_connections_before_a_server_closes_them():
    (kept,) = re.findall(
        r"^keepalive_timeout (\d+)s;", "\n".join(directives(rendered("80", [1]))), re.MULTILINE
    )
    assert int(kept) < DEFAULTS["shutdown_grace"]


def test_it_waits_longer_to_connect_than_a_handshake_that_was_dropped_takes():
    (waits,) = re.findall(r"proxy_connect_timeout (\d+)s;", rendered("80", [1]))
    assert int(waits) > 1


def test_a_client_cannot_say_where_it_is_from():
    lines = directives(rendered("80", [1]))
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in lines
    assert not any("$proxy_add_x_forwarded_for" in line for line in lines)


def test_no_log_line_holds_a_query_string():
    conf = rendered("80", [1])
    log = conf[conf.index("log_format") : conf.index("map ")]
    assert "$uri" in log
    for word in (
        "$request_uri",
        "$args",
        "$query_string",
        '"$request"',
        "$http_authorization",
        "$http_referer",
    ):
        assert word not in log
