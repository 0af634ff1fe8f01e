"""Everything that the API can refuse, as RFC 9457 problem details, and the one mapping to them.

Problem
|-- Unauthenticated    401  no key or token, or one that nobody holds
|-- Forbidden          403  the caller's role may not do this
|-- NotFound           404  it is not there, or the caller may not see it
|-- Refused            409  the law or the state does not allow the act now
|-- FileFrozen         410  the complaint's file takes no more acts
|-- Erased             410  the person was erased, and with them every word
|-- TooLarge           413  the body is longer than any lawful one
|-- Invalid            422  a field breaks a rule
|   `-- KeyReused      422  the idempotency key was used with another body
|-- TooManyActs        429  the caller has sent more for this complaint than anybody needs
`-- Unavailable        503  the database does not answer; nothing was taken
"""

from http import HTTPStatus
from typing import Any, ClassVar

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from domain.errors import HotlineError
from domain.errors import Refused as LawRefused
from domain.model import Strict
from domain.outcome import Refusal
from domain.state import AllowedAction
from sealing.errors import PersonErased
from storage.database import DatabaseDown

MEDIA_TYPE = "application/problem+json"
BODY, NO_JSON = "body", "must be JSON"


class Problem(Exception):
    """Root of the tree. `members` are the problem's own fields beside those of the RFC."""

    status: ClassVar[HTTPStatus]
    code: str
    headers: ClassVar[dict[str, str]] = {}

    def __init__(self, detail: str, *, code: str | None = None, **members: Any) -> None:
        super().__init__(detail)
        self.code = code or self.code
        self.detail = detail
        self.members = members

    def body(self) -> dict[str, Any]:
        return problem_body(self.status, self.code, self.detail, self.members)

    def response(self) -> JSONResponse:
        return JSONResponse(self.body(), self.status, self.headers, media_type=MEDIA_TYPE)


class Unauthenticated(Problem):
    status = HTTPStatus.UNAUTHORIZED
    code = "unauthenticated"
    headers: ClassVar[dict[str, str]] = {"WWW-Authenticate": "Bearer"}

    def __init__(self) -> None:
        super().__init__("send `Authorization: Bearer` with a valid key or token")


class Forbidden(Problem):
    status = HTTPStatus.FORBIDDEN
    code = "forbidden"


class NotFound(Problem):
    status = HTTPStatus.NOT_FOUND
    code = "not-found"

    def __init__(self, what: str) -> None:
        super().__init__(f"no such {what}")


class Refused(Problem):
    status = HTTPStatus.CONFLICT
    code = "refused"


class FileFrozen(Refused):
    status = HTTPStatus.GONE
    code = "file-frozen"


class Erased(Problem):
    status = HTTPStatus.GONE
    code = "person-erased"

    def __init__(self) -> None:
        super().__init__("the person was erased; no words can be read or added any more")


class TooLarge(Problem):
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    code = "too-large"


class Invalid(Problem):
    """A field that breaks a rule; the value itself is never repeated."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "invalid"

    def __init__(self, field: str, rule: str, *, code: str | None = None) -> None:
        super().__init__(f"{field}: {rule}", code=code, field=field, rule=rule)


class KeyReused(Invalid):
    code = "key-reused"

    def __init__(self) -> None:
        super().__init__("Idempotency-Key", "was used before with another body")


class TooManyActs(Problem):
    status = HTTPStatus.TOO_MANY_REQUESTS
    code = "too-many-acts"


class Unavailable(Problem):
    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "unavailable"
    headers: ClassVar[dict[str, str]] = {"Retry-After": "5"}

    def __init__(self) -> None:
        super().__init__("nothing was taken; send the same request again later")


def refused(refusal: Refusal, stage: str, round_: int, actions: list[AllowedAction]) -> Problem:
    """The domain's refusal of an act, with what the caller may do instead."""
    kind = FileFrozen if refusal.code == FileFrozen.code else Refused
    return kind(
        f"{refusal.field}: {refusal.rule}",
        code=refusal.code,
        field=refusal.field,
        rule=refusal.rule,
        stage=stage,
        round=round_,
        allowed_actions=[action.model_dump(mode="json") for action in actions],
    )


class ProblemBody(Strict):
    """A problem of RFC 9457; a refused act also says stage, round and `allowed_actions`."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    field: str | None = None
    rule: str | None = None
    stage: str | None = None
    round: int | None = None
    allowed_actions: list[AllowedAction] | None = None


def problem_body(
    status: HTTPStatus, code: str, detail: str, members: dict[str, Any]
) -> dict[str, Any]:
    return {
        "type": f"urn:hotline:problem:{code}",
        "title": code.replace("-", " "),
        "status": int(status),
        "code": code,
        "detail": detail,
        **members,
    }


def _invalid_request(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    errors = [
        {"field": BODY, "rule": NO_JSON}
        if fault["type"] == "json_invalid"
        else {"field": _field(fault["loc"]), "rule": fault["msg"].removeprefix("Value error, ")}
        for fault in error.errors()
    ]
    first = errors[0]
    detail = f"{first['field']}: {first['rule']}"
    members = {**first, "errors": errors}
    body = problem_body(Invalid.status, Invalid.code, detail, members)
    return JSONResponse(body, Invalid.status, media_type=MEDIA_TYPE)


def _field(location: tuple[str | int, ...]) -> str:
    """`place.lat` of `("body", "place", "lat")`: where it stands, in the sender's words."""
    inner = location[1:] or location
    if location[0] != BODY:
        inner = inner[:1]  # what follows names the type that a parameter was read as
    return ".".join(str(part)[:64] for part in inner)


def _http_error(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    status = HTTPStatus(error.status_code)
    if status is HTTPStatus.BAD_REQUEST:  # the framework's, for a body that it could not read
        return Invalid(BODY, NO_JSON).response()
    code = status.phrase.lower().replace(" ", "-")
    body = problem_body(status, code, status.phrase, {})
    return JSONResponse(body, status, error.headers, media_type=MEDIA_TYPE)


def _problem(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Problem)
    return error.response()


def _domain_error(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HotlineError)
    if isinstance(error, LawRefused):
        members = {"field": error.field, "rule": error.rule}
        return Refused(str(error), code=error.code, **members).response()
    return Invalid(error.field, error.rule).response()


def _broken(_: Request, __: Exception) -> JSONResponse:
    """A fault of ours; the log has its class and place, the sender only that it happened."""
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    body = problem_body(status, "internal", "the same request may be sent again", {})
    return JSONResponse(body, status, media_type=MEDIA_TYPE)


def _database_down(_: Request, __: Exception) -> JSONResponse:
    return Unavailable().response()


def _person_erased(_: Request, __: Exception) -> JSONResponse:
    return Erased().response()


def install(app: FastAPI) -> None:
    """The one mapping: every error that may leave an endpoint, and its answer."""
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(HotlineError, _domain_error)
    app.add_exception_handler(DatabaseDown, _database_down)
    app.add_exception_handler(PersonErased, _person_erased)
    app.add_exception_handler(RequestValidationError, _invalid_request)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _broken)
