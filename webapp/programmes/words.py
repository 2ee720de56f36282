"""What the kinds of sites, the forms of contracts and the routes of procurements are called."""

from __future__ import annotations

from webapp.models import ContractForm, Route, SiteKind

SITE_KINDS = {
    SiteKind.PRISON: "Prison",
    SiteKind.SECURE_CHILDRENS_HOME: "Secure children’s home",
    SiteKind.OTHER: "Other",
}
FORMS = {
    ContractForm.NHS_STANDARD: "NHS Standard Contract",
    ContractForm.NHS_SHORTER_FORM: "NHS Standard Contract, shorter form",
    ContractForm.OTHER_STANDARD: "Another standard form",
    ContractForm.BESPOKE: "Bespoke terms",
    ContractForm.GRANT: "Grant agreement",
}
ROUTES = {
    Route.PSR_DIRECT_A: "PSR direct award process A",
    Route.PSR_DIRECT_B: "PSR direct award process B",
    Route.PSR_DIRECT_C: "PSR direct award process C",
    Route.PSR_MOST_SUITABLE: "PSR most suitable provider process",
    Route.PSR_COMPETITIVE: "PSR competitive process",
    Route.PA23_OPEN: "Procurement Act 2023, open procedure",
    Route.PA23_COMPETITIVE_FLEXIBLE: "Procurement Act 2023, competitive flexible procedure",
    Route.PCR_LIGHT_TOUCH: "Public Contracts Regulations 2015, light touch",
}
