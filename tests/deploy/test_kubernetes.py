"""The manifests: rendered where there is a kubectl, parsed where not, and held against one another and the settings."""

import shutil
import subprocess

import pytest
import yaml

from tests.deploy.conftest import DEPLOY, documents, known_variables, usable

FOLDER = DEPLOY / "kubernetes"
KINDS = {
    *("Namespace", "ConfigMap", "Deployment", "Job", "Service"),
    *("PodDisruptionBudget", "NetworkPolicy", "Ingress"),
}


@pytest.fixture(scope="module")
def manifests():
    """By kind, as they are written."""
    (kustomization,) = documents("kubernetes/kustomization.yaml")
    found = [each for name in kustomization["resources"] for each in documents(f"kubernetes/{name}")]
    return {each["kind"]: each for each in found}


@pytest.fixture(scope="module")
def settings():
    lines = (FOLDER / "settings.env").read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


@pytest.fixture(scope="module")
def secret():
    (document,) = documents("kubernetes/secret.example.yaml")
    return document


def pod_of(manifest):
    return manifest["spec"]["template"]


def labels_of(manifest):
    return pod_of(manifest)["metadata"]["labels"].items()


def test_every_file_is_part_of_it_or_says_that_it_is_not():
    (kustomization,) = documents("kubernetes/kustomization.yaml")
    files = {file.name for file in FOLDER.iterdir()}
    assert files - set(kustomization["resources"]) == {
        *("kustomization.yaml", "settings.env", "secret.example.yaml"),
    }


def test_it_renders(manifests):
    kubectl = shutil.which("kubectl")
    if kubectl is None:
        assert manifests.keys() == KINDS - {"ConfigMap"}
        return
    done = subprocess.run([kubectl, "kustomize", str(FOLDER)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    made = {each["kind"]: each for each in yaml.safe_load_all(done.stdout)}
    assert made.keys() == KINDS
    config = made["ConfigMap"]["metadata"]["name"]
    for kind in ("Deployment", "Job"):
        (container,) = pod_of(made[kind])["spec"]["containers"]
        assert container["envFrom"][0]["configMapRef"]["name"] == config
        assert container["image"] == "registry.example.com/lingpai:0.1.0"


def test_every_setting_exists_and_would_be_taken(settings, secret):
    named = [*settings, *secret["stringData"]]
    assert {name for name in named if not name.startswith("AWS_")} <= known_variables()
    assert len(named) == len(set(named))
    assert usable({**settings, **secret["stringData"]}) == []


def test_the_secret_is_an_example_and_nobody_could_serve_on_it(secret):
    values = " ".join(secret["stringData"].values()).lower()
    assert values.count("not-a-real") + values.count("notareal") == len(secret["stringData"])


def test_servers_and_migration_read_the_same_settings(manifests, secret):
    sources = [pod_of(manifests[kind])["spec"]["containers"][0]["envFrom"] for kind in ("Deployment", "Job")]
    assert sources[0] == sources[1]
    assert sources[0][1]["secretRef"]["name"] == secret["metadata"]["name"]
    assert sources[0][0]["configMapRef"]["name"] == "lingpai"


def test_a_service_of_the_same_name_sets_no_setting(manifests):
    assert manifests["Service"]["metadata"]["name"] == "lingpai"
    for kind in ("Deployment", "Job"):
        assert pod_of(manifests[kind])["spec"]["enableServiceLinks"] is False


def test_selectors_choose_the_servers_and_not_the_migration(manifests):
    selectors = [
        manifests["Deployment"]["spec"]["selector"]["matchLabels"],
        manifests["Service"]["spec"]["selector"],
        manifests["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"],
    ]
    for selector in selectors:
        assert selector.items() <= labels_of(manifests["Deployment"])
        assert not selector.items() <= labels_of(manifests["Job"])
    everybody = manifests["NetworkPolicy"]["spec"]["podSelector"]["matchLabels"].items()
    assert everybody <= labels_of(manifests["Deployment"])
    assert everybody <= labels_of(manifests["Job"])


def test_ports_have_one_name_from_the_ingress_to_the_server(manifests):
    (container,) = pod_of(manifests["Deployment"])["spec"]["containers"]
    (port,) = container["ports"]
    assert (port["name"], port["containerPort"]) == ("http", 8000)
    (service,) = manifests["Service"]["spec"]["ports"]
    assert service["targetPort"] == port["name"]
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        assert container[probe]["httpGet"]["port"] == port["name"]
    (rule,) = manifests["Ingress"]["spec"]["rules"]
    for path in rule["http"]["paths"]:
        assert path["backend"]["service"] == {"name": "lingpai", "port": {"name": service["name"]}}
    (incoming,) = manifests["NetworkPolicy"]["spec"]["ingress"]
    assert incoming["ports"] == [{"protocol": "TCP", "port": port["name"]}]


def test_readiness_is_asked_of_readyz_and_life_of_healthz(manifests):
    (container,) = pod_of(manifests["Deployment"])["spec"]["containers"]
    assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"
    assert container["livenessProbe"]["httpGet"]["path"] == "/healthz"


def test_a_pod_is_given_more_time_to_stop_than_it_takes(manifests, settings):
    given = pod_of(manifests["Deployment"])["spec"]["terminationGracePeriodSeconds"]
    assert given > float(settings["LINGPAI_SHUTDOWN_GRACE"]) + float(settings["LINGPAI_SHUTDOWN_DRAIN"]) + 5


def test_a_pod_learns_that_it_leaves_before_its_readiness_would_be_noticed_too_late(manifests, settings):
    probe = pod_of(manifests["Deployment"])["spec"]["containers"][0]["readinessProbe"]
    noticed = probe["periodSeconds"] * probe["failureThreshold"]
    assert noticed < float(settings["LINGPAI_SHUTDOWN_GRACE"])


def test_what_stays_inside_is_not_routed(manifests):
    (rule,) = manifests["Ingress"]["spec"]["rules"]
    paths = {path["path"] for path in rule["http"]["paths"]}
    assert not any(
        inner.startswith(tuple(paths)) for inner in ("/metrics", "/healthz", "/readyz", "/console")
    )


@pytest.mark.parametrize("kind", ["Deployment", "Job"])
def test_a_pod_may_do_nothing_that_it_need_not(manifests, kind):
    spec = pod_of(manifests[kind])["spec"]
    (container,) = spec["containers"]
    assert spec["automountServiceAccountToken"] is False
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
