"""Reads through pysnmp, v1 and v2c: numbers only, without looking names up in MIBs."""

import asyncio
import socket
from collections.abc import Iterable, Sequence
from typing import Any

from pysnmp.error import PySnmpError
from pysnmp.hlapi.v1arch.asyncio import (
    CommunityData,
    ObjectIdentity,
    ObjectType,
    SnmpDispatcher,
    UdpTransportTarget,
    get_cmd,
    next_cmd,
)

from caudal.core.ports.probe import ProbeFault, Reading, SnmpTarget
from caudal.integrations.loops import run

RETRIES = 1
LONGEST_COLUMN = 600
"""Rows of a column at most: a wrong identifier must not walk a whole device."""
MODELS = {"1": 0, "2c": 1}
Values = dict[str, int]


class PySnmpReader:
    def __init__(self, at_once: int = 100) -> None:
        self._at_once = at_once

    def read(self, targets: Sequence[SnmpTarget]) -> list[Reading]:
        return run(self._all(targets)) if targets else []

    async def _all(self, targets: Sequence[SnmpTarget]) -> list[Reading]:
        gate = asyncio.Semaphore(self._at_once)
        with SnmpDispatcher() as dispatcher:

            async def one(target: SnmpTarget) -> Reading:
                async with gate:
                    return await _read(dispatcher, target)

            return await asyncio.gather(*(one(target) for target in targets))


class _Fault(Exception):
    def __init__(self, fault: ProbeFault) -> None:
        super().__init__(fault)
        self.fault = fault


async def _read(dispatcher: Any, target: SnmpTarget) -> Reading:
    try:
        session = await _Session.open(dispatcher, target)
        scalars = await session.get(target.scalars) if target.scalars else {}
        columns = {each: tuple(await session.walk(each)) for each in target.columns}
    except _Fault as error:
        return Reading(target.key, fault=error.fault)
    return Reading(target.key, scalars, columns)


class _Session:
    """One device; each request is awaited before the next is sent."""

    def __init__(self, dispatcher: Any, target: SnmpTarget, transport: Any) -> None:
        self._dispatcher = dispatcher
        self._who = CommunityData(target.community, mpModel=MODELS[target.version])
        self._transport = transport

    @classmethod
    async def open(cls, dispatcher: Any, target: SnmpTarget) -> "_Session":
        address = (target.host, target.port)
        try:
            transport = await UdpTransportTarget.create(
                address, timeout=target.timeout_s, retries=RETRIES
            )
        except (PySnmpError, socket.gaierror) as error:
            raise _Fault(ProbeFault.UNKNOWN_NAME) from error
        return cls(dispatcher, target, transport)

    async def get(self, names: Iterable[str]) -> Values:
        """One by one where v1 refuses them together: there one unknown name spoils all."""
        wanted = list(names)
        found, refused = await self._ask(get_cmd, wanted)
        if not refused:
            return found
        if len(wanted) == 1:
            return {}
        parts = [await self.get([name]) for name in wanted]
        return {name: value for part in parts for name, value in part.items()}

    async def walk(self, column: str) -> list[int]:
        found: list[int] = []
        last = column
        while len(found) < LONGEST_COLUMN:
            step, refused = await self._ask(next_cmd, [last])
            name, value = next(iter(step.items()), ("", 0))
            if refused or not name.startswith(f"{column}.") or name == last:
                break
            found.append(value)
            last = name
        return found

    async def _ask(self, command: Any, names: Sequence[str]) -> tuple[Values, bool]:
        """(numbers by name, whether the device said no)."""
        asked = [ObjectType(ObjectIdentity(name)) for name in names]
        try:
            error, status, _at, found = await command(
                self._dispatcher, self._who, self._transport, *asked, lookupMib=False
            )
        except PySnmpError as problem:
            raise _Fault(ProbeFault.FAILED) from problem
        if error:
            raise _Fault(ProbeFault.NO_ANSWER)
        if status:
            return {}, True
        return _numbers(found), False


def _numbers(found: Iterable[Any]) -> Values:
    """What is a whole number: texts and "no such object" are left out."""
    values: Values = {}
    for row in found:
        name, value = row[0], row[1]
        try:
            values[str(name)] = int(value)
        except (TypeError, ValueError, AttributeError):
            continue
    return values
