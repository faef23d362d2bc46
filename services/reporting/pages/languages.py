"""The language that an address begins with: any two letters, so that one that isn't there is said in words."""

from starlette.convertors import StringConvertor, register_url_convertor

LANGUAGE = "[a-z]{2}"


class _TwoLetters(StringConvertor):
    regex = LANGUAGE


register_url_convertor("two", _TwoLetters())
