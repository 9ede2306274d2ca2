"""What is asked asynchronously may be asked from a thread that runs a loop itself."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from caudal.integrations.loops import OwnLoop, run


async def answer(value: int) -> int:
    await asyncio.sleep(0)
    return value


async def fail() -> None:
    raise OSError("no route")


def test_work_is_done_inside_and_outside_a_running_loop() -> None:
    async def inside() -> int:
        return run(answer(2))

    with ThreadPoolExecutor(1) as thread:  # this one may be running a browser's loop
        assert (run(answer(1)), thread.submit(asyncio.run, inside()).result()) == (1, 2)


def test_what_goes_wrong_is_raised_to_the_caller() -> None:
    with pytest.raises(OSError, match="no route"):
        run(fail())


def test_a_loop_is_closed_once_and_for_all() -> None:
    loop = OwnLoop()
    assert loop.run(answer(3)) == 3
    loop.close()
    loop.close()
    work = answer(4)
    with pytest.raises(RuntimeError, match="closed"):
        loop.run(work)
    work.close()
