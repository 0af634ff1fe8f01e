import asyncio
from dataclasses import replace

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.circuits import Circuits


class OutageError(Exception):
    """What the circuit counts."""


async def attempt(circuits: Circuits, *, fails: bool, local: bool = True) -> str:
    async def reach() -> str:
        async with circuits.around("gateway"):
            if fails:
                raise OutageError
            return "reached"

    environment = ActivityEnvironment()
    environment.info = replace(environment.info, is_local=local)
    reached = await environment.run(reach)
    assert isinstance(reached, str)
    return reached


async def test_after_three_local_failures_the_next_are_refused_at_once() -> None:
    circuits = Circuits(OutageError)
    for _ in range(3):
        with pytest.raises(OutageError):
            await attempt(circuits, fails=True)

    with pytest.raises(ApplicationError) as refused:
        await attempt(circuits, fails=False)

    assert refused.value.type == "CircuitOpen"
    assert await attempt(circuits, fails=False, local=False) == "reached"


async def test_a_circuit_that_has_rested_lets_the_destination_prove_itself() -> None:
    circuits = Circuits(OutageError, failures=1, rest=0.05)
    with pytest.raises(OutageError):
        await attempt(circuits, fails=True)
    await asyncio.sleep(0.1)

    assert await attempt(circuits, fails=False) == "reached"
