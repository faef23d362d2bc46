"""What the import says itself, in English and Korean.

A service's refusals stay in the service's words. But where a value has not its column's form, and the service's library
says so, it is told what the column holds (wanted.py).
"""

import re
from collections.abc import Mapping
from typing import Any, Literal

from chassis.tables.faults import FAULTS, Fault
from chassis.tables.row_names import PLACEHOLDER_FOUND

Language = Literal["en", "ko"]

SAYS: Mapping[str, tuple[str, str]] = {
    "accepted_not": (
        "{ref} was not accepted: its answer is {answer}",
        "{ref}은(는) 수락된 알선이 아닙니다. 응답: {answer}",
    ),
    "after_today": ("{day} is after today, {today}", "{day}은(는) 오늘({today}) 이후입니다"),
    "before_was": ("{day} is before {ref} {what}, on {since}", "{day}은(는) {ref}의 {what}({since}) 전입니다"),
    "was registered": ("was registered", "등록"),
    "joined": ("joined", "입사"),
    "was opened": ("was opened", "구인 등록"),
    "was referred": ("was referred", "알선"),
    "was placed": ("was placed", "취업"),
    "no_answer": ("not there", "없음"),
    "changed": (
        "it was taken before as it was then: change the record itself, not the row",
        "전에 다른 내용으로 등록된 행입니다. 파일이 아니라 등록된 기록을 고치세요",
    ),
    "ref_twice": ("{ref} is the ref of {place} already", "ref {ref}은(는) {place}에 이미 있습니다"),
    "same_person": (
        "{place} is the same person already: name, birth date and telephone number are the same",
        "{place}과 같은 사람입니다. 이름, 생년월일, 전화번호가 같습니다",
    ),
    "same_firm": (
        "{place} has this business number already",
        "사업자등록번호가 {place}에 이미 있습니다",
    ),
    "both": ("give {column} or {field}, not both", "{column}와(과) {field} 중 하나만 쓰세요"),
    "not_taken": ("{ref} is {place}, which was not taken", "{ref}은(는) {place}인데, 그 행이 등록되지 않았습니다"),
    "nowhere": (
        "no file and no earlier import has a row with the ref {ref}",
        "ref가 {ref}인 행이 어느 파일에도, 전에 가져온 자료에도 없습니다",
    ),
    "placeholder": (
        PLACEHOLDER_FOUND,
        "번호가 아니라 번호가 없다는 표시입니다. 이대로면 모두 같은 사람이나 같은 기록이 됩니다. 각각 번호를 매기거나 "
        "칸을 비워 두세요",
    ),
    "names_erased": (
        "{ref} is of a person who was erased: whoever comes again in person is registered anew",
        "ref가 {ref}인 사람의 정보는 삭제되었습니다. 다시 찾아오면 새로 등록하세요",
    ),
    "of_row": ("{file} row {row}", "{file} {row}행"),
    "of_file": ("{file}: {why}", "{file}: {why}"),
    "of_sheet": ("{file}, sheet {sheet}", "{file} 시트 {sheet}"),
    "of_column": ("{place}: {column}: {why}", "{place}: {column}: {why}"),
    "with_value": ('"{value}": {why}', '"{value}": {why}'),
    "wanted": ("it holds {wanted}", "{wanted} 써야 합니다"),
    "missing": ("is missing; it holds {wanted}", "빠졌습니다. {wanted} 써야 합니다"),
    "no_json": (
        "this line is no JSON object: each line is one, from { to }",
        "이 줄은 JSON 객체가 아닙니다. 한 줄에 { 에서 } 까지 하나씩 쓰세요",
    ),
    "no_columns": (
        "{columns}: there is no such column; there are: {known}",
        "{columns}: 그런 열은 없습니다. 있는 열: {known}",
    ),
    "no_kind": ("there is no kind {kind}; there are: {known}", "{kind}라는 종류는 없습니다. 있는 종류: {known}"),
    "no_place": ("there is no file or folder {at}", "{at}라는 파일이나 폴더가 없습니다"),
    "no_file": (
        "{at} holds no file that can be imported: {endings}, named by a kind: {known}",
        "{at}에 가져올 파일이 없습니다. 끝이 {endings}이고 이름이 종류로 시작하는 파일이어야 합니다: {known}",
    ),
    "not_named": (
        "a file is named by its kind, or give --kind or --ignore; there are: {known}",
        "파일 이름은 종류로 시작해야 합니다. 아니면 --kind나 --ignore를 쓰세요. 있는 종류: {known}",
    ),
    "no_option": (
        "{option} names {name}, which is not there",
        "{option}에 쓴 {name}이(가) 없습니다",
    ),
    "no_value": ("{option} is one of {known}", "{option}에는 다음 중 하나를 쓰세요: {known}"),
    "which_encoding": (
        "{why} (--encoding {file}:utf-8 or {file}:cp949)",
        "{why} (--encoding {file}:utf-8 또는 {file}:cp949)",
    ),
    "which_separator": ("{why} (--separator {file}:comma)", "{why} (--separator {file}:comma 처럼)"),
    "which_sheet": (
        "{why} (--sheet {file}:NAME, once for each)",
        "{why} (--sheet {file}:이름, 여럿이면 하나씩)",
    ),
    "refused_there": (
        "{at} holds something already: give --refused a folder that is empty or not there yet",
        "{at}에 이미 다른 것이 있습니다. --refused에는 비어 있거나 아직 없는 폴더를 쓰세요",
    ),
    "of_what": (
        "{at} holds rows that were written back: say with --of FOLDER of which folder's import they are",
        "{at}에는 거절되어 돌려받은 행이 있습니다. 어느 폴더에서 가져온 자료인지 --of 폴더로 알려 주세요",
    ),
    "back": (
        "{rows} refused rows were written back to {at}: mend them there, and bring that folder in with --of and the "
        "folder of before, and its --name if it had one",
        "거절된 {rows}행을 {at}에 따로 저장했습니다. 거기서 고친 뒤, 그 폴더를 --of 원래폴더와 함께(--name을 썼다면 "
        "같은 이름으로) 다시 가져오세요",
    ),
    "not_back": (
        "the refused rows could not be written back: {why}; say where to with --refused",
        "거절된 행을 따로 저장하지 못했습니다: {why}. --refused로 다른 폴더를 알려 주세요",
    ),
    "left_ignored": ("ignored, as --ignore says", "--ignore에 따라 건너뜀"),
    "left_kind": ("not brought, as --kind says", "--kind에 따라 건너뜀"),
    "left_system": ("ignored: the operating system's own file", "건너뜀: 운영 체제의 파일"),
    "left_folder": (
        "not read: a folder within the folder; bring it by itself",
        "읽지 않음: 폴더 안의 폴더입니다. 따로 가져오세요",
    ),
    "left_lock": (
        "not read: the mark of a file that is open in another program; close that, and look whether all is saved",
        "읽지 않음: 다른 프로그램에서 열려 있는 파일의 표시입니다. 저장하고 닫으세요",
    ),
    "left_xls": (
        "not read: a sheet in the form of before 2007; open it and save it as .xlsx",
        "읽지 않음: 2007년 이전 형식의 엑셀 파일입니다. 열어서 .xlsx로 저장하세요",
    ),
    "left_sheet": (
        "not read: a sheet in another program's form; open it there and save it as .xlsx",
        "읽지 않음: 다른 형식의 시트입니다. 열어서 .xlsx로 저장하세요",
    ),
    "left_jsonl": (
        "not read: one JSON object a line has the ending .ndjson; give it that name",
        "읽지 않음: 한 줄에 JSON 객체가 하나인 파일은 끝이 .ndjson이어야 합니다. 이름을 바꾸세요",
    ),
    "left_text": (
        "not read: a text; if it is a table, give it the ending .csv, or .tsv if tabs part its columns",
        "읽지 않음: 텍스트 파일입니다. 표라면 끝을 .csv로, 탭으로 나뉘었으면 .tsv로 바꾸세요",
    ),
    "left_other": (
        "not read: a file is {endings}",
        "읽지 않음: 가져올 수 있는 파일은 {endings}입니다",
    ),
    "left_hidden": (
        "a hidden sheet, not read: --sheet {file}:{sheet} reads it, --ignore {file}:{sheet} leaves it out",
        "숨긴 시트라서 읽지 않음: --sheet {file}:{sheet}로 읽거나 --ignore {file}:{sheet}로 건너뛰세요",
    ),
    "left_further": (
        "a further sheet, not read: --sheet {file}:{sheet} reads it, --ignore {file}:{sheet} leaves it out",
        "다른 시트라서 읽지 않음: --sheet {file}:{sheet}로 읽거나 --ignore {file}:{sheet}로 건너뛰세요",
    ),
    "left_template": ("a template's own sheet", "서식에 딸린 시트"),
    "template_there": (
        "{at} is there already: name another place with --out",
        "{at}이(가) 이미 있습니다. --out으로 다른 곳을 정하세요",
    ),
    "template_how": (
        "fill in the sheet {sheet}, one row each, below the names of the columns; leave those names as they are; codes "
        "are chosen from lists, whose meanings are on the sheet of codes; the codes' sheet and this one aren't read",
        "{sheet} 시트에서 열 이름 아래에 한 행에 하나씩 쓰세요. 열 이름은 바꾸지 마세요. 코드는 목록에서 고르며, 뜻은 "
        "코드 시트에 있습니다. 코드 시트와 이 시트는 읽지 않습니다",
    ),
    "template_ref": (
        "ref is the row's own number: other files name the row by it, in columns such as seeker_ref; the same ref is "
        "the same row, so give one wherever you have numbers",
        "ref는 그 행의 번호입니다. 다른 파일에서 seeker_ref 같은 열에 이 번호를 써서 그 행을 가리킵니다. 같은 ref는 "
        "같은 행이므로, 번호가 있으면 반드시 쓰세요",
    ),
    "left_empty": ("a sheet without rows", "빈 시트"),
    "later": (
        "{rows} rows name others of these files that are not there yet: their form is right, and what they say of "
        "each other as far as it can be told here; a service decides them only when they are brought in, and may "
        "refuse them",
        "{rows}행은 이 파일들의, 아직 등록되지 않은 행을 가리킵니다. 형식은 맞고 서로 맞지 않는 것은 여기서 알 수 "
        "있는 만큼 보았습니다. 나머지는 실제로 가져올 때 정해지며, 거절될 수 있습니다",
    ),
    "erased": (
        "of persons who were erased, and not taken; a manager should see that these files are not used any more for "
        "them: {places}",
        "정보가 삭제된 사람의 행이라 등록하지 않았습니다. 관리자가 파일에서도 지우도록 하세요: {places}",
    ),
    "nameless": (
        "{rows} persons were taken whose rows have no ref: had one of them been erased before, nothing could tell",
        "ref가 없는 {rows}명이 등록되었습니다. 그중에 정보가 삭제된 사람이 있어도 알 수 없습니다",
    ),
    "same": (
        "{rows} rows say the same as rows of another file or sheet of their kind, and are taken as these: if they are "
        "others, give each a ref of its own",
        "{rows}행은 같은 종류의 다른 파일이나 시트에 있는 행과 내용이 같아 같은 행으로 보았습니다. 다른 행이면 각각 "
        "다른 ref를 쓰세요",
    ),
    "untried": (
        "{rows} rows were not tried out, as you have no more persons to try out today: they are decided later",
        "오늘 미리 확인해 볼 수 있는 사람 수를 다 써서 {rows}행은 확인하지 못했습니다. 나중에 결정됩니다",
    ),
    "file": ("file", "파일"),
    "read as": ("read as", "읽은 방법"),
    "kind": ("kind", "종류"),
    "rows": ("rows", "행"),
    "taken before": ("taken before", "전에 등록됨"),
    "taken": ("taken", "등록됨"),
    "would be taken": ("would be taken", "등록될 것"),
    "decided later": ("decided later", "나중에 결정"),
    "refused": ("refused", "거절됨"),
    "as in another file": ("as in another file", "다른 파일과 같음"),
}

FAULTS_KO: Mapping[str, str] = {
    "all_hidden": "행이 있는 시트가 모두 숨겨져 있습니다: {sheets}. 숨기기를 취소하거나 어느 시트인지 알려 주세요",
    "ambiguous_encoding": "글자 인코딩이 UTF-8인지 CP949(EUC-KR)인지 알 수 없습니다. 어느 것인지 알려 주세요",
    "ambiguous_separator": "열을 나누는 기호가 {separators} 중 어느 것인지 알 수 없습니다. 어느 것인지 알려 주세요",
    "broken_sheet": "읽을 수 있는 .xlsx 파일이 아닙니다. 만든 프로그램에서 열어 다시 저장하세요",
    "cell_error": "{cell} 칸에 값이 아니라 오류({error})가 있습니다. 수식을 고치거나 값을 쓰세요",
    "day_bare": "날짜가 아닙니다. 2010-01-28처럼 쓰거나 칸 서식을 날짜로 바꾸세요",
    "day_first": "연도가 뒤에 있어 월과 일을 가릴 수 없습니다. 2010-01-28처럼 쓰세요",
    "day_none": "없는 날짜입니다",
    "day_short": "연도가 두 자리입니다. 2010-01-28처럼 네 자리로 쓰세요",
    "day_timed": "날짜에 시각이 붙어 있습니다. 2010-01-28처럼 날짜만 쓰세요",
    "empty": "첫 행에 열 이름이 있어야 하는데 비어 있습니다",
    "far_below": "{row}행 위에 빈 행이 {most}개 넘게 있습니다. 지우세요",
    "formula": "{cell} 칸에 결과가 없는 수식이 있습니다. 엑셀에서 열어 저장하거나 수식 대신 값을 쓰세요",
    "hidden_row": "시트의 {row}행이 직접 또는 필터로 숨겨져 있습니다. 숨기기를 취소하거나 지우세요",
    "is_sheet": "텍스트가 아니라 시트입니다. 파일 이름의 끝을 .xlsx로 바꾸세요",
    "large": "파일을 풀면 {bytes}바이트로, {most}바이트를 넘습니다. 나누세요",
    "locked": "비밀번호로 잠긴 파일입니다. 비밀번호 없이 저장하세요",
    "many_columns": "열이 {count}개입니다. 표에는 {most}개까지 있을 수 있습니다",
    "many_rows": "열 이름 아래에 1~{most}행만 보낼 수 있는데 더 있습니다",
    "many_sheets": "행이 있는 시트가 여럿입니다: {sheets}. 어느 시트인지 알려 주세요",
    "merged": "{cell} 칸이 다른 칸과 병합되어({cells}) 한 칸에만 값이 있습니다. 병합을 풀고 칸마다 값을 쓰세요",
    "no_name": "이름이 없는 {place}번째 열에 값이 있습니다",
    "no_sheet": "행이 있는 시트 {sheet}이(가) 없습니다. 있는 시트: {sheets}",
    "no_text": "글자 인코딩이 UTF-8, UTF-16, CP949(EUC-KR) 중 어느 것도 아닙니다. CSV UTF-8로 저장하세요",
    "old_sheet": "2007년 이전 형식(.xls)의 파일입니다. .xlsx로 저장하세요",
    "packed": "{part}을(를) 풀면 내용 없이 {bytes}바이트입니다. 다시 저장하세요",
    "quote": '큰따옴표(")가 짝이 없어 칸이 어디서 끝나는지 알 수 없습니다. 지우거나, 따옴표로 묶인 칸 안이면 '
    "두 번 쓰세요",
    "too_much": "이 크기의 표로는 읽는 데 메모리나 시간이 너무 듭니다. 다시 저장하거나 나누세요",
    "twice": "{name} 열이 두 번 있습니다",
}

_LIBRARY = re.compile(r"(?:Field required|(?:[A-Z]\w*)(?: input)? (?:should|is not|are not|has)\b|Unable to|Decimal )")
"""How the library begins by which a service checks forms; a service's own reasons begin in lower case."""
MISSING = "Field required"


class Sentence(str):
    """A sentence in English, that can be said in Korean too."""

    _forms: tuple[str, str]
    _values: Mapping[str, Any]

    def __new__(cls, forms: tuple[str, str], values: Mapping[str, Any]) -> "Sentence":
        sentence = super().__new__(cls, _filled(forms[0], values))
        sentence._forms, sentence._values = forms, values
        return sentence

    def in_language(self, language: Language) -> str:
        """Say it, and what is said within it, in a language."""
        if language == "en":
            return str(self)
        return _filled(self._forms[1], {name: said(value, language) for name, value in self._values.items()})


def say(what: str, /, **values: Any) -> Sentence:
    """Give a sentence of the import's own."""
    return Sentence(SAYS[what], values)


def place_of(file: str, sheet: str | None) -> str:
    """Name a file, or one of its sheets."""
    return file if sheet is None else say("of_sheet", file=file, sheet=sheet)


def of_fault(fault: Fault) -> Sentence:
    """Give what is wrong with a table."""
    return Sentence((FAULTS[fault.what], FAULTS_KO[fault.what]), fault.values)


def said(value: Any, language: Language) -> Any:
    """Give a sentence in a language, and whatever else as it is."""
    return value.in_language(language) if isinstance(value, Sentence) else value


def language_of(environment: Mapping[str, str]) -> Language:
    """Tell the language of a locale: Korean, or else English."""
    names = (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return "ko" if next((name for name in names if name), "").startswith("ko") else "en"


def is_librarys(reason: str) -> bool:
    """Tell whether a service gave its library's reason and none of its own."""
    return bool(_LIBRARY.match(reason))


def _filled(form: str, values: Mapping[str, Any]) -> str:
    return re.sub(r"\{(\w+)\}", lambda name: str(values[name[1]]), form)
