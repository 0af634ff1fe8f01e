"""The field's words, one enumeration each; every other spelling of them is derived from here."""

from enum import StrEnum


class Stage(StrEnum):
    REGISTERED = "registered"
    TRIAGE = "triage"
    CLASSIFIED = "classified"
    DISPATCHED = "dispatched"
    HANDLING = "handling"
    OBJECTED = "objected"
    DEFERRED = "deferred"
    EVALUATING = "evaluating"
    CLOSED = "closed"


class Demand(StrEnum):
    """Art. 2 of the Beijing Regulation: consult, help, complaint, report, suggestion."""

    CONSULT = "consult"
    HELP = "help"
    COMPLAINT = "complaint"
    REPORT = "report"
    SUGGESTION = "suggestion"


class Tier(StrEnum):
    """How fast the law wants the answer, most urgent first."""

    EMERGENCY = "emergency"
    UTILITY = "utility"
    GENERAL = "general"
    COMPLEX = "complex"


class DispositionKind(StrEnum):
    """Answered at once, or one of the six non-order routes of Art. 11."""

    ANSWERED_AT_ONCE = "answered_at_once"
    EMERGENCY_TRANSFER = "emergency_transfer"
    OTHER_LEGAL_CHANNEL = "other_legal_channel"
    ALREADY_IN_PROGRESS_OR_DONE = "already_in_progress_or_done"
    SECRET_OR_PRIVACY = "secret_or_privacy"
    OUTSIDE_DUTY = "outside_duty"
    UNLAWFUL = "unlawful"


class Outcome(StrEnum):
    RESOLVED = "resolved"
    PARTLY = "partly"
    UNRESOLVED = "unresolved"
    NOT_REACHED = "not_reached"
    NO_CONTACT = "no_contact"
    WITHDRAWN = "withdrawn"
    ANSWERED_AT_ONCE = "answered_at_once"
    NOT_ACCEPTED = "not_accepted"
    UNSOLVABLE = "unsolvable"


class OrderKind(StrEnum):
    LEAD = "lead"
    CO_HANDLING = "co_handling"
    HELP = "help"
    SUPERVISION = "supervision"


class OrderState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    OBJECTED = "objected"
    COMPLETED = "completed"
    ENDED = "ended"


class EndCause(StrEnum):
    RETURNED = "returned"
    MISSED = "missed"
    WITHDRAWN = "withdrawn"
    CONFIRMED_BY_CITIZEN = "confirmed_by_citizen"
    SUPERSEDED = "superseded"


class Role(StrEnum):
    CHANNEL = "channel"
    UNIT = "unit"
    HOTLINE = "hotline"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"
    OPERATOR = "operator"
    CITIZEN = "citizen"
    ENGINE = "engine"


class Via(StrEnum):
    """How an act came in; only the API's `received_at` is trusted."""

    API = "api"
    SIGNAL = "signal"


class Basis(StrEnum):
    """What a legal value rests on, strongest first."""

    LAW = "law"
    STANDARD = "standard"
    DRAFT = "draft"
    POLICY = "policy"
    DEMO = "demo"


class StartFact(StrEnum):
    """The fact that starts a window."""

    RECEIVED = "received"
    DISPATCHED = "dispatched"
    SIGNED_OFF = "signed_off"
    ACKNOWLEDGED = "acknowledged"
    REQUESTED = "requested"
    COMPLETED = "completed"
    EVALUATION_OPENED = "evaluation_opened"
    REOPENED = "reopened"
    EXPIRED = "expired"


class ClockKind(StrEnum):
    """What a running clock measures; a rule pack has one ladder for each kind."""

    CITIZEN = "citizen"
    ORDER = "order"
    SIGN_OFF = "sign_off"
    OBJECTION = "objection"
    CONTACT = "contact"
    CO_HANDLING = "co_handling"
    HELP = "help"
    SUPERVISION = "supervision"
    DISPATCH = "dispatch"
    RULING = "ruling"
    APPROVAL = "approval"
    CONTEST = "contest"
    ACKNOWLEDGEMENT = "acknowledgement"
    EVALUATION = "evaluation"
    CALLBACK = "callback"
    HOLD = "hold"
    DEFERRAL = "deferral"
    AFTERCARE = "aftercare"
    STANDING_REVIEW = "standing_review"


class WindowName(StrEnum):
    """The windows that a rule pack states for every tier.

    `floor` is the least time a unit gets after a re-dispatch, `hold_cap` the longest lawful
    suspension; the others bear the name of the clock they budget.
    """

    DISPATCH = "dispatch"
    HANDLING = "handling"
    REDO = "redo"
    FLOOR = "floor"
    SIGN_OFF = "sign_off"
    OBJECTION = "objection"
    CONTACT = "contact"
    CO_HANDLING = "co_handling"
    HELP = "help"
    SUPERVISION = "supervision"
    RULING = "ruling"
    APPROVAL = "approval"
    CONTEST = "contest"
    ACKNOWLEDGEMENT = "acknowledgement"
    EVALUATION = "evaluation"
    HOLD_CAP = "hold_cap"
    DEFERRAL = "deferral"
    AFTERCARE = "aftercare"


class Party(StrEnum):
    """Whom a rung tells; `owner` is the party the clock falls on."""

    OWNER = "owner"
    SUPERIOR = "superior"
    DISTRICT = "district"
    HOTLINE = "hotline"
    SUPERVISION = "supervision"
    LAST_RESORT = "last_resort"
    CITIZEN = "citizen"


class RungAction(StrEnum):
    REMIND = "remind"
    YELLOW = "yellow"
    RED = "red"
    URGE = "urge"
    SUPERVISE = "supervise"
    LAST_RESORT = "last_resort"


class Result(StrEnum):
    """What a unit says it achieved; a supervision order ends with one of the last three."""

    SOLVED = "solved"
    PARTLY = "partly"
    EXPLAINED = "explained"
    UNABLE = "unable"
    REDONE = "redone"
    CANNOT_BE_SOLVED = "cannot_be_solved"
    NO_BASIS = "no_basis"


class Contacted(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Resolved(StrEnum):
    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    UNKNOWN = "unknown"


class Satisfied(StrEnum):
    VERY = "very"
    YES = "yes"
    BASIC = "basic"
    NO = "no"
    VERY_NO = "very_no"
    UNKNOWN = "unknown"


class CallbackOutcome(StrEnum):
    ANSWERED = "answered"
    NO_ANSWER = "no_answer"
    REFUSED = "refused"
    WRONG_NUMBER = "wrong_number"
    POSTPONED = "postponed"


class RulingSubject(StrEnum):
    OBJECTION = "objection"
    EXTENSION = "extension"
    DEFERRAL = "deferral"
    CONTEST = "contest"


class Decision(StrEnum):
    UPHELD = "upheld"
    REJECTED = "rejected"


class UnitKind(StrEnum):
    COMMUNITY = "community"
    SUBDISTRICT = "subdistrict"
    DISTRICT = "district"
    DEPARTMENT = "department"
    ENTERPRISE = "enterprise"
    DESK = "desk"
