"""Check digits against published examples; one digit changed is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rune.scan.detectors.pii import checks


@pytest.mark.parametrize(
    ("check", "valid", "invalid"),
    [
        pytest.param(checks.card, "5555555555554444", "5555555555554445", id="card"),
        pytest.param(checks.iban, "DE89370400440532013000", "DE88370400440532013000", id="iban"),
        pytest.param(checks.uk_nhs, "9434765919", "9434765918", id="uk_nhs"),
        pytest.param(checks.br_cnpj, "11222333000181", "11222333000182", id="br_cnpj"),
        pytest.param(checks.br_cpf, "52998224725", "52998224726", id="br_cpf"),
        pytest.param(checks.in_aadhaar, "234123412346", "234123412347", id="in_aadhaar"),
        pytest.param(checks.be_national, "85073003328", "85073003329", id="be_national"),
        pytest.param(checks.ca_sin, "130692544", "130692545", id="ca_sin"),
        pytest.param(checks.ch_ahv, "7569217076985", "7569217076986", id="ch_ahv"),
        pytest.param(checks.nl_bsn, "111222333", "111222334", id="nl_bsn"),
        pytest.param(checks.tr_kimlik, "10000000146", "10000000147", id="tr_kimlik"),
        pytest.param(checks.pl_pesel, "44051401359", "44051401358", id="pl_pesel"),
        pytest.param(checks.de_tax, "86095742719", "86095742718", id="de_tax"),
        pytest.param(checks.za_id, "8001015009087", "8001015009086", id="za_id"),
        pytest.param(checks.cl_rut, "123456785", "123456784", id="cl_rut"),
        pytest.param(checks.fr_nir, "269054958815780", "269054958815781", id="fr_nir"),
    ],
)
def test_the_last_digit_must_fit(check: Callable[[str], bool], valid: str, invalid: str) -> None:
    assert check(valid)
    assert not check(invalid)
