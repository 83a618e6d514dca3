"""What can come back from the API instead of an answer.

    ApiError
    ├── ApiProblem              the API refused, with a code and facts (RFC 9457)
    │   ├── ApiBadRequest           400
    │   ├── ApiUnauthorized         401
    │   ├── ApiForbidden            403
    │   ├── ApiNotFound             404
    │   │   └── NotLinked               404 of the chat exchange: nobody is linked to this chat account
    │   ├── ApiConflict             409
    │   │   ├── ApiStale                …stale: it changed meanwhile
    │   │   ├── ApiWrongState           …wrong_state
    │   │   └── ApiInFlight             the same key is being carried out
    │   ├── ApiTooLarge             413
    │   ├── ApiUnsupportedMedia     415
    │   ├── ApiInvalid              422: values, with a pointer each
    │   └── ApiRateLimited          429
    ├── ApiUnavailable          not reached, or 5xx: nothing was changed as far as is known
    └── ApiTimeout              no answer in time: the outcome is unknown and will show on the card

One rule: the code decides the class, never the text.
"""

from api.contract.problems import Problem as WireProblem


class ApiError(Exception):
    """The API gave no answer that could be used."""

    code = "unavailable"

    def __init__(self, reference: str = "") -> None:
        super().__init__(reference)
        self.reference = reference


class ApiUnavailable(ApiError):
    """Not reached, or the API cannot work now."""

    code = "api_down"


class ApiTimeout(ApiError):
    """No answer within the time that a person waits; it may still have been done."""

    code = "still_working"


class ApiProblem(ApiError):
    """A refusal in the API's own words."""

    def __init__(self, problem: WireProblem, reference: str = "", retry_after: float | None = None) -> None:
        super().__init__(reference)
        self.problem = problem
        self.code = problem.code
        self.retry_after = retry_after

    def __str__(self) -> str:
        return f"{self.problem.status} {self.problem.code}: {self.problem.detail}"


class ApiBadRequest(ApiProblem):
    """400"""


class ApiUnauthorized(ApiProblem):
    """401"""


class ApiForbidden(ApiProblem):
    """403"""


class ApiNotFound(ApiProblem):
    """404"""


class NotLinked(ApiNotFound):
    """This chat account belongs to nobody who is known."""


class ApiConflict(ApiProblem):
    """409"""


class ApiStale(ApiConflict):
    """The thing changed since it was read."""


class ApiWrongState(ApiConflict):
    """The thing is in a state in which this does not apply."""


class ApiInFlight(ApiConflict):
    """The same command under the same key is being carried out right now."""


class ApiTooLarge(ApiProblem):
    """413"""


class ApiUnsupportedMedia(ApiProblem):
    """415"""


class ApiInvalid(ApiProblem):
    """422"""


class ApiRateLimited(ApiProblem):
    """429"""


_BY_STATUS: dict[int, type[ApiProblem]] = {
    400: ApiBadRequest,
    401: ApiUnauthorized,
    403: ApiForbidden,
    404: ApiNotFound,
    409: ApiConflict,
    413: ApiTooLarge,
    415: ApiUnsupportedMedia,
    422: ApiInvalid,
    429: ApiRateLimited,
}


def api_problem(problem: WireProblem, reference: str, retry_after: float | None = None) -> ApiProblem:
    """The class of a refusal, by its code first and its status second."""
    kind = _BY_STATUS.get(problem.status, ApiProblem)
    match problem.code.rpartition(".")[2]:
        case "stale":
            kind = ApiStale
        case "wrong_state":
            kind = ApiWrongState
        case "in_flight":
            kind = ApiInFlight
    return kind(problem, reference, retry_after)
