"""The kinds of commands that the load asks: in each service some, so that events go from each to the others."""

from tests.faults.history import Kind

COUNSELLOR = Kind("intake", "jobplus.CounsellorJoined", "jobplus.counsellors", "counsellor_id", "counsellors")
EMPLOYER = Kind("intake", "jobplus.EmployerJoined", "jobplus.firms", "employer_id", "employers")
REGISTER = Kind("intake", "jobplus.SeekerRegistered", "jobplus.seekers", "seeker_id", "registered")
CHANGE = Kind("intake", "jobplus.SeekerChanged", "jobplus.seekers")
CONSENT = Kind("intake", "jobplus.ConsentRecorded", "jobplus.seekers")
WITHDRAW = Kind("intake", "jobplus.SeekerWithdrawn", "jobplus.seekers")
ERASURE = Kind("intake", "jobplus.SeekerErased", "jobplus.seekers")
SESSION = Kind("intake", "jobplus.SessionHeld", "jobplus.counselling", None, "sessions")
VACANCY = Kind("matching", "jobplus.VacancyOpened", "jobplus.vacancies", "vacancy_id", "vacancies")
REFERRAL = Kind("matching", "jobplus.ReferralMade", "jobplus.cases", None, "referrals")
ANSWER = Kind("matching", "jobplus.ReferralAnswered", "jobplus.cases", None, "referrals_answered")
PLACEMENT = Kind("matching", "jobplus.Placed", "jobplus.cases", None, "placements")
ENDING = Kind("followup", "jobplus.EmploymentEnded", "jobplus.followups", None, "employments_ended")
TARGET = Kind("reporting", "jobplus.TargetSet", "jobplus.reports")

KINDS = (
    COUNSELLOR,
    EMPLOYER,
    REGISTER,
    CHANGE,
    CONSENT,
    WITHDRAW,
    ERASURE,
    SESSION,
    VACANCY,
    REFERRAL,
    ANSWER,
    PLACEMENT,
    ENDING,
    TARGET,
)
