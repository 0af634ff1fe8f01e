"""The answer to an act, as the first sender heard it and every repeat hears it again."""

from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from fastapi.responses import JSONResponse

from api.auth import Caller
from api.problems import MEDIA_TYPE, Problem, ProblemBody, refused
from api.view import allowed, complaint_view, links
from domain.acts import Actor
from domain.model import Strict
from domain.outcome import ActOutcome

PROBLEM: dict[str, Any] = {"model": ProblemBody}
READ_RESPONSES: dict[int | str, dict[str, Any]] = dict.fromkeys((401, 403, 404, 422, 503), PROBLEM)
POST_RESPONSES: dict[int | str, dict[str, Any]] = dict.fromkeys((401, 403, 413, 422, 503), PROBLEM)
"""Of a POST that names no complaint in its path."""


class Pending(Strict):
    """202: journaled with its `received_at`, not yet applied; a repeat tells how it went."""

    number: str
    act: str
    pending: bool = True
    links: dict[str, str]


@dataclass(frozen=True)
class Answer:
    status: int
    body: dict[str, Any]

    def response(self) -> JSONResponse:
        problem = self.status >= HTTPStatus.BAD_REQUEST
        media_type = MEDIA_TYPE if problem else None
        return JSONResponse(self.body, self.status, media_type=media_type)

    @classmethod
    def of_problem(cls, problem: Problem) -> "Answer":
        return cls(problem.status, problem.body())


def pending(number: str, act: str) -> Answer:
    body = Pending(number=number, act=act, links=links(number))
    return Answer(HTTPStatus.ACCEPTED, body.model_dump(mode="json"))


def act_answer(outcome: ActOutcome, actor: Actor) -> Answer:
    """The new state for an act that was taken, the problem for one that was refused."""
    state = outcome.state
    caller = Caller(actor.role, actor.key, unit=actor.unit, person=actor.person)
    if outcome.refusal is not None:
        actions = allowed(state, caller)
        return Answer.of_problem(refused(outcome.refusal, state.stage, state.round, actions))
    view = complaint_view(state, caller, as_of=datetime.now(UTC))
    return Answer(HTTPStatus.OK, view.model_dump(mode="json"))
