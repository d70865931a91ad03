"""Check digits of cards, accounts and national identifiers: each takes the value without separators and says whether it can be one.

Sources: ISO/IEC 7812 (cards, Luhn), ISO 13616 and 7064 (IBAN, mod 97-10), ICAO 9303 (travel documents), and what each country publishes
about its own identifiers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_VERHOEFF_STEP = ((0, 1, 2, 3, 4, 5, 6, 7, 8, 9), (1, 5, 7, 6, 2, 8, 3, 0, 9, 4))
_DNI = "TRWAGMYFPDXBNJZSQVHLCKE"
_HETU = "0123456789ABCDEFHJKLMNPRSTUVWXY"
_FISCAL_ODD = dict(zip("0123456789", (1, 0, 5, 7, 9, 13, 15, 17, 19, 21), strict=True)) | dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23),
        strict=True,
    )
)
IBAN_LENGTHS: Mapping[str, int] = {
    country: length
    for length, countries in {
        15: "NO", 16: "BE", 18: "DK FI FO GL NL", 19: "MK SI", 20: "AT BA EE KZ LT LU XK", 21: "CH CR HR LI LV",
        22: "BG BH DE GB GE IE ME RS",
        23: "AE GI IL IQ",
        24: "AD CZ ES MD PK RO SA SE SK TN VG", 25: "PT", 26: "IS TR", 27: "FR GR IT MC MR SM", 28: "AL AZ CY DO GT HU LB PL",
        29: "BR EG PS QA UA", 30: "JO KW MU", 31: "MT SC", 32: "LC",
    }.items()
    for country in countries.split()
}  # fmt: skip
"""Length of an IBAN by country."""


def luhn(digits: str) -> bool:
    """Return whether the last digit fits (ISO/IEC 7812)."""
    total = sum(int(d) for d in digits[-1::-2]) + sum(sum(divmod(2 * int(d), 10)) for d in digits[-2::-2])
    return total % 10 == 0


def weighted(digits: str, weights: Sequence[int]) -> int:
    """Return the sum of digits times weights."""
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


def card(digits: str) -> bool:
    """Return whether a number has the range and length of a card network, and its check digit."""
    two, four, six = int(digits[:2]), int(digits[:4]), int(digits[:6])
    lengths = (
        ({13, 16, 19} if digits[0] == "4" else set())
        | ({16} if 51 <= two <= 55 or 2221 <= four <= 2720 else set())
        | ({15} if two in (34, 37) else set())
        | ({14, 16, 19} if 300 <= four // 10 <= 305 or two in (36, 38, 39) else set())
        | ({16, 19} if four == 6011 or two == 65 or 644 <= four // 10 <= 649 or 622126 <= six <= 622925 else set())
        | ({16, 17, 18, 19} if 3528 <= four <= 3589 or two == 62 or 2200 <= four <= 2204 or four == 9792 or two in (60, 81, 82) else set())
        | (set(range(12, 20)) if two in (50, 56, 57, 58, 63, 67, 69) else set())
    )
    return len(digits) in lengths and luhn(digits) and len(set(digits)) > 1


def iban(value: str) -> bool:
    """Return whether country, length and check digits fit."""
    if IBAN_LENGTHS.get(value[:2]) != len(value):
        return False
    return int("".join(str(int(c, 36)) for c in value[4:] + value[:4])) % 97 == 1


def date(year: int, month: int, day: int) -> bool:
    """Return whether a day of a month can be; `year` is not looked at."""
    del year
    return 1 <= month <= 12 and 1 <= day <= (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]


def us_ssn(v: str) -> bool:
    """United States: ranges that are issued."""
    return v[:3] not in ("000", "666") and v[0] != "9" and v[3:5] != "00" and v[5:] != "0000" and v not in ("123456789", "078051120")


def us_itin(v: str) -> bool:
    """United States, taxpayer without a social security number."""
    return v[0] == "9" and (50 <= int(v[3:5]) <= 65 or 70 <= int(v[3:5]) <= 88 or (90 <= int(v[3:5]) <= 99 and v[3:5] != "93"))


def uk_nino(v: str) -> bool:
    """United Kingdom, national insurance: letters that are issued."""
    return v[0] not in "DFIQUV" and v[1] not in "DFIQUVO" and v[:2] not in ("BG", "GB", "NK", "KN", "TN", "NT", "ZZ") and v[-1] in "ABCD"


def uk_nhs(v: str) -> bool:
    """United Kingdom, health service: mod 11."""
    check = 11 - weighted(v, range(10, 1, -1)) % 11
    return check % 11 == int(v[9]) and check != 10


def es_dni(v: str) -> bool:
    """Spain, citizens: letter by mod 23."""
    return v[-1] == _DNI[int(v[:-1]) % 23]


def es_nie(v: str) -> bool:
    """Spain, foreigners: letter by mod 23."""
    return v[-1] == _DNI[int(str("XYZ".index(v[0])) + v[1:-1]) % 23]


def it_fiscal(v: str) -> bool:
    """Italy, codice fiscale: check letter over odd and even places."""
    total = sum(_FISCAL_ODD[c] for c in v[0:15:2]) + sum(int(c) if c.isdigit() else ord(c) - 65 for c in v[1:15:2])
    return chr(65 + total % 26) == v[15]


def fr_nir(v: str) -> bool:
    """France, social security: mod 97."""
    body = v[:13].replace("2A", "19").replace("2B", "18")
    return v[0] in "12378" and 97 - int(body) % 97 == int(v[13:])


def de_tax(v: str) -> bool:
    """Germany, tax identification: ISO 7064 mod 11, 10; one digit of the first ten repeats."""
    product = 10
    for digit in v[:10]:
        product = ((int(digit) + product) % 10 or 10) * 2 % 11
    return v[0] != "0" and len(set(v[:10])) in (8, 9) and (11 - product) % 10 == int(v[10])


def pl_pesel(v: str) -> bool:
    """Poland: date of birth and check digit."""
    month = int(v[2:4]) % 20
    return date(0, month, int(v[4:6])) and (10 - weighted(v, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)) % 10) % 10 == int(v[10])


def se_personnummer(v: str) -> bool:
    """Sweden: date of birth and Luhn over the last ten digits."""
    v = v[-10:]
    return date(0, int(v[2:4]), int(v[4:6]) % 60) and luhn(v)


def fi_hetu(v: str) -> bool:
    """Finland: date of birth and check character by mod 31; the century sign stands in the seventh place."""
    return date(0, int(v[2:4]), int(v[:2])) and _HETU[int(v[:6] + v[7:10]) % 31] == v[10]


def nl_bsn(v: str) -> bool:
    """Netherlands: eleven test."""
    return v != "0" * 9 and weighted(v, (9, 8, 7, 6, 5, 4, 3, 2, -1)) % 11 == 0


def be_national(v: str) -> bool:
    """Belgium: mod 97 over nine digits, with a 2 before them for births since 2000."""
    return date(0, int(v[2:4]) % 20 or 1, max(int(v[4:6]), 1)) and int(v[9:]) in (97 - int(v[:9]) % 97, 97 - int("2" + v[:9]) % 97)


def br_cpf(v: str) -> bool:
    """Brazil, persons: two check digits mod 11."""
    if len(set(v)) == 1:
        return False
    return all(weighted(v, range(n + 1, 1, -1)) * 10 % 11 % 10 == int(v[n]) for n in (9, 10))


def br_cnpj(v: str) -> bool:
    """Brazil, companies: two check digits mod 11."""
    weights = (6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)
    checks = ((11 - weighted(v, weights[13 - n :]) % 11) % 11 % 10 if weighted(v, weights[13 - n :]) % 11 > 1 else 0 for n in (12, 13))
    return len(set(v)) > 1 and all(check == int(v[12 + place]) for place, check in enumerate(checks))


def in_aadhaar(v: str) -> bool:
    """India: Verhoeff."""
    state = 0
    for place, digit in enumerate(reversed(v)):
        state = _dihedral(state, _permuted(int(digit), place % 8))
    return v[0] not in "01" and state == 0


def _dihedral(one: int, other: int) -> int:
    if one < 5:
        return (one + other) % 5 if other < 5 else 5 + (one + other) % 5
    return 5 + (one - other) % 5 if other < 5 else (one - other) % 5


def _permuted(digit: int, times: int) -> int:
    for _ in range(times):
        digit = _VERHOEFF_STEP[1][digit]
    return digit


def cn_resident(v: str) -> bool:
    """China: date of birth and ISO 7064 mod 11-2."""
    total = weighted(v, (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2))
    return v[6:8] in ("18", "19", "20") and date(0, int(v[10:12]), int(v[12:14])) and "10X98765432"[total % 11] == v[17].upper()


def kr_rrn(v: str) -> bool:
    """Korea: date of birth and check digit; numbers since October 2020 carry none."""
    return date(0, int(v[2:4]), int(v[4:6])) and v[6] in "12345678"


def za_id(v: str) -> bool:
    """South Africa: date of birth, citizenship and Luhn."""
    return date(0, int(v[2:4]), int(v[4:6])) and v[10] in "012" and luhn(v)


def au_tfn(v: str) -> bool:
    """Australia, tax file number: mod 11."""
    return weighted(v, (1, 4, 3, 7, 5, 8, 6, 9, 10)) % 11 == 0 and v != "0" * 9


def au_medicare(v: str) -> bool:
    """Australia, health insurance: mod 10."""
    return v[0] in "23456" and weighted(v, (1, 3, 7, 9, 1, 3, 7, 9)) % 10 == int(v[8])


def tr_kimlik(v: str) -> bool:
    """Turkey: two check digits."""
    d = [int(c) for c in v]
    return d[0] != 0 and (sum(d[0:9:2]) * 7 - sum(d[1:8:2])) % 10 == d[9] and sum(d[:10]) % 10 == d[10]


def ca_sin(v: str) -> bool:
    """Canada: Luhn."""
    return v[0] not in "08" and luhn(v)


def ch_ahv(v: str) -> bool:
    """Switzerland: EAN-13 that begins with 756."""
    return v.startswith("756") and (10 - weighted(v, (1, 3) * 6) % 10) % 10 == int(v[12])


def cl_rut(v: str) -> bool:
    """Chile: mod 11, K for ten."""
    check = 11 - weighted(v[-2::-1], (2, 3, 4, 5, 6, 7, 2, 3)) % 11
    return v[-1].upper() == {11: "0", 10: "K"}.get(check, str(check))


def il_id(v: str) -> bool:
    """Israel: Luhn with the weights from the left."""
    return v != "0" * 9 and luhn(v)


def mrz(lines: str) -> bool:
    """Travel document: the check digits of number, birth and expiry in the second line of 44 characters."""
    second = lines[-44:]
    return all(_mrz_digit(second[a:b]) == second[b] for a, b in ((0, 9), (13, 19), (21, 27)))


def _mrz_digit(field: str) -> str:
    values = (0 if c == "<" else int(c, 36) for c in field)
    return str(sum(value * (7, 3, 1)[place % 3] for place, value in enumerate(values)) % 10)
