"""What the services answer, when all has settled, of what has left them or was taken back: no figure tells of that."""

from collections.abc import Awaitable, Callable, Mapping

from jobplus.client import Refusal
from jobplus.replay.driving.actions import Form, Thing
from jobplus.replay.driving.calls import Calls

_EMPLOYER_LEFT = b"problem:employer-left"
_VACANCY: Form = {
    "occupation": "02",
    "openings": 1,
    "title": "회계 담당자",
    "sector": "private",
    "employment": "permanent",
    "district": "11680",
}
"""What a firm that hadn't left could open."""

_MOVED, _CONFLICT, _GONE = 308, 409, 410


async def afterwards(calls: Calls) -> Mapping[str, int]:
    """Count of what was done the ones that every service that knows of them answers for."""
    return {
        name: sum([await answers(calls, each) for each in calls.ended[thing].values()])
        for name, (thing, answers) in ASKED.items()
    }


async def _erased(calls: Calls, seeker_id: str) -> bool:
    """Both keep a mark."""
    in_intake = await _refused(calls, "intake", f"/seekers/{seeker_id}")
    in_matching = await _refused(calls, "matching", f"/seekers/{seeker_id}/placements")
    return in_intake == _GONE and in_matching == _GONE


async def _merged(calls: Calls, merged_id: str) -> bool:
    """Intake leads on to the record that stayed, matching names it."""
    in_intake = await _refused(calls, "intake", f"/seekers/{merged_id}")
    in_matching = await _refused(calls, "matching", f"/seekers/{merged_id}/placements")
    return in_intake == _MOVED and in_matching == _CONFLICT


async def _counsellor_left(calls: Calls, counsellor_id: str) -> bool:
    """Nobody is theirs any more, and they are no counsellor in service."""
    theirs = await calls.asker("intake").get(f"/counsellors/{counsellor_id}/seekers?limit=1")
    return not theirs["seekers"] and not await _in_service(calls, counsellor_id)


async def _in_service(calls: Calls, counsellor_id: str) -> bool:
    """Intake lists them, on any page."""
    path: str | None = "/counsellors?limit=500"
    while path is not None:
        page = await calls.asker("intake").get(path)
        if any(one["counsellor_id"] == counsellor_id for one in page["counsellors"]):
            return True
        path = page["next"] and f"/counsellors?limit=500&after={page['next']}"
    return False


async def _employer_left(calls: Calls, employer_id: str) -> bool:
    """Intake says so, and matching opens no vacancy of theirs."""
    in_intake = (await calls.asker("intake").get(f"/employers/{employer_id}"))["status"]
    try:
        await calls.asker("matching").post(
            "/vacancies", {**_VACANCY, "employer_id": employer_id}, f"left-{employer_id}"
        )
    except Refusal as refusal:
        return in_intake == "left" and _EMPLOYER_LEFT in refusal.answer.body
    return False


async def _withdrawn(calls: Calls, referral_id: str) -> bool:
    return (await calls.asker("matching").get(f"/referrals/{referral_id}"))["status"] == "withdrawn"


async def _corrected(calls: Calls, placement_id: str) -> bool:
    placement = await calls.asker("matching").get(f"/placements/{placement_id}")
    employment = await calls.asker("followup").get(f"/placements/{placement_id}/employment")
    return placement["corrected_on"] is not None and employment["corrected"]


async def _refused(calls: Calls, service: str, path: str) -> int | None:
    """Ask for what is to be refused; give the status that it is refused with."""
    try:
        await calls.asker(service).get(path)
    except Refusal as refusal:
        return refusal.answer.status
    return None


ASKED: Mapping[str, tuple[Thing, Callable[[Calls, str], Awaitable[bool]]]] = {
    "seekers_erased": ("seeker", _erased),
    "records_merged": ("second_record", _merged),
    "counsellors_left": ("counsellor", _counsellor_left),
    "employers_left": ("employer", _employer_left),
    "referrals_withdrawn": ("referral", _withdrawn),
    "placements_corrected": ("placement", _corrected),
}
"""What the services are asked about, by the name that it is compared under: what was ended, and who answers for one."""
