"""A real S3 server beside the tests: moto's, as a process of its own."""

import http.client
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lingpai.storage.blobs import BlobSettings


@pytest.fixture(scope="session")
def s3_port() -> Iterator[int]:
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", Path(__file__).parent / "children" / "s3_server.py"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "MOTO_ALLOW_NONEXISTENT_REGION": "true"},
    )
    assert process.stdout is not None
    try:
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.fixture
def s3_settings(
    s3_port: int, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> BlobSettings:
    """A bucket of this test's own, and credentials where AWS tools look for them."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAFAKEFAKEFAKEFAKE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "fake-secret-of-a-test")
    bucket = f"test-{abs(hash(request.node.nodeid)):x}"[:40]
    put(s3_port, f"/{bucket}")
    return BlobSettings(
        folder="", s3_bucket=bucket, s3_endpoint=f"http://127.0.0.1:{s3_port}", s3_region="ap-guangzhou"
    )


def put(port: int, path: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request(
        "PUT",
        path,
        headers={
            "authorization": "AWS4-HMAC-SHA256 Credential=AKIAFAKEFAKEFAKEFAKE/20260101/us-east-1/s3/aws4_request"
        },
    )
    answer = connection.getresponse()
    assert answer.status == 200, answer.read()
    connection.close()
