"""Bytes to text: which encoding a file is in, and files that are no text at all."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from tools.errors import InputError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NOT_TEXT = (
    (b"PK\x03\x04", "a zip archive or an Excel workbook; unpack it, or save the sheet as CSV"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook; save the sheet as CSV"),
    (b"%PDF", "a PDF; export the records as CSV"),
    (b"\x1f\x8b", "gzip-compressed; unpack it first"),
    (b"\x89PNG", "a picture; export the records as CSV"),
)
_SAMPLE = 200_000


@dataclass(frozen=True)
class Text:
    """A file's text, how it was decoded, and how many characters were lost or dropped."""

    content: str
    encoding: str
    broken: int = 0
    nul: int = 0


def decode(data: bytes, name: str) -> Text:
    """Decode a text file. Raises `InputError` for an empty or binary file, or a web page."""
    if not data.strip(b" \t\r\n\x00"):
        raise InputError(f"{name} is empty; export it again.")
    for magic, what in _NOT_TEXT:
        if data.startswith(magic):
            raise InputError(f"{name} is {what}.")
    encoding, broken = _encoding(data)
    try:
        content = data.decode(encoding, errors="replace")
    except UnicodeDecodeError:
        raise InputError(f"{name} is not text in any encoding that we know; save it as CSV UTF-8.") from None
    nul = content.count("\x00")
    odd = sum(not character.isprintable() and character not in "\t\r\n\x00\ufeff" for character in content[:_SAMPLE])
    # UTF-16 that nobody marked was taken for it by its zeros: then its letters are western ones.
    far = sum(character > "\u024f" for character in content[:_SAMPLE]) if encoding.startswith("utf-16-") else 0
    if max(nul, odd, far * 4) > len(content[:_SAMPLE]) / 10:
        raise InputError(f"{name} is a binary file, not a CSV; export the records as CSV.")
    content = content.replace("\x00", "").removeprefix("\ufeff")
    if not content.strip():
        raise InputError(f"{name} is empty; export it again.")
    start = content.lstrip()[:200].lower()
    if start.startswith(("<!doctype", "<html", "<?xml")):
        raise InputError(
            f"{name} is a web page or XML, not a CSV; perhaps a login page was saved instead of the export."
        )
    return Text(content, encoding, broken, nul)


def _encoding(data: bytes) -> tuple[str, int]:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return encoding, 0
    sample = data[:_SAMPLE]
    # UTF-16 without a mark: every second byte of western text is zero.
    if sample[1::2].count(0) > len(sample) / 5:
        return "utf-16-le", 0
    if sample[0::2].count(0) > len(sample) / 5:
        return "utf-16-be", 0
    try:
        data.decode("utf-8")
        return "utf-8", 0
    except UnicodeDecodeError:
        pass
    replaced = data.decode("utf-8", errors="replace")
    broken = replaced.count("\ufffd")
    good = sum(character > "\x7f" for character in replaced) - broken
    # A download cut inside a character, or a few spoilt bytes, do not make another encoding of it.
    if good > 10 * broken or (broken == 1 and replaced.endswith("\ufffd")):
        return "utf-8", broken
    return _windows_encoding(data), 0


def _windows_encoding(data: bytes) -> str:
    """cp1250 where its high bytes make words and cp1252's would break them ("Łódź", not "£ódŸ"), else cp1252."""
    candidates = [name for name in ("cp1252", "cp1250") if _decodes(data, name)]
    return max(candidates, key=lambda name: _letters_in_words(data, name), default="latin-1")


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


# Letters that western and central European words really use; a wrong decoding yields œ, ê or ă in odd company.
_USUAL = {
    "cp1252": frozenset("äöüßÄÖÜåæøÅÆØéèêëàâçîïôùûñáíóúÉÀÇÑÁÍÓÚœìòãõÃÕ€"),
    "cp1250": frozenset("ąćęłńóśźżĄĆĘŁŃÓŚŹŻáčďéěíňřšťúůýžÁČĎÉĚÍŇŘŠŤÚŮÝŽőűŐŰäöüßÄÖÜçîâăşţ€"),
}


def _letters_in_words(data: bytes, encoding: str) -> int:
    text = data[:_SAMPLE].decode(encoding)
    usual = _USUAL[encoding]
    return sum(1 if character in usual else -1 for character in text if character > "\x7f")
