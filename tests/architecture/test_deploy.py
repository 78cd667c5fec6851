"""What is shipped for operators says what it must."""

import configparser
import re
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
import yaml
from attrs import fields

from adapters.http.app import OPERATIONS
from entrypoints.configuration import PREFIX, read_settings
from entrypoints.device.options import read_options
from entrypoints.device.refusals import SENT_AWAY, WRONG
from entrypoints.settings import Settings

DEPLOY = Path(__file__).parents[2] / "deploy"


def test_compose_has_no_default_password_and_two_hubs() -> None:
    text = (DEPLOY / "compose.yaml").read_text()
    services = yaml.safe_load(text)["services"]
    assert {"hub-1", "hub-2", "nats", "postgres", "proxy"} <= services.keys()
    for name in ("POSTGRES_PASSWORD", "NATS_PASSWORD", "JWT_SECRET_KEY"):
        assert f"${{{name}:?" in text
        assert f"${{{name}:-" not in text
        assert f"{name}=\n" in (DEPLOY / "env.example").read_text()


def test_the_manifests_keep_service_links_out() -> None:
    deployment = next(iter(yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text())))
    pod = deployment["spec"]["template"]["spec"]
    assert pod["enableServiceLinks"] is False
    assert deployment["spec"]["replicas"] >= 2
    assert all(container["securityContext"]["readOnlyRootFilesystem"] for container in pod["containers"])


def test_the_devices_unit_names_the_command_and_variables_that_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    text = (DEPLOY / "mira-device.service").read_text()
    unit.read_string(text)
    service = unit["Service"]
    assert service["ExecStart"] == "/opt/mira/bin/mira device"
    assert (service["Type"], service["Restart"]) == ("notify", "always")
    assert set(service["RestartPreventExitStatus"].split()) == {str(WRONG), str(SENT_AWAY)}
    for name, value in re.findall(r"^Environment=(\w+)=(.*)$", text, re.MULTILINE):
        monkeypatch.setenv(name, value)
    options = read_options([])
    assert str(options.data_folder) == "/var/lib/mira-device"
    assert str(options.status_file) == "/run/mira-device/status.json"


def test_the_proxy_goes_to_the_hubs_that_there_are_and_to_nothing_inside() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    proxy = (DEPLOY / "Caddyfile").read_text()
    (upstreams,) = re.findall(r"reverse_proxy (.+) \{", proxy)
    port = read_settings([]).settings.port
    assert set(upstreams.split()) == {f"{name}:{port}" for name in services if name.startswith("hub-")}
    paths = {operation.path for operation in OPERATIONS}
    (asked,) = re.findall(r"health_uri (\S+)", proxy)
    assert asked in paths
    (kept,) = re.findall(r"@internal path (.+)", proxy)
    inside = {path for path in paths if path.startswith("/internal")}
    assert all(any(fnmatchcase(path, pattern) for pattern in kept.split()) for path in inside)


@pytest.mark.parametrize("name", ["compose.yaml", "kubernetes.yaml", "Dockerfile"])
def test_every_variable_that_is_set_is_one_that_the_hub_knows(name: str) -> None:
    known = {PREFIX + field.name.upper() for field in fields(Settings)} | {"MIRA_PORT"}
    assert set(re.findall(r"\bMIRA_[A-Z_]+\b", (DEPLOY / name).read_text())) <= known


def test_what_the_image_has_compiled_may_be_written_to() -> None:
    """Numba uses no cache that it may only read."""
    (place,) = re.findall(r"NUMBA_CACHE_DIR=(\S+)/numba", (DEPLOY / "Dockerfile").read_text())
    deployment = next(iter(yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text())))
    (hub,) = deployment["spec"]["template"]["spec"]["containers"]
    assert place in {mount["mountPath"] for mount in hub["volumeMounts"]}
    for name, service in yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"].items():
        if name.startswith("hub-"):
            assert place in {volume.split(":")[1] for volume in service["volumes"]}
