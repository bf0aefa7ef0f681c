"""The dashboard and the alerts: every metric, label and value in them is one that the server has."""

import json
import re
from typing import Any, get_args

import pytest

from lingpai.errors import CATALOGUE
from lingpai.model import EndReason
from lingpai.observe import Metrics
from lingpai.wechat import (
    WeChatAnswerInvalid,
    WeChatAnswerLost,
    WeChatOverloaded,
    WeChatRefused,
    WeChatUnreachable,
)
from tests.deploy.conftest import DEPLOY, documents

OUTCOMES = {
    each.outcome
    for each in (WeChatAnswerInvalid, WeChatAnswerLost, WeChatOverloaded, WeChatRefused, WeChatUnreachable)
}
VALUES = {
    "result": {*CATALOGUE, "signed_in", "given_again"},
    "outcome": {*OUTCOMES, "ok", "cancelled"},
    "reason": {*get_args(EndReason), "erased"},
    "in_force": {"yes", "no"},
}
OF_PROMETHEUS = {"job", "instance", "le"}


def dashboard():
    return json.loads((DEPLOY / "grafana" / "lingpai.json").read_text("utf-8"))


def panels():
    return [panel for panel in dashboard()["panels"] if panel["type"] != "row"]


def alerts():
    (document,) = documents("prometheus/alerts.yml")
    return [rule for group in document["groups"] for rule in group["rules"]]


def expressions():
    drawn = {
        f"{panel['title']} {target['refId']}": target["expr"]
        for panel in panels()
        for target in panel["targets"]
    }
    return {**drawn, **{rule["alert"]: rule["expr"] for rule in alerts()}}


def samples():
    """Every name that a query may ask for → its labels."""
    registered: dict[str, Any] = Metrics().registry._names_to_collectors
    return {name: set(collector._labelnames) for name, collector in registered.items()}


@pytest.mark.parametrize("name", expressions())
def test_what_it_asks_for_is_there(name):
    expression, known = expressions()[name], samples()
    asked = re.findall(r"\b(lingpai_\w+|up)\b(?:\{([^}]*(?:\{app\}[^}]*)?)\})?", expression)
    assert asked
    for metric, matchers in asked:
        labels = OF_PROMETHEUS if metric == "up" else known[metric] | OF_PROMETHEUS
        for label, _, value in re.findall(r'(\w+)(=~|!~|!=|=)"([^"]*)"', matchers):
            assert label in labels, (metric, label)
            if label in VALUES and not value.startswith("$"):
                assert set(value.split("|")) <= VALUES[label], (label, value)
    grouped = {
        label.strip() for part in re.findall(r"by \(([^)]*)\)", expression) for label in part.split(",")
    }
    everything = set().union(*(known.get(metric, set()) for metric, _ in asked)) | OF_PROMETHEUS
    assert grouped <= everything


async def test_the_routes_it_asks_for_exist(stack):
    paths = set((await stack.http.get("/openapi.json")).json()["paths"])
    named = {
        route for expression in expressions().values() for route in re.findall(r'route="([^"]+)"', expression)
    }
    assert named
    assert named <= paths


def test_every_metric_is_drawn_or_stands_for_itself():
    text = json.dumps(dashboard())
    kinds = re.findall(r"^# TYPE (\S+) (\w+)", Metrics().page().decode(), re.MULTILINE)
    assert [name for name, _ in kinds if name not in text and not name.endswith("_created")] == []


def test_a_legend_names_labels_that_its_query_keeps():
    for panel in panels():
        for target in panel["targets"]:
            named = set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]))
            kept = {
                label.strip()
                for part in re.findall(r"by \(([^)]*)\)", target["expr"])
                for label in part.split(",")
            }
            assert named <= kept, panel["title"]


def test_no_panel_covers_another():
    taken: dict[tuple[int, int], str] = {}
    for panel in dashboard()["panels"]:
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24
        for x in range(place["x"], place["x"] + place["w"]):
            for y in range(place["y"], place["y"] + place["h"]):
                assert (x, y) not in taken, (panel["title"], taken.get((x, y)))
                taken[x, y] = panel["title"]


def test_every_panel_says_what_it_shows_and_asks_the_chosen_prometheus():
    assert len({panel["id"] for panel in dashboard()["panels"]}) == len(dashboard()["panels"])
    for panel in panels():
        assert panel["description"]
        assert panel["fieldConfig"]["defaults"]["unit"]
        assert panel["datasource"]["uid"] == "${datasource}"


def test_every_alert_says_what_is_wrong_and_what_to_do():
    names = [rule["alert"] for rule in alerts()]
    assert len(names) == len(set(names)) > 10
    for rule in alerts():
        assert rule["labels"]["severity"] in ("warning", "critical")
        assert rule["annotations"].keys() == {"summary", "description"}
        assert all(text.endswith(".") for text in rule["annotations"].values())
