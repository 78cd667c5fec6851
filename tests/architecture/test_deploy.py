"""What is shipped for operators says what it must."""

from pathlib import Path

import yaml

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
