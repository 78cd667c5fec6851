"""`mira explain`: why a stream was used for a turn, and where its time went."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from entrypoints.configuration import WrongSetting, exit_wrong
from entrypoints.reaching import operator_token, reach

if TYPE_CHECKING:
    from adapters.hub.answers import Interaction, Stream
    from adapters.hub.client import Hub

EXAMPLES: Final = """\
examples:
  mira explain                                          the latest turn of the hub's only network
  mira explain --network net_9a0b...                    the latest turn of this network
  mira explain int_4f1c... --network net_9a0b...        a certain turn
  mira explain int_4f1c... --network net_9a0b... --url https://mira.example --token TOKEN
"""


def explain(arguments: Sequence[str]) -> int:
    """Ask a hub for an interaction, and say how each stream heard it."""
    parser = argparse.ArgumentParser(
        prog="mira explain", epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "interaction", metavar="INTERACTION", nargs="?", help="the id of a turn [default: the latest]"
    )
    parser.add_argument("--network", metavar="ID", help="the network it was in [default: the only one]")
    reach(parser, whose="a network's or operator's token [default: this machine's operator]")
    chosen = parser.parse_args(list(arguments))
    try:
        token = operator_token(chosen)
        interaction = asyncio.run(_fetched(chosen.url, token, chosen.network, chosen.interaction))
    except WrongSetting as error:
        return exit_wrong(error)
    sys.stdout.write(as_text(interaction))
    return 0


async def _fetched(url: str, token: str, network_id: str | None, interaction_id: str | None) -> "Interaction":
    from adapters.hub.client import Hub
    from adapters.hub.errors import HubError, HubUnreachable

    try:
        async with Hub(url, token) as hub:
            network_id = network_id or await _only_network(hub)
            return await hub.interaction(network_id, interaction_id or await _latest(hub, network_id))
    except HubUnreachable as error:
        raise WrongSetting(f"the hub at {url} does not answer: {error}") from error
    except HubError as error:
        raise WrongSetting(f"the hub refuses: {error.message} ({error.code})") from error


async def _only_network(hub: "Hub") -> str:
    """The network that is meant where none is named: there must be one, and only one."""
    networks = await hub.find_networks(limit=1)
    if networks.total != 1:
        raise WrongSetting(f"name the network with --network: there are {networks.total} (see mira networks)")
    return networks.items[0].network_id


async def _latest(hub: "Hub", network_id: str) -> str:
    """The latest turn of a network."""
    turns = await hub.interactions(network_id, limit=1)
    if not turns.items:
        raise WrongSetting(f"nothing has been said in {network_id} yet")
    return turns.items[0].interaction_id


def as_text(interaction: "Interaction") -> str:
    """The explanation, for people."""
    lines = [f"{interaction.interaction_id}, {interaction.processing_status}"]
    hearing = interaction.audio
    if hearing is None:
        lines.append("It was typed: no stream was heard.")
    else:
        lines.append(
            f"{hearing.selected_client_id} was used: {hearing.reason}, "
            f"score {hearing.quality_score:.1f} of 10, {hearing.seconds:.1f} s of sound"
        )
        lines.append("")
        lines += [_row(stream) for stream in hearing.streams]
    if interaction.timings:
        stages = ", ".join(f"{name} {took:.0f}" for name, took in interaction.timings.items())
        lines += ["", f"milliseconds: {stages}"]
    return "\n".join(lines) + "\n"


def _row(stream: "Stream") -> str:
    measures = stream.metrics
    mark = "●" if stream.selected else " "
    return (
        f"{mark} {stream.client_id:<24} {stream.quality_score:4.1f}  SNR {measures.get('snr', 0):3.0f} dB  "
        f"clarity {measures.get('speech_clarity', 0):3.0f}  level {measures.get('volume_level', 0):.2f}  "
        f"{stream.reason}"
    )
