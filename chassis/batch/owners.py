"""Owner rules: whose records somebody finds behind a door, and how it is decided, where the record is locked."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose records a route is about, in a word and a sentence.

    The roles that are `bound` are held to what is their own; the others that may pass the door are not. Where it is
    `hidden`, what isn't one's own is answered as if it weren't there; elsewhere it is refused, with the reason.
    """

    name: str
    meaning: str
    bound: frozenset[str] = frozenset()
    hidden: bool = False


EVERYBODY = Owner("everybody", "Whoever may pass finds everybody's records.")
NOBODY = Owner("nobody", "What is behind it is no single person's or firm's.")
