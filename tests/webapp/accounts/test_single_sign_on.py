"""Single sign-on: a real provider's word lets in officers that are known and allowed, and nobody else's does."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
from click.testing import CliRunner
from flask import Flask
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config import Settings, SettingsError
from tests import factories
from tests.webapp.accounts import people
from tests.webapp.accounts.openid_provider import CLIENT_ID, CLIENT_SECRET, Pliable, real_provider, sign_in_at
from tests.webapp.browser_of_pages import Client, Page
from webapp.accounts.single_sign_on import actions
from webapp.app import create_app
from webapp.cli import cli
from webapp.db import Database
from webapp.models import Identity, Membership, MembershipRole, Organisation, Person, SignedInSession, SingleSignOn

GO, RETURN = "/sign-in/single-sign-on", "/sign-in/single-sign-on/return"
FAILED = "We could not sign you in that way"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with real_provider() as issuer:
        yield issuer


def app_with(settings: Settings, database: Database, issuer: str) -> Flask:
    return create_app(
        replace(
            settings,
            oidc_issuer=issuer,
            oidc_client_id=CLIENT_ID,
            oidc_client_secret=CLIENT_SECRET,
            oidc_name="North West NHS",
        ),
        database,
    )


@pytest.fixture
def browser(settings: Settings, database: Database, issuer: str) -> Iterator[Client]:
    """Before a service that signs in by the real provider."""
    with Client(app_with(settings, database, issuer), database) as client:
        yield client


@pytest.fixture
def pliable() -> Iterator[Pliable]:
    provider = Pliable(claims={"email": "olu@nw.example", "email_verified": True})
    with provider.running():
        yield provider


@pytest.fixture
def other_browser(settings: Settings, database: Database, pliable: Pliable) -> Iterator[Client]:
    """Before a service that signs in by the provider that says what a test wants."""
    with Client(app_with(settings, database, pliable.issuer), database) as client:
        yield client


MakeOfficer = Callable[..., Person]


@pytest.fixture
def officer(session: Session) -> MakeOfficer:
    def make(issuer: str, *, allowed: bool = True, **given: Any) -> Person:
        person = people.officer(session, **{"email": "olu@nw.example", **given})
        if allowed:
            actions.allow(session, name=person.memberships[0].organisation.name, issuer=issuer)
        session.commit()
        return person

    return make


def local(address: str) -> str:
    """The path that a browser opens on our side of an address."""
    parts = urlsplit(address)
    assert f"{parts.scheme}://{parts.netloc}" == "http://localhost"
    return f"{parts.path}?{parts.query}"


def finish(client: Client, back: str, *, status: int = 302) -> Page:
    """What the page that one comes back to sends at once."""
    hidden = client.get(local(back)).hidden()
    return client.post(RETURN, hidden, status=status)


def come_in(client: Client, subject: str = "olu", *, url: str = GO, status: int = 302, **claims: object) -> Page:
    told = {"email": "olu@nw.example", "email_verified": True, **claims}
    address = client.get(url, status=302).response.location
    return finish(client, sign_in_at(address, subject, **told), status=status)


def come_in_to(client: Client, provider: Pliable, *, status: int = 302) -> Page:
    return finish(client, provider.sign_in(client.get(GO, status=302).response.location), status=status)


def signed_in(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(SignedInSession)) or 0


def reasons(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the log says of each refusal."""
    told = [vars(record) for record in caplog.records if record.msg == "sign-in refused"]
    assert {each["method"] for each in told} == {"single sign-on"}
    return [each["reason"] for each in told]


def test_an_officer_comes_in_by_the_provider_and_then_gives_the_code(
    browser: Client, session: Session, issuer: str, officer: MakeOfficer
) -> None:
    person = officer(issuer)
    assert browser.get("/sign-in").links()["Sign in with North West NHS"] == GO
    entered = come_in(browser, url=f"{GO}?next=/account")
    assert entered.location == "/sign-in/code?next=/account"
    browser.get("/programmes", status=302)
    assert browser.submit(entered.location, {"code": people.code_of(person)}).location == "/account"
    browser.get("/programmes")
    acts = people.acts(session)
    assert acts[-3:] == ["person.identity_pinned", "person.signed_in", "person.signed_in"]


def test_an_officer_who_has_nothing_but_the_provider_sets_an_app_up_and_is_in(
    browser: Client, session: Session, issuer: str, officer: MakeOfficer
) -> None:
    person = officer(issuer, has_app=False)
    person.password_hash = None
    session.commit()
    url = browser.get(come_in(browser, url=f"{GO}?next=/programmes").location, status=302).location
    page = browser.get(url)
    assert browser.submit(url, {"code": pyotp.TOTP(people.typed_key(page.html)).now()}).location == "/programmes"
    browser.get("/programmes")


@pytest.mark.parametrize(
    "said", [{"amr": ["pwd", "mfa"]}, {"acr": "https://refeds.org/profile/mfa"}, {"acr": "phr"}], ids=str
)
def test_no_code_is_asked_of_whom_the_provider_asked_for_two_factors(
    browser: Client, issuer: str, officer: MakeOfficer, said: dict[str, object]
) -> None:
    officer(issuer)
    assert come_in(browser, **said).location == "/programmes"
    browser.get("/programmes")


@pytest.mark.parametrize("said", [{"amr": ["pwd", "otp"]}, {"amr": "mfa"}, {"acr": "0"}], ids=str)
def test_anything_less_than_two_factors_leaves_the_code_to_be_given(
    pliable: Pliable, other_browser: Client, officer: MakeOfficer, said: dict[str, object]
) -> None:
    officer(pliable.issuer)
    pliable.claims |= said
    page = come_in_to(other_browser, pliable, status=502 if said == {"amr": "mfa"} else 302)
    assert page.status == 502 or page.location.startswith("/sign-in/code")


def test_from_the_second_time_on_the_subject_counts_and_not_the_address(
    browser: Client, session: Session, issuer: str, officer: MakeOfficer
) -> None:
    person = officer(issuer)
    come_in(browser)
    browser.sign_out()
    come_in(browser, email="olu.married@nw.example", email_verified=False)
    [identity] = session.scalars(select(Identity))
    assert (identity.person_id, identity.issuer, identity.subject) == (person.id, issuer, "olu")
    browser.sign_out()
    assert FAILED in come_in(browser, "another", status=403).text


def test_the_provider_and_its_word_are_not_enough(
    browser: Client, session: Session, issuer: str, officer: MakeOfficer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "webapp")
    officer(issuer, allowed=False)
    provider_person = factories.provider_person(session, email="pat@provider.example")
    both = officer(issuer, email="both@nw.example")
    another = factories.buyer(session)
    session.add(Membership(person_id=both.id, organisation_id=another.id, role=MembershipRole.OFFICER))
    session.commit()
    refusals = [
        come_in(browser, "not allowed", status=403),
        come_in(browser, "a stranger", email="nobody@nw.example", status=403),
        come_in(browser, "a provider", email=provider_person.email, status=403),
        come_in(browser, "of two, one of which allows it", email=both.email, status=403),
    ]
    assert len({people.unvarying(page) for page in refusals}) == 1
    assert reasons(caplog) == ["not allowed", "unknown", "not allowed", "not allowed"]
    assert signed_in(session) == 0
    assert session.scalar(select(func.count()).select_from(Identity)) == 0


def test_an_address_that_is_not_verified_pins_nobody(browser: Client, issuer: str, officer: MakeOfficer) -> None:
    officer(issuer)
    for verified in (False, None, "true"):
        assert FAILED in come_in(browser, email_verified=verified, status=403).text


def test_an_organisation_that_forbids_it_again_shuts_the_door(
    browser: Client, session: Session, issuer: str, officer: MakeOfficer
) -> None:
    person = officer(issuer)
    come_in(browser)
    browser.sign_out()
    actions.forbid(session, name=person.memberships[0].organisation.name, issuer=issuer)
    session.commit()
    come_in(browser, status=403)


def test_sign_out_ends_the_session_here(browser: Client, session: Session, issuer: str, officer: MakeOfficer) -> None:
    officer(issuer)
    come_in(browser, amr=["mfa"])
    assert browser.submit("/programmes", action="/sign-out").location == "/sign-in"
    assert signed_in(session) == 0


def test_single_sign_on_alone_changes_no_way_to_sign_in(browser: Client, issuer: str, officer: MakeOfficer) -> None:
    officer(issuer)
    come_in(browser, amr=["mfa"])
    assert "Confirm that it is you" in browser.get("/account/passkeys/add").text


def test_what_is_asked_of_the_provider(browser: Client) -> None:
    asked = [parse_qs(urlsplit(browser.get(GO, status=302).response.location).query) for _ in range(2)]
    for name in ("state", "nonce", "code_challenge"):
        assert asked[0][name] != asked[1][name]
        assert len(asked[0][name][0]) >= 43
    fixed = {name: asked[0][name][0] for name in ("response_type", "scope", "redirect_uri", "code_challenge_method")}
    assert fixed == {
        "response_type": "code",
        "scope": "openid email",
        "redirect_uri": f"http://localhost{RETURN}",
        "code_challenge_method": "S256",
    }


def test_coming_back_without_having_set_out_is_refused(
    browser: Client, issuer: str, officer: MakeOfficer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "webapp")
    officer(issuer)
    assert FAILED in browser.get(RETURN, status=400).text
    assert FAILED in browser.get(f"{RETURN}?code=a&state=b", status=400).text
    [state] = parse_qs(urlsplit(browser.get(GO, status=302).response.location).query)["state"]
    for query in ("", "?state=wrong&code=a", "?error=access_denied", f"?error=access_denied&state={state}"):
        assert FAILED in browser.get(RETURN + query, status=400).text
    assert reasons(caplog) == ["state"] * 5 + ["answer"]


def test_a_link_with_somebody_elses_code_signs_nobody_in(
    settings: Settings, database: Database, browser: Client, session: Session, issuer: str, officer: MakeOfficer
) -> None:
    """The attacker signs in at the provider and has the victim's browser open the way back."""
    officer(issuer)
    with Client(browser.app, database) as victim:
        address = browser.get(GO, status=302).response.location
        back = local(sign_in_at(address, "olu", email="olu@nw.example", email_verified=True))
        victim.get(GO, status=302)
        victim.get(back, status=400)
        victim.post(RETURN, {**victim.get("/sign-in").hidden(), **parsed(back)}, status=400)
    assert signed_in(session) == 0


def parsed(back: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}


def test_a_way_back_works_once(browser: Client, session: Session, issuer: str, officer: MakeOfficer) -> None:
    officer(issuer)
    address = browser.get(GO, status=302).response.location
    back = local(sign_in_at(address, "olu", email="olu@nw.example", email_verified=True))
    page = browser.get(back)
    browser.post(RETURN, page.hidden())
    browser.post(RETURN, {**browser.get("/").hidden(), **parsed(back)}, status=400)
    assert signed_in(session) == 1


def test_it_leads_to_no_other_site(browser: Client, issuer: str, officer: MakeOfficer) -> None:
    officer(issuer)
    for elsewhere in ("https://evil.example/", "//evil.example", "/\\evil.example"):
        assert come_in(browser, url=f"{GO}?next={elsewhere}", amr=["mfa"]).location == "/programmes"
        browser.sign_out()


def test_without_a_provider_there_is_no_such_page(client: Client) -> None:
    assert "Sign in with North West NHS" not in client.get("/sign-in").links()
    client.get(GO, status=404)
    client.get(f"{RETURN}?code=a&state=b", status=404)
    client.post(RETURN, client.get("/sign-in").hidden(), status=404)


def unsigned(claims: dict[str, Any]) -> str:
    _header, payload, _signature = jwt.encode({"alg": "RS256"}, claims, RSAKey.generate_key(2048)).split(".")
    return f"eyJhbGciOiJub25lIn0.{payload}."


FORGED: dict[str, Callable[[Pliable], None]] = {
    "another's nonce": lambda provider: provider.claims.update(nonce="x" * 43),
    "no nonce": lambda provider: provider.claims.update(nonce=None),
    "another's issuer": lambda provider: provider.claims.update(iss="https://evil.example"),
    "for another service": lambda provider: provider.claims.update(aud="another"),
    "for several, without saying for whom": lambda provider: provider.claims.update(aud=[CLIENT_ID, "another"]),
    "ended": lambda provider: provider.claims.update(exp=int(time.time()) - 120),
    "without an end": lambda provider: provider.claims.update(exp=None),
    "not yet": lambda provider: provider.claims.update(nbf=int(time.time()) + 300),
    "about nobody": lambda provider: provider.claims.update(sub=None),
    "with another access token": lambda provider: provider.claims.update(at_hash="AAAAAAAAAAAAAAAAAAAAAA"),
    "not signed": lambda provider: setattr(provider, "sign", unsigned),
    "signed by another key": lambda provider: setattr(
        provider,
        "sign",
        lambda claims: jwt.encode({"alg": "RS256", "kid": "one"}, claims, RSAKey.generate_key(2048)),
    ),
    "signed with the public key as a secret": lambda provider: setattr(
        provider,
        "sign",
        lambda claims: jwt.encode(
            {"alg": "HS256", "kid": "one"}, claims, OctKey.import_key(provider.key.as_pem(private=False))
        ),
    ),
    "not a token": lambda provider: setattr(provider, "sign", lambda claims: "x"),
    "not even text": lambda provider: setattr(provider, "sign", lambda claims: 7),
}


@pytest.mark.parametrize("how", FORGED)
def test_a_token_that_does_not_hold_signs_nobody_in(
    pliable: Pliable, other_browser: Client, session: Session, officer: MakeOfficer, how: str
) -> None:
    officer(pliable.issuer)
    FORGED[how](pliable)
    assert FAILED in come_in_to(other_browser, pliable, status=502).text
    assert signed_in(session) == 0


def test_the_same_provider_lets_in_whose_token_holds(
    pliable: Pliable, other_browser: Client, session: Session, officer: MakeOfficer
) -> None:
    """What the refusals above are worth: nothing else was wrong. Discovery is read once."""
    officer(pliable.issuer)
    for _ in range(2):
        come_in_to(other_browser, pliable)
        other_browser.sign_out()
    assert signed_in(session) == 2
    assert pliable.reads == 1


def test_a_wrong_code_is_refused_by_the_provider(pliable: Pliable, other_browser: Client, officer: MakeOfficer) -> None:
    officer(pliable.issuer)
    hidden = other_browser.get(local(pliable.sign_in(other_browser.get(GO, status=302).response.location))).hidden()
    assert FAILED in other_browser.post(RETURN, {**hidden, "code": "guessed"}, status=502).text
    other_browser.post(RETURN, hidden, status=400)  # a second guess takes a second way there


def test_the_address_may_come_beside_the_token(
    pliable: Pliable, other_browser: Client, session: Session, officer: MakeOfficer
) -> None:
    officer(pliable.issuer)
    pliable.claims = {}
    pliable.user_info = {"sub": "2", "email": "olu@nw.example", "email_verified": True, "amr": ["mfa"]}
    come_in_to(other_browser, pliable, status=502)
    pliable.user_info["sub"] = "1"
    assert come_in_to(other_browser, pliable).location.startswith("/sign-in/code")


@pytest.mark.parametrize("path", ["/keys", "/token", "/about"])
def test_nobody_is_followed_to_where_the_provider_leads(
    pliable: Pliable, other_browser: Client, officer: MakeOfficer, path: str
) -> None:
    """It could lead into our own network, with the client's secret."""
    officer(pliable.issuer)
    pliable.claims, pliable.user_info = {}, {"sub": "1", "email": "olu@nw.example", "email_verified": True}
    come_in_to(other_browser, pliable)
    pliable.moved = path
    other_browser.sign_out()
    come_in_to(other_browser, pliable, status=502)


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": ""},
        {"token_endpoint": 7},
        {"token_endpoint": "http://192.0.2.1/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"userinfo_endpoint": "http://192.0.2.1/about"},
    ],
    ids=str,
)
def test_discovery_must_fit_the_issuer(pliable: Pliable, other_browser: Client, metadata: dict[str, Any]) -> None:
    pliable.metadata = metadata
    assert FAILED in other_browser.get(GO, status=502).text


def test_a_provider_that_is_away_gives_a_plain_page(
    settings: Settings, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "webapp")
    with Client(app_with(settings, database, "http://127.0.0.1:1"), database) as client:
        assert FAILED in client.get(GO, status=502).text
        client.get("/sign-in")
    assert reasons(caplog) == ["provider: ConnectionError"]


def test_a_provider_without_a_name_is_the_organisations(settings: Settings, database: Database) -> None:
    unnamed = replace(settings, oidc_issuer="https://id.example", oidc_client_id="a", oidc_client_secret="b")
    with Client(create_app(unnamed, database), database) as client:
        assert client.get("/sign-in").links()["Sign in with your organisation’s account"] == GO


def test_only_one_buyer_of_that_name_can_allow_it(session: Session) -> None:
    organisation: Organisation = factories.provider(session)
    twins = [factories.buyer(session, name="Twins") for _ in range(2)]
    for name in (organisation.name, twins[0].name, "nobody"):
        with pytest.raises(actions.OrganisationError):
            actions.allow(session, name=name, issuer="https://id.example")


def test_an_administrator_allows_and_forbids_it_on_the_server(session: Session, database_url: str) -> None:
    buyer = factories.buyer(session, name="North West NHS")
    session.commit()
    environment = {
        "DATABASE_URL": database_url,
        "SOUNDINGS_OIDC_ISSUER": "https://id.example",
        "SOUNDINGS_OIDC_CLIENT_ID": "a",
        "SOUNDINGS_OIDC_CLIENT_SECRET": "b",
    }
    for options, left in (([], [buyer.id]), (["--forbid"], [])):
        done = CliRunner().invoke(cli, ["single-sign-on", "North West NHS", *options], env=environment)
        assert done.exit_code == 0, done.output
        assert f"Officers of North West NHS {'can no longer' if options else 'can now'} sign in" in done.output
        session.rollback()
        assert session.scalars(select(SingleSignOn.organisation_id)).all() == left
    assert people.acts(session) == [
        "organisation.single_sign_on_allowed",
        "organisation.single_sign_on_forbidden",
    ]
    unknown = CliRunner().invoke(cli, ["single-sign-on", "Nobody"], env=environment)
    assert "no one buyer or procuring agent is called" in unknown.output


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"ISSUER": "http://id.example", "CLIENT_ID": "a", "CLIENT_SECRET": "b"}, "must begin with https"),
        ({"ISSUER": "https://id.example", "CLIENT_ID": "a"}, "needs SOUNDINGS_OIDC_CLIENT_ID"),
    ],
)
def test_settings_that_make_no_sense_are_refused(given: dict[str, str], says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        Settings.from_environment({f"SOUNDINGS_OIDC_{name}": value for name, value in given.items()})


def test_the_settings_come_from_the_environment() -> None:
    environment = {"SOUNDINGS_OIDC_ISSUER": "https://id.example", "SOUNDINGS_OIDC_CLIENT_ID": "a"}
    settings = Settings.from_environment({**environment, "SOUNDINGS_OIDC_CLIENT_SECRET": "b"})
    assert settings.single_sign_on
    assert not Settings.from_environment({}).single_sign_on
