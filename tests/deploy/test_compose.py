"""The compose file, as far as it shows without a Docker: what it names is there, and fits together."""

import ipaddress
import json
import re
import shutil
import subprocess

import pytest

from tests.deploy.conftest import DEPLOY, known_variables, usable
from tests.rolling.conftest import rendered

SERVERS = ["server-1", "server-2", "server-3"]
OF_A_SERVICE = {
    *("image", "build", "restart", "depends_on", "environment", "secrets", "volumes", "stop_grace_period"),
    *(
        "read_only",
        "tmpfs",
        "cap_drop",
        "security_opt",
        "networks",
        "ports",
        "command",
        "healthcheck",
        "user",
    ),
}


def seconds(text):
    return float(text.removesuffix("s"))


def has_compose():
    docker = shutil.which("docker")
    if docker is None:
        return False
    return subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode == 0


def test_docker_reads_it(compose):
    if not has_compose():
        # Without docker's own reader: nothing but what compose knows of a service, as its specification has it.
        unknown = {name: service.keys() - OF_A_SERVICE for name, service in compose["services"].items()}
        assert {name: keys for name, keys in unknown.items() if keys} == {}
        return
    done = subprocess.run(
        ["docker", "compose", "-f", DEPLOY / "compose.yaml", "config", "--format", "json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["services"].keys() == compose["services"].keys()


def test_it_has_three_servers_a_migration_and_what_they_need(compose):
    assert compose["services"].keys() == {*SERVERS, "migrate", "nginx", "postgresql", "redis"}
    assert compose["services"]["migrate"]["command"] == ["migrate"]
    assert compose["services"]["migrate"]["restart"] == "no"
    for name in SERVERS:
        needed = compose["services"][name]["depends_on"]
        assert needed["migrate"]["condition"] == "service_completed_successfully"


def test_every_setting_it_names_exists_and_would_be_taken(compose):
    for name in (*SERVERS, "migrate"):
        values = compose["services"][name]["environment"]
        assert values.keys() <= known_variables()
        assert usable(values) == []


def test_what_services_refer_to_is_defined(compose):
    for name, service in compose["services"].items():
        assert set(service.get("depends_on", {})) <= compose["services"].keys(), name
        assert set(service.get("secrets", [])) <= compose["secrets"].keys(), name
        assert set(service["networks"]) <= compose["networks"].keys(), name
        for volume in service.get("volumes", []):
            source = volume.partition(":")[0]
            assert source in compose["volumes"] or (DEPLOY / source).exists(), volume
        for secret in service.get("secrets", []):
            assert re.fullmatch(r"\./secrets/[a-z_.]+", compose["secrets"][secret]["file"])


def test_secrets_come_as_files(compose):
    text = (DEPLOY / "compose.yaml").read_text("utf-8")
    assert "LINGPAI_MASTER_KEY:" not in text
    assert "POSTGRES_PASSWORD:" not in text
    assert "LINGPAI_DATABASE_URL" not in text
    settings = compose["services"]["server-1"]["environment"]
    assert settings["LINGPAI_CONFIG"] == "/run/secrets/lingpai.toml"
    assert settings["LINGPAI_MASTER_KEY_FILE"] == "/run/secrets/lingpai.key"


def test_a_server_is_given_more_time_to_stop_than_it_takes(compose):
    for name in SERVERS:
        service = compose["services"][name]
        settings = service["environment"]
        needed = float(settings["LINGPAI_SHUTDOWN_GRACE"]) + float(settings["LINGPAI_SHUTDOWN_DRAIN"])
        assert seconds(service["stop_grace_period"]) > needed + 5


def test_nginx_knows_the_addresses_that_the_servers_have(compose):
    services = compose["services"]
    (config,) = compose["networks"]["inside"]["ipam"]["config"]
    network = ipaddress.ip_network(config["subnet"])
    addresses = [services[name]["networks"]["inside"]["ipv4_address"] for name in SERVERS]
    given = services["nginx"]["environment"]["SERVERS"].splitlines()
    assert given == [f"server {address}:8000 max_fails=1 fail_timeout=1s;" for address in addresses]
    proxy = services["nginx"]["networks"]["inside"]["ipv4_address"]
    assert services["server-1"]["environment"]["LINGPAI_TRUSTED_PROXIES"] == proxy
    assert all(ipaddress.ip_address(address) in network for address in (*addresses, proxy))
    (mounted,) = services["nginx"]["volumes"]
    assert mounted.startswith("./nginx/lingpai.conf.template:/etc/nginx/templates/")


def test_the_database_cannot_be_reached_from_outside(compose):
    assert compose["networks"]["inside"]["internal"] is True
    published = {name for name, service in compose["services"].items() if "ports" in service}
    assert published == {"nginx"}
    for name in ("postgresql", "redis"):
        assert list(compose["services"][name]["networks"]) == ["inside"]


@pytest.mark.parametrize("word", ["LISTEN", "SERVERS", "TRUSTED"])
def test_every_name_in_the_template_is_given(compose, word):
    assert word in compose["services"]["nginx"]["environment"]
    assert "${" not in rendered("80", [8000])
