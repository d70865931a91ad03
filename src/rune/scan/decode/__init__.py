"""Undoes encodings: one file a decoding, each a function from text to the pieces it can read.

To add one, write `pieces(flat: bytes) -> list[Piece]` in a file of its own and add its line to `DECODINGS`. It gets the text as bytes, one
a character (`flatten`), so that byte offsets are character offsets. It must take linear time and return only what decodes to readable text,
in order and without overlap. Its line names what its encoding cannot be written without (`shapes` and `rows` over the text, `words` over
the simplified text): it is called only for the parts of a text around one of them.
"""

from __future__ import annotations

from rune.scan.decode import (
    backwards,
    bacon,
    base32,
    base58,
    base64,
    base85,
    cipher,
    codes,
    concatenation,
    encodedword,
    escapes,
    gaps,
    hexadecimal,
    html,
    joined,
    leet,
    markup,
    misspelled,
    morse,
    numbered,
    order,
    percent,
    piglatin,
    punycode,
    quoted,
    spaced,
    spelling,
    split,
    utf7,
    uuencode,
)
from rune.scan.decode.decoding import Decoding
from rune.scan.decode.piece import Piece, spliced
from rune.scan.normalize import flatten

__all__ = ["DECODINGS", "Decoding", "Piece", "flatten", "spliced"]


def _cipher(name: str) -> Decoding:
    written = cipher.sequences(name)
    if name == "rot47":
        return Decoding(name, cipher.pieces_of(name), shapes=cipher.shapes(written), exact=False)
    return Decoding(name, cipher.pieces_of(name), rows=(cipher.MIXED,), words=written, exact=False)


_RUN = rb"[A-Za-z0-9+]{16}"

DECODINGS: tuple[Decoding, ...] = (
    Decoding("percent", percent.pieces, (rb"%(?:[0-9A-Fa-f]{2}|[uU][0-9A-Fa-f]{4})",)),
    Decoding("html", html.pieces, (rb"&[#A-Za-z]",)),
    Decoding("escapes", escapes.pieces, (rb"\\(?:[uU][0-9A-Fa-f{]|x[0-9A-Fa-f]|[01][0-7]{2}|N\{)",)),
    Decoding("base64", base64.pieces, rows=(_RUN, rb"[A-Za-z0-9+/_-]{20}")),
    Decoding("base64 groups", base64.groups, rows=base64.GROUPS),
    Decoding("hex", hexadecimal.pieces, rows=(_RUN, rb"(?:[0-9A-Fa-f]{2}[ ,:-]){5}")),
    Decoding("base32", base32.pieces, rows=(_RUN,)),
    Decoding("base58", base58.pieces, rows=(_RUN,)),
    Decoding("base85", base85.pieces, base85.SHAPES),
    Decoding("quoted-printable", quoted.pieces, quoted.SHAPES),
    Decoding("encoded word", encodedword.pieces, (rb"=\?[A-Za-z0-9_*-]{1,40}\?[BbQq]\?",)),
    Decoding("utf-7", utf7.pieces, (rb"\+A[A-Za-z0-9+/]{2}",)),
    Decoding("punycode", punycode.pieces, (rb"[xX][nN]--[A-Za-z0-9]",)),
    Decoding("uuencode", uuencode.pieces, (rb"begin(?:-base64)? [0-7]{3} ",), reach=400_000),
    Decoding("codes", codes.pieces, rows=codes.SHAPES, exact=False),
    Decoding("numbered", numbered.pieces, numbered.SHAPES, rows=numbered.ROWS),
    Decoding("bacon", bacon.pieces, shapes=(rb"(?:[abAB]{5}[ /|,]{0,4}){4}",), exact=False),
    Decoding("morse", morse.pieces, morse.SHAPES, exact=False),
    Decoding("nato", spelling.pieces, words=spelling.PAIRS, exact=False),
    Decoding("concatenation", concatenation.pieces, rows=concatenation.SHAPES, gates=concatenation.GATES),
    Decoding("markup", markup.pieces, markup.SHAPES, markup.ROWS, markup.GATES, exact=False),
    Decoding("leet", leet.pieces, words=leet.DISGUISED, exact=False),
    Decoding("spaced", spaced.pieces, rows=spaced.SHAPES, exact=False),
    Decoding("split", split.pieces, shapes=split.HYPHENS, rows=split.FRAGMENTS, words=split.SPLIT, exact=False),
    Decoding("joined", joined.pieces, joined.SHAPES, exact=False),
    Decoding("misspelled", misspelled.pieces, words=misspelled.VARIANTS, exact=False),
    Decoding("gaps", gaps.pieces, (rb"[a-z] {5}[a-z]",), gaps.SHAPES, gaps.GATES, exact=False),
    Decoding("order", order.pieces, words=order.PAIRS, exact=False),
    Decoding("pig latin", piglatin.pieces, (rb"ay[^A-Za-z0-9]{1,3}[A-Za-z]{1,18}ay[^A-Za-z0-9]{1,3}[A-Za-z]{1,18}ay",), exact=False),
    Decoding("reversed", backwards.stretches, words=backwards.REVERSED, exact=False),
    Decoding("reversed words", backwards.words, words=backwards.REVERSED, exact=False),
    *map(_cipher, cipher.TABLES),
)
"""Every decoding, in the order they are tried."""
