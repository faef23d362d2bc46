"""The rules that the whole language keeps."""

from collections.abc import Iterator
from typing import Any

import pytest

from contracts import EVENTS, TOPICS, Event
from contracts.codes import CODE_LISTS, DISTRICTS, OCCUPATIONS
from contracts.generate.schemas import schema_of
from contracts.upcasters import UPCASTERS
from services.followup import subscriptions as followup
from services.followup.settings import FollowupSettings
from services.intake import subscriptions as intake
from services.matching import subscriptions as matching
from services.reporting.figures import flows, persons

KINDS = pytest.mark.parametrize("kind", EVENTS.values(), ids=EVENTS)

PERSONAL = {
    "name", "first_name", "last_name", "phone", "mobile", "email", "address", "street", "birth_date", "birthday",
    "date_of_birth", "birth_year", "rrn", "resident_number", "note", "notes", "comment", "text", "remark", "memo",
    "description", "contact", "business_number", "title",
}  # fmt: skip
STABLE = {
    "SeekerErased", "ConsentRecorded", "SeekersMerged", "SeekerRegistered", "SeekerWithdrawn", "SeekerReturned",
    "SosCareGranted", "SosCareDeclined", "SosCareEnded", "CareStageChanged", "CourseCompleted", "TotalCareEnded",
    "SeekerProfile", "ProfileMerged", "ProfileRemoved",
    "ProspectListed", "EmployerJoined", "EmployerChanged", "EmployerLeft", "EmployerReturned", "HiringPlanAsked",
    "HiringPlanFiled", "HiringPlanWithdrawn",
    "CounsellorJoined", "CounsellorLeft", "CounsellorAssigned", "RecordOpened", "SessionHeld", "BusinessLaunched",
    "VacancyOpened", "VacancyChanged", "VacancyClosed", "VisitDue", "VisitMade",
    "ReferralMade", "ReferralAnswered", "ReferralEnded", "Placed", "PlacementCorrected", "InternshipStarted",
    "InternshipBrokenOff", "InternshipCompleted", "InternshipConverted",
    "FollowUpDue", "FollowUpMade", "EmploymentEnded", "SupportDue", "SupportGiven", "SurveyDrawn", "SurveyAnswered",
    "UnplacedOccupationsPublished", "SubjectRevoked", "RevocationLifted",
}  # fmt: skip
LISTENED_TO = {
    subscription.event
    for subscription in (
        *intake.SUBSCRIPTIONS,
        *matching.SUBSCRIPTIONS,
        *followup.subscriptions(FollowupSettings.model_construct(followup_steps="1w")),
    )
}


def _fields(node: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(node, list):
        for inner in node:
            yield from _fields(inner)
    if isinstance(node, dict):
        yield from node.get("properties", {}).items()
        for inner in node.values():
            yield from _fields(inner)


@KINDS
def test_an_event_says_what_it_means(kind: type[Event]) -> None:
    assert kind.__doc__ not in (None, Event.__doc__)
    assert len((kind.__doc__ or "").splitlines()[0]) > 20


@KINDS
def test_an_event_holds_nothing_personal(kind: type[Event]) -> None:
    allowed = {"birth_year"} if kind.topic.compacted else set[str]()
    assert {name for name, _ in _fields(schema_of(kind))} & (PERSONAL - allowed) == set()


@KINDS
def test_an_event_has_no_room_for_free_text(kind: type[Event]) -> None:
    bounded = {"enum", "const", "pattern", "format", "$ref"}
    trusted = {"rule", "role", "id", "subject"}
    for name, field in _fields(schema_of(kind)):
        texts = [field, *([field["items"]] if "items" in field else [])]
        free = [text for text in texts if text.get("type") == "string" and not bounded & text.keys()]
        assert not free or name in trusted, f"{kind.__name__}.{name} takes any text"


@KINDS
def test_an_event_is_keyed_by_a_field_that_it_always_has(kind: type[Event]) -> None:
    assert kind.model_fields[kind.key_field].is_required()
    assert kind.topic in TOPICS
    assert kind.tombstone <= kind.topic.compacted


def test_an_event_without_its_korean_word_is_refused() -> None:
    with pytest.raises(TypeError, match="SeekerPraised has no Korean word"):
        type("SeekerPraised", (Event,), {"__module__": __name__, "__doc__": "A seeker was praised by somebody."})
    assert "jobplus.SeekerPraised" not in EVENTS


def test_these_events_are_stable() -> None:
    assert {kind.__name__ for kind in EVENTS.values() if kind.stability == "stable"} == STABLE


def test_whatever_another_service_listens_to_is_stable() -> None:
    assert {kind.__name__ for kind in LISTENED_TO} - STABLE == set()


def test_whatever_a_figure_counts_is_stable() -> None:
    assert {kind.__name__ for kind in (*flows.FLOWS, *persons.TOLD)} - STABLE == set()


def test_a_type_is_never_given_to_two_events() -> None:
    with pytest.raises(TypeError, match=r"two events have the type jobplus\.Placed"):
        type("Placed", (EVENTS["jobplus.Placed"],), {"__module__": __name__, "__doc__": "Another."})


def test_every_old_version_leads_to_an_event_that_names_it() -> None:
    for old in UPCASTERS:
        newest = old
        while newest in UPCASTERS:
            newest = UPCASTERS[newest][0]
        assert old in EVENTS[newest].former_types


def test_the_code_lists_are_whole() -> None:
    assert [len(listed.names) for listed in CODE_LISTS] == [24, 26]
    assert [tuple(listed.names) for listed in CODE_LISTS] == [OCCUPATIONS, DISTRICTS]
