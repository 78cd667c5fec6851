"""`mira nats`: what NATS is to permit to the systems of each network."""

import argparse
import re
import secrets
import sys
from collections.abc import Sequence
from typing import Final

from domain.ids import NetworkId
from entrypoints.configuration import WrongSetting, exit_wrong

EXAMPLES: Final = """\
examples:
  mira nats permissions net_1f0c...               an accounts section for one network
  mira nats permissions net_1f0c... net_77ab...   for several; put it into nats-server.conf

Every password is made anew; --password and --hub-password name your own. The hub connects as
nats://mira:HUB_PASSWORD@host:4222, a network's systems as nats://NETWORK:PASSWORD@host:4222.
"""
NETWORK: Final = re.compile(r"net_[A-Za-z0-9_-]{1,64}")
SAFE: Final = re.compile(r"[A-Za-z0-9_.~-]{8,128}")


def nats_command(arguments: Sequence[str]) -> int:
    """Print the accounts of some networks, as nats-server reads them."""
    parser = argparse.ArgumentParser(
        prog="mira nats", epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=["permissions"], help="what to write")
    parser.add_argument("networks", nargs="+", metavar="NETWORK", help="ids of networks")
    parser.add_argument("--password", help="password of the (one) network's systems [default: a new one]")
    parser.add_argument("--hub-password", help="password of the hub [default: a new one]")
    chosen = parser.parse_args(list(arguments))
    try:
        sys.stdout.write(_accounts(chosen.networks, chosen.password, chosen.hub_password))
    except WrongSetting as error:
        return exit_wrong(error)
    return 0


def _accounts(networks: Sequence[str], password: str | None, hub_password: str | None) -> str:
    from adapters.nats.permissions import configuration

    for network in networks:
        if not NETWORK.fullmatch(network):
            raise WrongSetting(f"{network!r} is no id of a network; they begin with net_")
    if password is not None and len(networks) > 1:
        raise WrongSetting("--password is for one network; leave it out, and each gets its own")
    for given in (password, hub_password):
        if given is not None and not SAFE.fullmatch(given):
            raise WrongSetting("a password must be 8 to 128 letters, digits and any of _ . ~ -")
    secret = {NetworkId(network): password or secrets.token_urlsafe(24) for network in networks}
    return configuration(secret, hub_password or secrets.token_urlsafe(24))
