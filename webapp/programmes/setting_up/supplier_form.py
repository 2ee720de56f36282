"""The form that says which provider a supplier is."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from webapp.accounts.organisations.details import KINDS
from webapp.models import Contract
from webapp.programmes.suppliers import Fitting
from webapp.web.fields import RadioField, choice
from webapp.web.forms import BaseForm
from webapp.web.text import simplified
from webapp.web.validators import Answered

NEW = "new"


class SupplierForm(BaseForm):
    provider = RadioField("", [Answered("Choose the provider, or that it is another one")], subject="The provider")

    def offer(self, found: Sequence[Fitting], contract: Contract) -> None:
        """Nothing where the name is of marks alone, since no provider is called so."""
        self.provider.label.text = f"Which provider is ‘{contract.supplier_name}’?"
        if simplified(contract.supplier_name):
            another = choice(NEW, "Another provider", "It can then be invited, and responses entered for it")
            self.provider.choices = [
                *(choice(str(each.provider.id), each.provider.name, _hint(each)) for each in found),
                another,
            ]

    def chosen(self) -> uuid.UUID | None:
        """None for another than those offered."""
        return None if self.provider.data == NEW else uuid.UUID(self.provider.data)


def _hint(found: Fitting) -> str:
    """What tells two providers of one name apart."""
    provider = found.provider
    kind = [str(KINDS[provider.provider_kind])] if provider.provider_kind else []
    number = [f"Companies House {provider.companies_house_number}"] if provider.companies_house_number else []
    return ". ".join((*kind, *number, *found.met))
