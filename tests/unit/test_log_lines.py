"""A line of the log: the short way writes what the long way writes."""

import io
import json
import sys
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from lingpai.observe import configure_logs, logger


@pytest.fixture
def lines(monkeypatch):
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stderr", SimpleNamespace(buffer=written))
    configure_logs("info", "json")
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    monkeypatch.undo()
    configure_logs("error", "console")


FIELDS = {"app": "wx1", "ms": 3, "is_new": False, "rid": None, "text": 'a"\n\x1b[31m\u202e', "odd": object}


def test_both_ways_write_the_same_fields_in_the_same_order(lines):
    logger().info("login", **FIELDS)
    logger().bind().info("login", **FIELDS)
    short, long = lines()
    assert list(short) == list(long)
    assert {**short, "at": ""} == {**long, "at": ""}


def test_the_stamp_is_the_wall_clocks(lines):
    began = datetime.now(UTC)
    for _ in range(2_000):
        logger().info("x")
    stamps = [datetime.fromisoformat(line["at"]) for line in lines()]
    assert all(len(line["at"]) == len("2026-01-31T04:05:06.000000Z") for line in lines())
    assert abs((stamps[0] - began).total_seconds()) < 1
    assert abs((stamps[-1] - datetime.now(UTC)).total_seconds()) < 1


def test_levels_below_the_wanted_one_are_not_written(lines):
    logger().debug("no")
    logger().warning("yes", level_of="water")
    assert [line["event"] for line in lines()] == ["yes"]


def test_an_error_brings_its_trace(lines):
    try:
        int("of a test")
    except ValueError as error:
        logger().error("internal", exc_info=error)
    (line,) = lines()
    assert "ValueError: invalid literal" in line["exception"]
