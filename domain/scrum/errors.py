"""What can go wrong, for a caller who can do something about it.

    ScrumError
    ├── Invalid       the input breaks a rule: change the input
    ├── NotFound      nothing has this id: look it up
    ├── WrongState    not possible now: another step comes first
    ├── Conflict      somebody else was faster: look again, then repeat
    ├── Refused       a person or a policy has to decide
    └── Unavailable   a server or a store is not there

Leaves live beside the rule that raises them. Every message says what is wrong, what was expected and what
to do next, and can be shown to a model as it is. Whoever raises one has changed nothing.
"""


class ScrumError(Exception):
    """The root: anything that a caller should read."""


class Invalid(ScrumError):
    pass


class NotFound(ScrumError):
    pass


class WrongState(ScrumError):
    pass


class Conflict(ScrumError):
    pass


class Refused(ScrumError):
    pass


class Unavailable(ScrumError):
    pass
