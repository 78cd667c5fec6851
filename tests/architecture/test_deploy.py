"""What is shipped for operators says what it must."""

import configparser
import re
from pathlib import Path

import pytest
import yaml

from entrypoints.device.options import read_options
from entrypoints.device.refusals import SENT_AWAY, WRONG

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
