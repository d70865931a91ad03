"""Personal data: what has check digits, what needs a word before it, and numbers that are none."""

from __future__ import annotations

import pytest

from rune.scan.detectors.pii import personal_in, suspects


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("pay with 4111 1111 1111 1111", "card", id="card"),
        pytest.param("pay with 4111 1111 1111 1112", "", id="card with a wrong digit"),
        pytest.param("IBAN GB29 NWBK 6016 1331 9268 19", "iban", id="account"),
        pytest.param("IBAN GB28 NWBK 6016 1331 9268 19", "", id="account with wrong digits"),
        pytest.param("ssn 536-90-4399", "us-ssn", id="US"),
        pytest.param("ssn 000-90-4399", "", id="US, range never issued"),
        pytest.param("AB123456C", "uk-nino", id="UK"),
        pytest.param("12345678Z", "es-dni", id="Spain"),
        pytest.param("12345678A", "", id="Spain, wrong letter"),
        pytest.param("X1234567L", "es-nie", id="Spain, foreigner"),
        pytest.param("RSSMRA85T10A562S", "it-fiscal", id="Italy"),
        pytest.param("nir 2 69 05 49 588 157 80", "fr-nir", id="France"),
        pytest.param("Steuer-ID: 86095742719", "de-tax", id="Germany"),
        pytest.param("86095742719", "", id="Germany, without a word"),
        pytest.param("pesel 44051401359", "pl-pesel", id="Poland"),
        pytest.param("personnummer 811228-9874", "se-personnummer", id="Sweden"),
        pytest.param("131052-308T", "fi-hetu", id="Finland"),
        pytest.param("bsn: 111222333", "nl-bsn", id="Netherlands"),
        pytest.param("cpf 529.982.247-25", "br-cpf", id="Brazil"),
        pytest.param("aadhaar 2341 2341 2346", "in-aadhaar", id="India"),
        pytest.param("11010519491231002X", "cn-resident", id="China"),
        pytest.param("rrn 800101-1234567", "kr-rrn", id="Korea"),
        pytest.param("national id 8001015009087", "za-id", id="South Africa"),
        pytest.param("tfn 123456782", "au-tfn", id="Australia"),
        pytest.param("kimlik 10000000146", "tr-kimlik", id="Turkey"),
        pytest.param("756.9217.0769.85", "ch-ahv", id="Switzerland"),
        pytest.param("rut 12.345.678-5", "cl-rut", id="Chile"),
        pytest.param("call +44 20 7946 0958", "phone", id="telephone"),
        pytest.param("(415) 555-2671", "phone", id="telephone, US form"),
        pytest.param("write to john.doe@acme.test", "email", id="mail"),
        pytest.param("git@github.com:acme/tool.git", "", id="address of a repository"),
        pytest.param("born on 12 March 1985", "birth-date", id="birth"),
        pytest.param("742 Evergreen Terrace, Springfield, OR 97403", "address", id="address"),
        pytest.param("bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", "wallet-address", id="wallet"),
        pytest.param("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "wallet-address", id="old wallet"),
        pytest.param("mac 00:1B:44:11:3A:B7", "mac-address", id="hardware"),
        pytest.param("python 3.11.4 released 2024-01-15 10:30:22", "", id="versions and times"),
        pytest.param("order 20240115-00012, run 1700000000", "", id="orders and seconds"),
        pytest.param("123e4567-e89b-12d3-a456-426614174000", "", id="identifier"),
        pytest.param("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "", id="hash"),
    ],
)
def test_what_is_personal(text: str, found: str) -> None:
    items = personal_in(text.encode())
    assert [item.label for item in items] == ([found] if found else [])
    assert not found or suspects(text.encode()) or found in ("birth-date", "address", "mac-address", "wallet-address")


def test_a_travel_document_is_proved_by_its_digits() -> None:
    lines = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
    assert [item.label for item in personal_in(lines.encode())] == ["travel-document"]
    assert personal_in(lines.replace("7408122", "7408123").encode()) == []
