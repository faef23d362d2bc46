"""Ids: all UUIDs of version 7, so each tells its age; each kind has a type of its own."""

from typing import NewType
from uuid import UUID

SeekerId = NewType("SeekerId", UUID)
EmployerId = NewType("EmployerId", UUID)
CounsellorId = NewType("CounsellorId", UUID)
SessionId = NewType("SessionId", UUID)
LaunchId = NewType("LaunchId", UUID)
HiringPlanId = NewType("HiringPlanId", UUID)
PlanRequestId = NewType("PlanRequestId", UUID)
VacancyId = NewType("VacancyId", UUID)
ReferralId = NewType("ReferralId", UUID)
PlacementId = NewType("PlacementId", UUID)
InternshipId = NewType("InternshipId", UUID)
VisitId = NewType("VisitId", UUID)
ContactId = NewType("ContactId", UUID)
SupportId = NewType("SupportId", UUID)
SurveyId = NewType("SurveyId", UUID)
FlagId = NewType("FlagId", UUID)
