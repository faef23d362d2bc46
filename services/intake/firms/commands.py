"""What may be asked about a firm."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from chassis.aggregates import Ref
from contracts.codes import District, FirmSize
from contracts.ids import EmployerId
from services.intake.firms.model import Employer, WithBusinessNumber

_WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3, 5)


def _checked(number: str) -> str:
    """Check the last digit of a business registration number (National Tax Service's rule)."""
    digits = [int(digit) for digit in number]
    total = sum(digit * weight for digit, weight in zip(digits, _WEIGHTS, strict=False)) + digits[8] * 5 // 10
    if (10 - total % 10) % 10 != digits[9]:
        raise ValueError("the check digit is wrong")
    return number


BusinessNumber = Annotated[str, StringConstraints(pattern=r"^\d{10}$"), AfterValidator(_checked)]


class EmployerForm(BaseModel):
    """A company that joins. `occurred_on` is today if not given."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={
            "examples": [{"business_number": "0008100009", "name": "한빛물산", "size": "mid", "district": "11680"}]
        },
    )

    business_number: BusinessNumber
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
    size: FirmSize
    district: District
    occurred_on: date | None = None


@dataclass(frozen=True, slots=True)
class JoinEmployer:
    employer_id: EmployerId
    form: EmployerForm

    def touches(self) -> tuple[Ref, ...]:
        return (Ref(Employer, WithBusinessNumber(self.form.business_number)),)
