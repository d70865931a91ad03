"""Personal data with a form of its own: one row a kind."""

# ruff: noqa: E501 - a row is a line
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rune.scan.detectors.pii import checks
from rune.types import Severity


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of number."""

    number: int
    """Number of its rule: `RUNE-PII-NNN`."""
    label: str
    """Short name, used in placeholders."""
    title: str
    shape: str
    """Regular expression of the value without separators."""
    check: Callable[[str], bool]
    words: str = ""
    """Words before the value that say what it is, separated by spaces, in lower case; `_` stands for a space."""
    form: str = ""
    """Regular expression of the value as written that is rare enough to need no word; empty when a word must stand before it."""
    severity: Severity = Severity.HIGH

    @property
    def rule(self) -> str:
        """Identifier of its findings."""
        return f"RUNE-PII-{self.number:03}"


K = Kind
_ID = " national_id id_number identity personal_number tax_id id_no citizen government_id identification"

KINDS: tuple[Kind, ...] = (
    K(1, "card", "Payment card number", r"\d{12,19}", checks.card, "", r"\d{4}(?:[ -]?\d{4}){2,3}(?:[ -]?\d{1,3})?|\d{4}[ -]?\d{6}[ -]?\d{4,5}|\d{12,19}"),
    K(2, "iban", "Bank account (IBAN)", r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", checks.iban, "", r".*"),
    K(10, "us-ssn", "US social security number", r"\d{9}", checks.us_ssn, "ssn social_security social", r"\d{3}-\d{2}-\d{4}"),
    K(11, "us-itin", "US taxpayer number", r"9\d{8}", checks.us_itin, "itin taxpayer", r"9\d{2}-\d{2}-\d{4}"),
    K(12, "uk-nino", "UK national insurance number", r"[A-Z]{2}\d{6}[A-D]", checks.uk_nino, "", r".*"),
    K(13, "uk-nhs", "UK health service number", r"\d{10}", checks.uk_nhs, "nhs health_service"),
    K(14, "es-dni", "Spanish identity number", r"\d{8}[A-Z]", checks.es_dni, "dni nif", r"\d{8}-?[A-Z]"),
    K(15, "es-nie", "Spanish foreigner number", r"[XYZ]\d{7}[A-Z]", checks.es_nie, "nie", r".*"),
    K(16, "it-fiscal", "Italian tax code", r"[A-Z]{6}\d{2}[A-EHLMPR-T]\d{2}[A-Z]\d{3}[A-Z]", checks.it_fiscal, "", r".*"),
    K(17, "fr-nir", "French social security number", r"[12378]\d{4}(?:\d{2}|2A|2B)\d{8}", checks.fr_nir, "", r".*"),
    K(18, "de-tax", "German tax identification number", r"[1-9]\d{10}", checks.de_tax, "steuer tax_id idnr steuer-id tin" + _ID),
    K(19, "pl-pesel", "Polish PESEL", r"\d{11}", checks.pl_pesel, "pesel" + _ID),
    K(20, "se-personnummer", "Swedish personal number", r"(?:\d{2})?\d{10}", checks.se_personnummer, "personnummer personnr" + _ID, r"(?:19|20)?\d{6}[-+]\d{4}"),
    K(21, "fi-hetu", "Finnish personal code", r"\d{6}[-+ABCDEFYXWVU]\d{3}[0-9A-Y]", checks.fi_hetu, "", r".*"),
    K(22, "nl-bsn", "Dutch citizen number", r"\d{9}", checks.nl_bsn, "bsn burgerservicenummer sofinummer" + _ID),
    K(23, "be-national", "Belgian national number", r"\d{11}", checks.be_national, "rijksregister registre insz niss" + _ID, r"\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}"),
    K(24, "br-cpf", "Brazilian CPF", r"\d{11}", checks.br_cpf, "cpf" + _ID, r"\d{3}\.\d{3}\.\d{3}-\d{2}"),
    K(25, "br-cnpj", "Brazilian CNPJ", r"\d{14}", checks.br_cnpj, "cnpj", r"\d{2}\.\d{3}\.\d{3}/\d{4}-\d{2}", Severity.LOW),
    K(26, "in-aadhaar", "Indian Aadhaar number", r"[2-9]\d{11}", checks.in_aadhaar, "aadhaar aadhar uidai uid" + _ID, r"\d{4} \d{4} \d{4}"),
    K(27, "cn-resident", "Chinese resident number", r"[1-8]\d{16}[0-9Xx]", checks.cn_resident, "", r".*"),
    K(28, "kr-rrn", "Korean resident number", r"\d{13}", checks.kr_rrn, "rrn resident_registration jumin korea", r"\d{6}-[1-8]\d{6}"),
    K(29, "za-id", "South African identity number", r"\d{13}", checks.za_id, "south_african sa_id za_id rsa" + _ID),
    K(30, "au-tfn", "Australian tax file number", r"\d{9}", checks.au_tfn, "tfn tax_file"),
    K(31, "au-medicare", "Australian health insurance number", r"[2-6]\d{9,10}", checks.au_medicare, "medicare"),
    K(32, "tr-kimlik", "Turkish identity number", r"[1-9]\d{10}", checks.tr_kimlik, "kimlik tckn tc_no" + _ID),
    K(33, "ca-sin", "Canadian social insurance number", r"\d{9}", checks.ca_sin, "sin social_insurance"),
    K(34, "ch-ahv", "Swiss social security number", r"756\d{10}", checks.ch_ahv, "", r".*"),
    K(35, "cl-rut", "Chilean RUT", r"\d{7,8}[0-9Kk]", checks.cl_rut, "rut run" + _ID, r"\d{1,2}\.\d{3}\.\d{3}-[0-9Kk]"),
    K(36, "il-id", "Israeli identity number", r"\d{9}", checks.il_id, "teudat israeli zehut"),
)  # fmt: skip
"""Every kind with a check of its own; the first that fits wins."""
