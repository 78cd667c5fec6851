"""Who may do what on NATS: one account for the hub, and one for each network that other systems see."""

from typing import Final

from adapters.nats.subjects import ROOT, STREAM
from domain.ids import NetworkId

HUB: Final = "MIRA"
"""The account of the hub: all subjects, and JetStream, are its."""


def export_of(network_id: NetworkId) -> str:
    """What the hub's account offers to the account of one network, in the words of nats-server.conf."""
    at, to = f"{ROOT}.{network_id}", account_of(network_id)
    api = f"$JS.API.CONSUMER.{{verb}}.{STREAM}"
    created = api.format(verb="CREATE")
    read = api.format(verb="MSG.NEXT")
    return f"""\
      # {network_id}: what it hears, what it may ask for, and its part of the stream of events
      {{ stream: "{at}.event.>", accounts: [{to}] }}
      {{ stream: "{at}.live.>", accounts: [{to}] }}
      {{ service: "{at}.command.>", accounts: [{to}] }}
      {{ stream: "{at}.told.>", accounts: [{to}] }}
      {{ service: "{at}.stream.>", accounts: [{to}] }}
      {{ service: "{at}.audio.>", accounts: [{to}] }}
      {{ service: "{created}.{network_id}.{at}.event.>", accounts: [{to}] }}
      {{ service: "{read}.{network_id}", response: stream, accounts: [{to}] }}
      {{ service: "$JS.ACK.{STREAM}.{network_id}.>", accounts: [{to}] }}
"""


def import_of(network_id: NetworkId) -> str:
    """What the account of one network takes of the hub's."""
    at = f"{ROOT}.{network_id}"
    api = f"$JS.API.CONSUMER.{{verb}}.{STREAM}"
    return f"""\
      {{ stream: {{ account: {HUB}, subject: "{at}.event.>" }} }}
      {{ stream: {{ account: {HUB}, subject: "{at}.live.>" }} }}
      {{ service: {{ account: {HUB}, subject: "{at}.command.>" }} }}
      {{ stream: {{ account: {HUB}, subject: "{at}.told.>" }} }}
      {{ service: {{ account: {HUB}, subject: "{at}.stream.>" }} }}
      {{ service: {{ account: {HUB}, subject: "{at}.audio.>" }} }}
      {{ service: {{ account: {HUB}, subject: "{api.format(verb="CREATE")}.{network_id}.{at}.event.>" }} }}
      {{ service: {{ account: {HUB}, subject: "{api.format(verb="MSG.NEXT")}.{network_id}" }} }}
      {{ service: {{ account: {HUB}, subject: "$JS.ACK.{STREAM}.{network_id}.>" }} }}
"""


def account_of(network_id: NetworkId) -> str:
    """What the account of a network is called."""
    return network_id.upper().replace("-", "_")


def account(network_id: NetworkId, user: str, password: str) -> str:
    """The account of one network, whose user sees its subjects and no other's."""
    at = f"{ROOT}.{network_id}"
    ours = (
        f'"{at}.command.>", "{at}.stream.>", "{at}.audio.>", "$JS.API.CONSUMER.*.{STREAM}.{network_id}.>",'
        f' "$JS.API.CONSUMER.MSG.NEXT.{STREAM}.{network_id}", "$JS.ACK.{STREAM}.{network_id}.>"'
    )
    return f"""\
  {account_of(network_id)} {{
    users: [
      {{ user: "{user}", password: "{password}", permissions: {{
        publish: [{ours}]
        subscribe: ["{at}.event.>", "{at}.live.>", "{at}.told.>", "_INBOX.>"]
      }} }}
    ]
    imports: [
{import_of(network_id)}    ]
  }}
"""


def configuration(networks: dict[NetworkId, str], hub_password: str) -> str:
    """A whole `accounts` section: the hub's account, and one for each network with its password."""
    exports = "".join(map(export_of, networks))
    accounts = "".join(account(network_id, network_id, secret) for network_id, secret in networks.items())
    return f"""\
accounts {{
  {HUB} {{
    jetstream: enabled
    users: [ {{ user: "mira", password: "{hub_password}" }} ]
    exports: [
{exports}    ]
  }}
{accounts}}}
"""
