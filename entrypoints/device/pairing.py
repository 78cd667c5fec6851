"""Coming into a network by the code on its operator's screen."""

import sys
from typing import Final

from adapters.hub import Hub, HubError, HubUnreachable
from entrypoints.device.identity import Identity, keep_identity
from entrypoints.device.options import DeviceOptions
from entrypoints.device.refusals import SENT_AWAY, CannotRun

ASK: Final = "The code on the operator's screen: "
HOW: Final = (
    "this device is not paired: have the operator make a code, good for ten minutes"
    " (clients page of mira tui, or POST /v1/devices/pairing-codes), then mira device --pair CODE"
)
UNREACHABLE: Final = "does the hub run, with --host 0.0.0.0 if it is another machine, and is --url right?"
WHY: Final = {
    404: "nobody offers this code; it may be used or too old: have the operator make another",
    409: "the network has as many clients as it may have; the operator can raise max_clients",
    429: "too many codes were tried from here; wait a minute",
    422: "a code is eight characters of A-Z and 2-7",
}


def asked_code() -> str:
    """The code that somebody types in.

    Raises:
        CannotRun: nobody is there to be asked.
    """
    if not sys.stdin.isatty():
        raise CannotRun(HOW)
    sys.stdout.write(ASK)
    sys.stdout.flush()
    code = sys.stdin.readline().strip()
    if not code:
        raise CannotRun(HOW)
    return code


async def pair(options: DeviceOptions, code: str) -> Identity:
    """Become a device of the network that offers a code, and remember it.

    Raises:
        CannotRun: the hub does not answer, or knows no such code.
    """
    try:
        async with Hub(options.hub) as hub:
            made = await hub.pair_device(
                code,
                options.name,
                options.device_type,
                location=options.room,
                capabilities=options.capabilities,
            )
    except HubUnreachable as error:
        raise CannotRun(f"{options.hub} does not answer: {UNREACHABLE}", SENT_AWAY) from error
    except HubError as error:
        why = WHY.get(error.status, f"the hub refuses: {error.message} ({error.code})")
        raise CannotRun(why, SENT_AWAY) from error
    identity = Identity(hub=options.hub, device_id=made.device_id, token=made.auth_token)
    keep_identity(options.data_folder, identity)
    return identity
