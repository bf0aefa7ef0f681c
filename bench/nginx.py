"""nginx three times: the pretend WeChat that costs little, the proxy that is the floor, and a static file."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from bench.processes import Serving, free_port, serving

# One worker: every subject of a comparison has one core at most. No access log: a floor writes none.
_CONF: Final = """
worker_processes 1;
pid {directory}/{name}.pid;
{user}
events {{ worker_connections 4096; }}
http {{
  access_log off;
  keepalive_timeout 300;
  keepalive_requests 100000000;
  client_body_temp_path {directory}/{name}-body;
  proxy_temp_path {directory}/{name}-proxy;
  fastcgi_temp_path {directory}/{name}-fastcgi;
  uwsgi_temp_path {directory}/{name}-uwsgi;
  scgi_temp_path {directory}/{name}-scgi;
  {http}
  server {{
    listen 127.0.0.1:{port} backlog=2048;
    location = /healthz {{ default_type application/json; return 200 '{{"alive":true}}'; }}
    {server}
  }}
}}
"""

# The code names the person (see codes.py), so the answer can be made from the code alone. WeChat
# labels its JSON text/plain.
_UPSTREAM: Final = (
    """
  map $arg_js_code $person { "~^.{21}(?<who>.{11})" $who; }
  map $arg_js_code $key { "~^(?<first>.{21})" $first; }
""",
    """
    location = /sns/jscode2session {
      default_type text/plain;
      return 200 '{"session_key":"${key}A==","openid":"oBenchNotARealId_$person"}';
    }
    location = /cgi-bin/stable_token {
      default_type application/json;
      return 200 '{"access_token":"98_BenchNotARealToken_0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000","expires_in":7200}';
    }
""",
)

# The floor asks the same question; reading the code out of a JSON body is not nginx's trade, so it
# asks with a number of its own.
_PROXY: Final = (
    """
  upstream wechat {{ server 127.0.0.1:{upstream}; keepalive 512; keepalive_requests 100000000; keepalive_timeout 300; }}
""",
    """
    location / {{
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_method GET;
      proxy_pass_request_body off;
      proxy_set_header Content-Length "";
      proxy_pass http://wechat/sns/jscode2session?appid={appid}&secret={secret}&js_code=$request_id&grant_type=authorization_code;
    }}
""",
)

_STATIC: Final = """
    location /static/ {{ root {directory}; default_type application/json; }}
"""


@contextmanager
def upstream(directory: Path) -> Iterator[Serving]:
    """A pretend WeChat: every code is good and belongs to the person it names."""
    with _nginx("upstream", directory, *_UPSTREAM) as nginx:
        yield nginx


@contextmanager
def proxy(directory: Path, to: int, *, appid: str, secret: str) -> Iterator[Serving]:
    """`proxy_pass` with keep-alive to the same pretend WeChat: what one hop costs at least."""
    http, server = _PROXY
    with _nginx(
        "nginx-proxy",
        directory,
        http.format(upstream=to),
        server.format(appid=appid, secret=secret),
    ) as nginx:
        yield nginx


@contextmanager
def static(directory: Path, content: str) -> Iterator[Serving]:
    """A file of this content at /static/file."""
    (directory / "static").mkdir()
    (directory / "static" / "file").write_text(content, encoding="utf-8")
    with _nginx("nginx-static", directory, "", _STATIC.format(directory=directory)) as nginx:
        yield nginx


def binary() -> str:
    """Where nginx is; ends the program with a sentence when it is nowhere."""
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if found is None:
        sys.exit("nginx is missing. Install it (Debian, Ubuntu: sudo apt-get install nginx-light).")
    return found


@contextmanager
def _nginx(name: str, directory: Path, http: str, server: str) -> Iterator[Serving]:
    port = free_port()
    # Started by root, nginx would change to a user who cannot look into the directory.
    user = "user root;" if os.geteuid() == 0 else ""
    conf = directory / f"{name}.conf"
    conf.write_text(
        _CONF.format(directory=directory, name=name, user=user, port=port, http=http, server=server),
        encoding="utf-8",
    )
    command = [
        binary(),
        *("-p", str(directory)),
        *("-e", str(directory / f"{name}-errors.log")),
        *("-c", str(conf)),
        *("-g", "daemon off;"),
    ]
    with serving(name, command, port, directory=directory) as running:
        yield running
