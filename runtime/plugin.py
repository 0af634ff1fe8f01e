"""One plugin that gives client, worker and replayer the same converter, guard and sandbox."""

import sys
from dataclasses import replace

from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.converter import DataConverter, DefaultFailureConverterWithEncodedAttributes
from temporalio.plugin import SimplePlugin
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from runtime.codec import EncryptingCodec
from runtime.guard import Guard
from runtime.master_key import MasterKeys

# Modules that workflow code shares with the process instead of loading them anew for every run:
# `domain` is pure; `activities` brings SQLAlchemy, a third of a second for each run if reloaded.
# Never `workflows`: a passed-through workflow is not checked for clocks and chance.
PASSED_THROUGH = ("domain", "activities")


class HotlinePlugin(SimplePlugin):
    """Give it to the client only: workers take it from there, replayers need it named."""

    def __init__(self, master_keys: MasterKeys) -> None:
        super().__init__(
            "hotline",
            data_converter=encrypting_converter(master_keys),
            interceptors=[Guard()],
            workflow_runner=sandbox(),
        )


def encrypting_converter(master_keys: MasterKeys) -> DataConverter:
    """Pydantic models in, ciphertext out; failure messages and stack traces too."""
    return replace(
        pydantic_data_converter,
        payload_codec=EncryptingCodec(master_keys),
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )


def sandbox() -> SandboxedWorkflowRunner:
    # It loads `workflows` anew for every run: without bytecode it would compile them for every run,
    # which costs more than all that a complaint's first task does.
    sys.dont_write_bytecode = False
    return SandboxedWorkflowRunner(
        restrictions=SandboxRestrictions.default.with_passthrough_modules(*PASSED_THROUGH)
    )
