"""The act table: the only list of acts. Updates, signals and HTTP routes are made from it."""

from collections.abc import Mapping
from types import MappingProxyType

from domain import acts
from domain.acts import Act, OrderAct
from domain.model import Frozen
from domain.vocabulary import Role


class ActSpec(Frozen):
    """A row: the message's name, its model, the route's last word, and who may."""

    name: str
    model: type[Act]
    path: str
    roles: frozenset[Role]

    @property
    def on_order(self) -> bool:
        return issubclass(self.model, OrderAct)


def _row(name: str, model: type[Act], path: str, roles: str) -> ActSpec:
    by = frozenset(Role(role) for role in roles.split())
    return ActSpec(name=name, model=model, path=path, roles=by)


_ROWS = (
    _row("classify", acts.Classify, "classification", "hotline"),
    _row("dispatch", acts.Dispatch, "dispatch", "hotline"),
    _row("rule", acts.Rule, "ruling", "hotline supervisor"),
    _row("supervise", acts.Supervise, "supervision", "supervisor"),
    _row("callback", acts.Callback, "callback", "hotline"),
    _row("attach", acts.Attach, "attachment", "hotline channel"),
    _row("evaluate", acts.Evaluate, "evaluation", "citizen hotline"),
    _row("add_facts", acts.AddFacts, "facts", "citizen hotline"),
    _row("withdraw", acts.Withdraw, "withdrawal", "citizen hotline"),
    _row("contest", acts.Contest, "contest", "citizen"),
    _row("amend", acts.Amend, "amendment", "operator"),
    _row("sign_off", acts.SignOff, "sign-off", "unit"),
    _row("contact", acts.Contact, "contact", "unit"),
    _row("interim", acts.Interim, "interim-report", "unit"),
    _row("object", acts.Object, "objection", "unit"),
    _row("extend", acts.Extend, "extension", "unit"),
    _row("suspend", acts.Suspend, "suspension", "unit"),
    _row("resume", acts.Resume, "resumption", "unit"),
    _row("help", acts.Help, "help", "unit"),
    _row("co_handle", acts.CoHandle, "co-handling", "unit hotline"),
    _row("defer", acts.Defer, "deferral", "unit"),
    _row("complete", acts.Complete, "completion", "unit"),
)

ACTS: Mapping[str, ActSpec] = MappingProxyType({row.name: row for row in _ROWS})
"""By name. When an act is lawful stands in `domain.gates`."""
