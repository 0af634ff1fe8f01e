"""Every refusal of the domain, named by the fact that caused it.

HotlineError
|-- InvalidRule            a value in a window, calendar or rule pack breaks a rule
`-- Refused                a well-formed act that the law or the state does not allow

The API maps this tree once to HTTP problems, the workflow once to application errors.
"""


class HotlineError(Exception):
    """Root of the tree; `field` names what is wrong and `rule` why."""

    def __init__(self, field: str, rule: str) -> None:
        super().__init__(f"{field}: {rule}")
        self.field = field
        self.rule = rule


class InvalidRule(HotlineError):
    """A window, calendar or rule pack that cannot be applied."""


class Refused(HotlineError):
    """A well-formed act that is stale, late or unlawful; recorded, and answered 409.

    `code` is the type of the HTTP problem: `wrong-stage`, `wrong-role`, `window-closed`,
    `stale-round`, `already-done`, `co-handling-open`, `unknown-order`, `unknown-unit`,
    `order-ended`, `unlawful`, `file-frozen`.
    """

    def __init__(self, code: str, field: str, rule: str) -> None:
        super().__init__(field, rule)
        self.code = code
