// Has the browser make or show a passkey, and hands its answer to an ordinary form, which leads on as forms do.
const CEREMONIES = {
  make: (options) =>
    navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) }),
  show: (options) =>
    navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) }),
};

function isSupported() {
  return Boolean(
    window.PublicKeyCredential?.parseCreationOptionsFromJSON && window.PublicKeyCredential.parseRequestOptionsFromJSON,
  );
}

// A form with faults goes off without a passkey: its page says what they are.
async function fillIn(form) {
  const answer = await fetch(form.dataset.passkeyOptions, { method: "POST", body: new FormData(form) });
  if (answer.status === 422) return;
  if (!answer.ok) throw new Error(`options answered ${answer.status}`);
  const credential = await CEREMONIES[form.dataset.passkey](await answer.json());
  form.elements.credential.value = JSON.stringify(credential);
}

export function offerPasskey(form) {
  if (!isSupported()) {
    form.parentElement.querySelectorAll("[data-passkey-unsupported]").forEach((text) => (text.hidden = false));
    return;
  }
  const failure = form.querySelector("[data-passkey-failed]");
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    failure.hidden = true;
    try {
      await fillIn(form);
    } catch {
      failure.hidden = false;
      return;
    }
    form.submit();
  });
}
