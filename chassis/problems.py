"""Problem types: the stable names of what can go wrong (RFC 9457), declared once and listed in the docs."""

from dataclasses import dataclass

URN = "urn:jobplus:problem:"


@dataclass(frozen=True, slots=True)
class ProblemType:
    """One kind of refusal. `code` never changes; `status` is the HTTP status; `title` is the same for all its cases."""

    code: str
    status: int
    title: str

    @property
    def uri(self) -> str:
        return URN + self.code


INVALID_REQUEST = ProblemType("invalid-request", 422, "The request does not have the form that is asked for")
UNKNOWN_PARAMETER = ProblemType("unknown-parameter", 422, "This address takes no such parameter")
NOT_AUTHENTICATED = ProblemType("not-authenticated", 401, "A valid token is needed")
NOT_ALLOWED = ProblemType("not-allowed", 403, "The role of this token may not do this")
NOT_FOUND = ProblemType("not-found", 404, "There is nothing at this address")
METHOD_NOT_ALLOWED = ProblemType("method-not-allowed", 405, "This address does not take that method")
UNKNOWN_ID = ProblemType("unknown-id", 404, "No record has this id")
VERSION_MISSING = ProblemType("version-missing", 428, "Name in If-Match the version of the record that you change")
VERSION_CHANGED = ProblemType("version-changed", 412, "The record has changed since it was read")
NOT_YET_KNOWN = ProblemType(
    "not-yet-known", 409, "This service has not heard of this id yet; repeat with the same Idempotency-Key"
)
DATE_IN_FUTURE = ProblemType("date-in-future", 422, "Only what has happened is recorded")
DATE_BEFORE_OPENED = ProblemType("date-before-opened", 422, "Nothing is recorded of days before the opening day")
KEY_MISSING = ProblemType("idempotency-key-missing", 400, "What changes something names itself with an Idempotency-Key")
KEY_REUSED = ProblemType("idempotency-key-reused", 422, "This Idempotency-Key belongs to another request")
ROW_CHANGED = ProblemType("row-changed", 409, "This row of the import was taken and said something else then")
ROW_ERASED = ProblemType("row-erased", 410, "The person of this row of the import was erased")
NOT_IN_BULK = ProblemType("not-in-bulk", 422, "A row is a command of this service, and this is none")
BODY_TOO_LARGE = ProblemType("body-too-large", 413, "The body is over the limit of 1 MB")
TOO_MANY_VALUES = ProblemType("too-many-values", 413, "The body holds more values than any form has")
WRONG_CONTENT_TYPE = ProblemType("wrong-content-type", 415, "The body has a content type that is not taken here")
UNAVAILABLE = ProblemType("unavailable", 503, "The service can't keep a change at the moment")
TOO_MANY_REQUESTS = ProblemType(
    "too-many-requests", 429, "These are more requests than one may make; repeat after the seconds of Retry-After"
)
TOO_MANY_READS = ProblemType(
    "too-many-reads", 429, "More reads that cost much are going on than may; repeat after the seconds of Retry-After"
)
TOO_MANY_BULK = ProblemType(
    "too-many-bulk-requests", 429, "More bulk requests are going on than may; repeat after the seconds of Retry-After"
)
OVER_SHARE = ProblemType(
    "over-share",
    429,
    "The service takes no more at the moment, and this subject has its part of what waits; repeat after the seconds of "
    "Retry-After",
)
OVERLOADED = ProblemType(
    "overloaded", 503, "More is asked for than the service takes; repeat after the seconds of Retry-After"
)
OUTBOX_FULL = ProblemType(
    "outbox-full", 503, "Too many events of this service wait to be published; nothing more is changed until they are"
)
READ_TOO_LONG = ProblemType("read-too-long", 503, "A look at the records took longer than one may; ask for less")
REQUEST_TOO_LONG = ProblemType(
    "request-too-long", 503, "This took longer than a request may; repeat with the same Idempotency-Key"
)
BODY_TOO_SLOW = ProblemType("body-too-slow", 408, "The body did not come within the time of a request")
NOT_LOST = ProblemType("history-not-lost", 409, "This consumer has lost nothing there: it stays where it is")
CLOCK_BACKWARDS = ProblemType("clock-backwards", 409, "The simulated clock only goes forward")
INTERNAL = ProblemType("internal", 500, "The service failed; the log has the details")
