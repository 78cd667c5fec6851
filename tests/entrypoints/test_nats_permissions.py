"""`mira nats permissions`."""

import pytest

from entrypoints.main import main


def test_it_writes_accounts_with_passwords_of_their_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["nats", "permissions", "net_a", "net_b", "--hub-password", "long-enough"]) == 0
    told = capsys.readouterr().out
    assert 'user: "mira", password: "long-enough"' in told
    assert 'subject: "mira.v1.net_a.event.>"' in told
    passwords = [
        line.split('password: "')[1].split('"')[0] for line in told.splitlines() if "password" in line
    ]
    assert len(set(passwords)) == 3


@pytest.mark.parametrize(
    "arguments",
    [
        ["home"],
        ["net_>"],
        ['net_a" }'],
        ["net_a", "--password", "a b"],
        ["net_a", "net_b", "--password", "long-one"],
    ],
)
def test_what_would_permit_something_else_is_refused(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["nats", "permissions", *arguments]) == 2
    assert capsys.readouterr().err.startswith("mira: ")
