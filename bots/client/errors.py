"""What can come back from the API instead of an answer.

    ApiError
    ├── Problem             the API refused, with a code and facts (RFC 9457)
    │   ├── Unreadable          400
    │   ├── SignInAgain         401
    │   ├── Refused             403
    │   ├── NotFound            404
    │   │   └── NotLinked       404 of the chat exchange: nobody is known under this chat account
    │   ├── Conflict            409
    │   │   ├── Stale               …stale: it changed meanwhile
    │   │   ├── WrongState          …wrong_state
    │   │   └── InFlight            the same key is being carried out
    │   ├── TooLarge            413
    │   ├── UnsupportedMedia    415
    │   ├── Invalid             422: values, with a pointer each
    │   └── RateLimited         429
    ├── Unavailable         not reached, or 5xx: nothing was changed as far as is known
    └── Late                no answer in time: the outcome is unknown and will show on the card

One rule: the code decides the class, never the text.
"""

from api.contract.problems import Problem as WireProblem


class ApiError(Exception):
    """The API gave no answer that could be used."""

    code = "unavailable"

    def __init__(self, reference: str = "") -> None:
        super().__init__(reference)
        self.reference = reference


class Unavailable(ApiError):
    """Not reached, or the API said that it cannot work now."""

    code = "api_down"


class Late(ApiError):
    """No answer within the time that a person waits; it may still have been done."""

    code = "still_working"


class Problem(ApiError):
    """A refusal in the API's own words."""

    def __init__(self, problem: WireProblem, reference: str = "", retry_after: float | None = None) -> None:
        super().__init__(reference)
        self.problem = problem
        self.code = problem.code
        self.retry_after = retry_after

    def __str__(self) -> str:
        return f"{self.problem.status} {self.problem.code}: {self.problem.detail}"


class Unreadable(Problem):
    """400"""


class SignInAgain(Problem):
    """401"""


class Refused(Problem):
    """403"""


class NotFound(Problem):
    """404"""


class NotLinked(NotFound):
    """This chat account belongs to nobody who is known."""


class Conflict(Problem):
    """409"""


class Stale(Conflict):
    """The thing changed since it was read."""


class WrongState(Conflict):
    """The thing is in a state in which this does not apply."""


class InFlight(Conflict):
    """The same command under the same key is being carried out right now."""


class TooLarge(Problem):
    """413"""


class UnsupportedMedia(Problem):
    """415"""


class Invalid(Problem):
    """422"""


class RateLimited(Problem):
    """429"""


_BY_STATUS: dict[int, type[Problem]] = {
    400: Unreadable,
    401: SignInAgain,
    403: Refused,
    404: NotFound,
    409: Conflict,
    413: TooLarge,
    415: UnsupportedMedia,
    422: Invalid,
    429: RateLimited,
}


def problem_of(problem: WireProblem, reference: str, retry_after: float | None = None) -> Problem:
    """The class of a refusal, by its code first and its status second."""
    kind = _BY_STATUS.get(problem.status, Problem)
    match problem.code.rpartition(".")[2]:
        case "stale":
            kind = Stale
        case "wrong_state":
            kind = WrongState
        case "in_flight":
            kind = InFlight
    return kind(problem, reference, retry_after)
