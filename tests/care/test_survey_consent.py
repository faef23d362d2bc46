"""Someone who wants to be asked no more, from what they told their counsellor to the evaluation office's sample."""

from typing import Any

from tests.care.centre import Centre
from tests.kit import forms
from tests.kit.waiting import until

CAME_ON = "2009-02-03"


def _came(centre: Centre) -> str:
    """Have somebody registered and advised on the day that the survey is about; gives who it is."""
    seeker_id = centre.seeker(occurred_on=CAME_ON)
    counsellor = centre.calling.made("intake", "/counsellors", forms.counsellor("women", occurred_on=CAME_ON))
    form = forms.session(seeker_id, counsellor["counsellor_id"], occurred_on=CAME_ON)
    centre.calling.made("intake", "/sessions", form)
    return seeker_id


def _say(centre: Centre, seeker_id: str, *, given: bool) -> None:
    said = {"purpose": "surveys", "given": given, "text_version": "t1"}
    whose = centre.calling.whose(seeker_id)
    centre.calling.made("intake", f"/seekers/{seeker_id}/consents", said, role=whose)


def _draw(centre: Centre, asked: int) -> Any:
    form = {"asked": asked, "period_from": CAME_ON, "period_to": CAME_ON}
    return centre.calling.post("followup", "/surveys", form, role="evaluator").json


def _eligible_are(centre: Centre, count: int) -> None:
    until(
        lambda: _draw(centre, 100)["facts"]["eligible"],
        f"{count} of them may be asked",
        lambda eligible: eligible == count,
    )


def _invitations(centre: Centre, survey_id: str) -> list[Any]:
    return centre.calling.get("followup", f"/surveys/{survey_id}/sample", role="evaluator").json["invitations"]


def _sample(centre: Centre, survey_id: str) -> list[tuple[str, bool]]:
    return [(one["person_id"], one["declined"]) for one in _invitations(centre, survey_id)]


def _reached(centre: Centre, seeker_id: str, invitation_id: str) -> Any:
    """Give the phone, or the code of the problem."""
    path = f"/seekers/{seeker_id}/contact-details?invitation_id={invitation_id}"
    reply = centre.calling.get("intake", path, role="evaluator")
    return reply.json["phone"] if reply.status == 200 else reply.code


def test_who_declines_surveys_is_asked_by_none_until_they_agree_again(centre: Centre) -> None:
    """She says nothing of it, and he declines before the draw; she does so after it, and he agrees again."""
    she, he = _came(centre), _came(centre)
    _eligible_are(centre, 2)
    _say(centre, he, given=False)
    _eligible_are(centre, 1)

    survey_id = _draw(centre, 1)["survey_id"]
    assert _sample(centre, survey_id) == [(she, False)]
    (invitation,) = [one["invitation_id"] for one in _invitations(centre, survey_id)]
    until(lambda: _reached(centre, she, invitation), "her phone is shown", lambda shown: shown == "010-0000-1234")
    assert _reached(centre, he, invitation) == "not-in-sample"

    _say(centre, she, given=False)
    until(lambda: _sample(centre, survey_id), "she has declined", lambda sample: sample == [(she, True)])
    assert centre.calling.get("followup", f"/surveys/{survey_id}", role="evaluator").json["asked"] == 1
    assert _reached(centre, she, invitation) == "surveys-declined"

    _say(centre, he, given=True)
    _eligible_are(centre, 1)
    assert _sample(centre, _draw(centre, 1)["survey_id"]) == [(he, False)]
