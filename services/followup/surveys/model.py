"""Who was served, whom the surveys asked, and a survey with its invitations."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple, NewType
from uuid import UUID

from chassis.batch.derived_ids import derived_id
from chassis.batch.effects import Effect
from contracts.ids import SeekerId, SurveyId

InvitationId = NewType("InvitationId", UUID)
"""Known to this service and the evaluation office alone, which shows it to intake when it asks how somebody is reached;
no event carries it."""

EVERY_SURVEY = "surveys"
"""The key of the one `AskedPersons`."""


@dataclass(frozen=True, slots=True)
class ServedPerson:
    """A seeker, or a client who isn't registered, and the days on which the centre served them.

    The days are only ever added, so `days` holds those of the batch alone, and what was kept before is not loaded.
    `erased` is a mark that stays, and keeps an old event from bringing the person back.
    """

    person_id: UUID
    days: frozenset[date] = frozenset()
    erased: bool = False


def is_erased(person: ServedPerson | None) -> bool:
    """Tell whether nothing may be noted of a person any more."""
    return person is not None and person.erased


@dataclass(frozen=True, slots=True)
class MergedPerson:
    """A record of a seeker that was given up for another of the same person's, which was not itself given up.

    Until then what was heard named `merged_id`, and some of it is heard after that.
    """

    merged_id: SeekerId
    seeker_id: SeekerId


@dataclass(frozen=True, slots=True)
class SurveyConsent:
    """What a person said last, under one of their records, of being asked how satisfied they are.

    Of several records of a person it is the last of all that counts. Who said nothing may be asked.
    """

    person_id: SeekerId
    given: bool
    occurred_on: date
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class AskedPersons:
    """Whom the surveys of each calendar quarter asked; there is one for all surveys, which are drawn one by one."""

    by_quarter: Mapping[date, frozenset[UUID]] = field(default_factory=dict[date, frozenset[UUID]])

    def in_quarter(self, quarter: date) -> frozenset[UUID]:
        return self.by_quarter.get(quarter, frozenset())

    def with_(self, quarter: date, persons: Collection[UUID]) -> "AskedPersons":
        """Give it with more persons asked in a quarter."""
        return AskedPersons({**self.by_quarter, quarter: self.in_quarter(quarter) | frozenset(persons)})


class UrnKey(NamedTuple):
    """The survey that draws, and the period that it draws from, both days included."""

    survey_id: SurveyId
    period_from: date
    period_to: date


@dataclass(frozen=True, slots=True)
class Urn:
    """Everyone who was served in a period, each once, in the order in which the survey's draw takes them.

    They are ordered by the MD5 of the survey's id and the person's, both as text: nobody can choose who comes first,
    and whoever has the ids can repeat the draw. `declined`: persons who want to be asked no more, in the urn or not.
    """

    key: UrnKey
    persons: tuple[UUID, ...]
    declined: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Survey:
    """A survey of those served in a period; `eligible` could have been asked, `asked` were, `answered` have answered.

    Of the answers `scored` are counted by what they say: `points` are their sum, and `satisfied` answered 4 or 5. Fewer
    are `scored` than `answered` where some were given before this was kept. The counts stay when a person is erased.
    """

    survey_id: SurveyId
    occurred_on: date
    period_from: date
    period_to: date
    eligible: int
    asked: int
    answered: int = 0
    scored: int = 0
    points: int = 0
    satisfied: int = 0

    def with_answers(self, *answers: int) -> "Survey":
        """Give it with more answers, from 1 (worst, 0 points) to 5 (100)."""
        return replace(
            self,
            answered=self.answered + len(answers),
            scored=self.scored + len(answers),
            points=self.points + sum((answer - 1) * 25 for answer in answers),
            satisfied=self.satisfied + sum(answer >= 4 for answer in answers),
        )

    @property
    def score(self) -> float | None:
        """The mean of the answers in points, to one decimal; None without any, or where not all of them are scored."""
        return self._mean(self.points)

    @property
    def percent_satisfied(self) -> float | None:
        """The share of those who answered 4 or 5, to one decimal; None as for the score."""
        return self._mean(self.satisfied * 100)

    def _mean(self, total: int) -> float | None:
        if self.answered == 0 or self.scored < self.answered:
            return None
        return float((Decimal(total) / self.answered).quantize(Decimal("0.1"), ROUND_HALF_UP))


class InvitationKey(NamedTuple):
    """A survey, and an invitation to it."""

    survey_id: SurveyId
    invitation_id: InvitationId


@dataclass(frozen=True, slots=True)
class Invitation:
    """A person of a survey's sample. What was answered isn't kept with it, so nobody can tell who answered what."""

    survey_id: SurveyId
    invitation_id: InvitationId
    person_id: UUID
    quarter: date
    answered: bool = False


@dataclass(frozen=True, slots=True)
class InvitationsOf:
    """Which invitations a person has."""

    person_id: UUID
    invitations: frozenset[InvitationKey]


@dataclass(frozen=True, slots=True)
class ForgottenTraces(Effect):
    """That of what was kept of a person for the surveys' sake nothing is kept any more but the mark."""

    person_id: UUID


def quarter_of(day: date) -> date:
    """Give the first day of the calendar quarter that a day lies in."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def invitation_id(survey_id: SurveyId, person_id: UUID, secret: bytes) -> InvitationId:
    """Give the id of a person's invitation: as old as the survey's, and telling nobody who it is. Without the `secret`
    of the draw nobody can make it."""
    return InvitationId(derived_id(survey_id, secret + person_id.bytes))
