// What a page can't do without a script: passkeys, live arrival, copying. Everything
// else works without it.
"use strict";

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const base64 = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)));
const base64url = (buffer) => base64(buffer).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

// The marks that an approval lets go are signed with the draft's digest: the same
// bytes as review.Accepting and review.SigningBytes make.
const sha256 = (text) => crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
const hex = (buffer) => Array.from(new Uint8Array(buffer), (b) => b.toString(16).padStart(2, "0")).join("");

async function challenge(form) {
  const marks = [...form.querySelectorAll("[name=accept]:checked")];
  if (!marks.length) return bytes(form.dataset.challenge);
  const sums = (await Promise.all(marks.map((m) => sha256(m.value)))).map(hex).sort();
  const accepting = hex(await sha256(["isac marks v1", form.elements.digest.value, ...sums, ""].join("\n")));
  return new Uint8Array(await sha256(["isac review v1", form.dataset.purpose, accepting, ""].join("\n")));
}

// A form with data-passkey="sign" gets the field "assertion" before it is sent, one
// with "create" the field "credential".
async function sign(form) {
  const got = await navigator.credentials.get({ publicKey: {
    challenge: await challenge(form), rpId: form.dataset.host, userVerification: "required",
    allowCredentials: (form.dataset.passkeys || "").split(" ").filter(Boolean).map((id) => ({ type: "public-key", id: bytes(id) })),
  } });
  form.elements.assertion.value = JSON.stringify({
    credential: base64(got.rawId), data: base64(got.response.authenticatorData),
    client: base64(got.response.clientDataJSON), signature: base64(got.response.signature),
  });
}

async function create(form) {
  const made = await navigator.credentials.create({ publicKey: {
    challenge: bytes(form.dataset.challenge), rp: { id: form.dataset.host, name: form.dataset.hub },
    user: { id: bytes(form.dataset.user), name: form.dataset.name, displayName: form.dataset.name },
    pubKeyCredParams: [{ type: "public-key", alg: -7 }, { type: "public-key", alg: -8 }],
    authenticatorSelection: { residentKey: "required", userVerification: "required" }, attestation: "none",
  } });
  form.elements.credential.value = JSON.stringify({
    id: made.id, rawId: base64url(made.rawId), type: made.type,
    response: { clientDataJSON: base64url(made.response.clientDataJSON), attestationObject: base64url(made.response.attestationObject) },
  });
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.querySelectorAll("[data-needs-script]").forEach((e) => { e.hidden = false; });
  form.addEventListener("submit", async (event) => {
    if (form.dataset.done || (event.submitter && event.submitter.dataset.plain !== undefined)) return;
    event.preventDefault();
    const failed = form.querySelector("[role=alert]");
    try {
      await (form.dataset.passkey === "create" ? create(form) : sign(form));
    } catch {
      failed.hidden = false;
      failed.focus();
      return;
    }
    form.dataset.done = "yes";
    form.requestSubmit(event.submitter);
  });
}

for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", () => navigator.clipboard.writeText(button.dataset.copy));
}

for (const button of document.querySelectorAll("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

const live = document.querySelector("[data-live]");
if (live && window.EventSource) {
  new EventSource(live.dataset.live).addEventListener("alert", () => { live.hidden = false; });
}

// What is wrong with a field is said beside it.
function say(field, text) {
  const help = document.getElementById(field.getAttribute("aria-describedby") || "");
  if (!help) return;
  help.querySelectorAll("strong").forEach((old) => old.remove());
  if (!text) return field.removeAttribute("aria-invalid");
  field.setAttribute("aria-invalid", "true");
  const said = help.appendChild(document.createElement("strong"));
  said.setAttribute("role", "alert");
  said.textContent = " " + text;
}

// A form with data-draft is saved at the hub too, soon after something was written: it
// answers with the draft's name and what can't be sent. While it doesn't answer, nothing
// is sent and lost.
const begun = document.querySelector("form[data-draft]");
if (begun) {
  const state = begun.querySelector("[data-state]");
  let due, lost = false;
  const store = async () => {
    const body = new URLSearchParams([...new FormData(begun)].filter(([, v]) => typeof v === "string"));
    try {
      const got = await fetch(begun.dataset.draft, { method: "POST", body, headers: { Accept: "application/json" }, redirect: "error" });
      if (got.status >= 500) throw got.status;
      const { draft, text, problems } = got.ok ? await got.json() : {};
      lost = false;
      if (!draft) return;
      begun.elements.draft.value = draft;
      state.textContent = text;
      for (const field of begun.querySelectorAll("input[aria-describedby], textarea")) if (problems[field.name] || field.checkValidity()) say(field, problems[field.name]);
    } catch {
      lost = true;
      state.textContent = begun.dataset.lost;
    }
    state.hidden = false;
  };
  begun.addEventListener("input", () => {
    clearTimeout(due);
    due = setTimeout(store, 3000);
  });
  begun.addEventListener("submit", async (event) => {
    clearTimeout(due);
    if (!lost && navigator.onLine) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    await store();
    if (!lost) begun.requestSubmit(event.submitter);
  });
  window.addEventListener("online", store);
}

// A form with data-once is sent once, however often its button is pressed.
for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sending) event.preventDefault();
    form.dataset.sending = "yes";
    setTimeout(() => { delete form.dataset.sending; }, 20000);
  });
}
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sending]").forEach((f) => { delete f.dataset.sending; }));

const sent = document.querySelector("[data-sent]");
if (sent) localStorage.removeItem("isac-" + sent.dataset.sent);

// A form with data-keep is kept in this browser while it is filled in, and after it
// was sent, so that a lost connection loses nothing and an update begins where the
// report ended. It is never sent anywhere but by the form.
const kept = document.querySelector("form[data-keep]");
if (kept) {
  const place = "isac-" + kept.dataset.keep;
  const save = () => {
    localStorage.setItem(place, JSON.stringify([...new FormData(kept)].filter(([name, v]) => typeof v === "string" && v && kept.elements[name].dataset?.secret === undefined)));
    kept.querySelector("[data-kept]").hidden = false;
  };
  const saved = JSON.parse(localStorage.getItem(place) || "[]");
  const fresh = ![...kept.querySelectorAll("textarea")].some((e) => e.value);
  if (saved.length && fresh) {
    for (const [name, value] of saved) {
      for (const e of kept.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
        if (e.type === "checkbox" || e.type === "radio") e.checked = e.checked || e.value === value;
        else e.value = value;
      }
    }
    kept.querySelector("[data-kept]").hidden = false;
  }
  kept.addEventListener("input", save);
  const forget = kept.querySelector("[data-forget]");
  forget.hidden = false;
  forget.addEventListener("click", () => {
    localStorage.removeItem(place);
    location.reload();
  });
}

document.addEventListener("focusout", ({ target: field }) => {
  if (field.willValidate && field.closest("form[data-keep]")) say(field, field.checkValidity() ? "" : field.validationMessage);
});

const goesOn = document.querySelector("[data-continue]");
if (goesOn) {
  const rest = JSON.parse(localStorage.getItem("isac-report") || "[]").filter(([name]) => name !== "incident" && name !== "draft");
  localStorage.setItem("isac-report", JSON.stringify([...rest, ["incident", goesOn.dataset.continue]]));
}
