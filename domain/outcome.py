"""The answer to an act: what citizen, unit or desk hears, the first time and at every repeat."""

from domain.model import Frozen
from domain.state import ComplaintState


class Refusal(Frozen):
    """Why a well-formed act was not taken. `code` is a problem type of the API."""

    code: str
    field: str
    rule: str


class ActOutcome(Frozen):
    """`state` is the complaint after the act, taken or refused; a repeat hears it as it is now."""

    act_id: str
    refusal: Refusal | None = None
    repeated: bool = False
    state: ComplaintState
