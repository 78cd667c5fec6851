"""`mira device`: being a device of a hub."""

import asyncio
import sys
from collections.abc import Sequence

import attrs

from application.ports.hardware import HardwareMissing
from entrypoints.device.checking import check
from entrypoints.device.identity import Identity, read_identity
from entrypoints.device.options import DeviceOptions, read_options
from entrypoints.device.pairing import asked_code, pair
from entrypoints.device.parts import parts_of
from entrypoints.device.refusals import BROKEN, CannotRun
from entrypoints.device.runtime import Device, stop_on_signals
from entrypoints.device.status import Reporter, Status
from entrypoints.logs import set_up_logs


def device(arguments: Sequence[str]) -> int:
    """Be a device, and answer the exit code."""
    try:
        options = read_options(arguments)
        set_up_logs(options.log_level, as_json=options.log_json)
        return asyncio.run(_check(options) if options.check else _run(options))
    except CannotRun as error:
        sys.stderr.write(f"mira: {error}\n")
        return error.code
    except HardwareMissing as error:
        sys.stderr.write(f"mira: {error}\n")
        return BROKEN


async def _check(options: DeviceOptions) -> int:
    if options.pair is not None:
        return await check(options, await pair(options, options.pair))
    return await check(options, read_identity(options.data_folder))


async def _run(options: DeviceOptions) -> int:
    identity = await _identity(options)
    status = Status(hub=identity.hub, device_id=identity.device_id)
    stop = stop_on_signals()
    one = Device(options=options, identity=identity, parts=parts_of(options), status=status)
    try:
        await one.run(stop)
    except CannotRun as error:
        status.trouble = str(error)
        raise
    finally:
        status.state = "stopped"
        Reporter(status=status, file=options.status_file).write()
    return 0


async def _identity(options: DeviceOptions) -> Identity:
    """Who this device is: by a code, or as it was; it asks for a code where it must."""
    if options.pair is not None:
        return await pair(options, options.pair)
    known = read_identity(options.data_folder)
    if known is None:
        return await pair(options, asked_code())
    return known if options.url is None else attrs.evolve(known, hub=options.url)
