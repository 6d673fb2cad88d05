// The web chat: one conversation on one phone, kept over reloads and a lost signal.

import * as api from "./api.js";
import { el, icon, masked, picture } from "./dom.js";
import { PICK_DATE, label, speaker, today, words, written } from "./parts.js";
import { player } from "./player.js";
import { hears, recorder } from "./recorder.js";
import * as store from "./store.js";
import { label as relabel, language, page, useLanguage, word } from "./words.js";

const log = document.getElementById("log");
const form = document.getElementById("entry");
const input = document.getElementById("text");
const menu = document.getElementById("menu");
const tongues = document.getElementById("languages");
const sure = document.getElementById("sure");
const talk = document.getElementById("talk");
const HELD = 600; // milliseconds after which a press is holding, not tapping
const IN_BAR = new Set(["act:back", "act:repeat", "act:help"]);

let saved = store.load();
let busy = false;

function add(element) {
  log.append(element);
  element.scrollIntoView({ block: "end" });
  return element;
}

function note(text, retry) {
  document.getElementById("note")?.remove();
  if (!text) return;
  const again = retry && el("button", { type: "button", click: retry }, word("ui.retry"));
  add(el("div.note", { id: "note", role: "status" }, el("span", {}, text), again || null));
}

function sources(list) {
  if (!list.length) return null;
  const names = list.map((source) => el("li", {}, source.title ?? String(source)));
  return el("details.sources", {}, el("summary", {}, word("ui.sources")), el("ul", {}, names));
}

/** A line of a list; its draft mark is left out where the line above it has one. */
function item(part, tongue, marked) {
  const inner = (part.items ?? []).map((row) => item(row, tongue, marked || part.draft));
  return el(
    "li",
    {},
    picture(part.picture, "item-picture"),
    el("div", {}, words({ ...part, draft: part.draft && !marked }, tongue), inner.length ? el("ul.items", {}, inner) : null),
  );
}

function bubble(message) {
  const items = message.items ?? [];
  const shown = items.length ? { ...message, text: message.head ?? "", vi: null } : message;
  const made = el(
    "article.bot",
    { tabIndex: -1 },
    picture(message.picture),
    words(shown, message.language),
    items.length ? el("ul.items", {}, items.map((part) => item(part, message.language, message.draft))) : null,
    el(
      "footer",
      {},
      speaker([{ audio: message.audio }], message.text, true),
      sources(message.sources),
    ),
  );
  return made;
}

function choiceButton(choice, tongue) {
  const tap = () => say({ choice: choice.value }, choice.label);
  return el(
    "div.choice",
    {},
    el(
      "button.choose",
      { type: "button", click: tap, "data-value": choice.value },
      picture(choice.picture, "choice-picture"),
      label(choice, tongue),
    ),
    speaker([{ audio: choice.audio }], choice.label),
  );
}

function dateChoice(choice) {
  const { year, month, day } = today(page.today);
  const two = (number) => String(number).padStart(2, "0");
  const field = el("input", { type: "date", id: "date", max: `${year}-${two(month)}-${two(day)}` });
  const pick = (event) => {
    event.preventDefault();
    if (!field.value) return field.focus();
    const text = written(...field.value.split("-").map(Number));
    return say({ text }, text);
  };
  return el(
    "form.date",
    { submit: pick },
    el("label", { htmlFor: "date" }, icon("calendar", "choice-picture"), choice.label),
    el("div", {}, field, el("button.primary", { type: "submit" }, word("ui.send"))),
  );
}

/** The checklist to print or keep, on a page of its own. */
function takeAlong() {
  const to = { href: api.checklist(saved.id), target: "_blank", rel: "noopener" };
  add(el("p.take", {}, el("a", to, icon("papers", "choice-picture"), word("ui.print_papers"))));
}

function offer(choices, tongue) {
  document.getElementById("choices")?.remove();
  const shown = choices.filter((choice) => !IN_BAR.has(choice.value));
  if (!shown.length) return;
  const made = shown.map((choice) =>
    choice.value === PICK_DATE ? dateChoice(choice) : choiceButton(choice, tongue),
  );
  add(el("div.choices", { id: "choices", role: "group" }, made));
}

function speakSlower(slow) {
  player.slow = slow;
  document.querySelector('[data-do="slower"]').setAttribute("aria-pressed", slow);
}

function show(reply) {
  if (reply.slow) speakSlower(true);
  document.body.classList.toggle("handover", reply.state.handover);
  const bubbles = reply.messages.map((message) => {
    // Only the newest choices count; older ones would be refused.
    document.getElementById("choices")?.remove();
    return add(bubble(message));
  });
  document.body.dataset.step = reply.state.step ?? "";
  if (reply.state.step === "papers") takeAlong();
  const last = reply.messages.at(-1);
  offer(reply.messages.flatMap((message) => message.choices), last.language);
  bubbles[0].scrollIntoView({ block: "start" });
  return bubbles;
}

function waiting(on) {
  busy = on;
  document.body.classList.toggle("busy", on);
  document.getElementById("dots")?.remove();
  if (on) add(el("div.dots", { id: "dots", "aria-label": word("ui.loading") }, "…"));
}

/** Send something of the person's; what fails stays on the screen with a button to try again. */
async function say(message, shown) {
  if (busy) return;
  recorder.cancel();
  note(null);
  document.querySelector(".mine.unsent")?.remove();
  const mine = shown ? add(el("p.mine", {}, masked(shown))) : null;
  const pending = { message: { ...message, event: api.newId() }, shown: masked(shown ?? "") };
  saved = store.keep({ ...saved, pending });
  await deliver(pending, mine);
}

/** Listen to the person, until they have finished; then send what was said. */
async function listen() {
  if (busy) return;
  player.stop();
  note(null);
  let sound;
  try {
    sound = await recorder.record();
  } catch {
    return note(word("ui.talk_denied"));
  }
  if (!sound?.size || busy) return;
  document.querySelector(".mine.unsent")?.remove();
  const shown = `🎤 ${word("ui.spoken")}`;
  // The sound is in this page's memory only: it does not survive a reload.
  const pending = { sound, event: api.newId(), shown };
  saved = { ...saved, pending };
  await deliver(pending, add(el("p.mine", {}, shown)));
}

function offerTalk() {
  talk.hidden = !hears(language());
}

function listening(on) {
  talk.setAttribute("aria-pressed", on);
  talk.querySelector("[data-word]").dataset.word = on ? "ui.talk_stop" : "ui.talk";
  relabel(talk);
  if (on) note(word("ui.talk_now"));
  else if (document.getElementById("note")?.textContent === word("ui.talk_now")) note(null);
}

async function deliver(pending, mine) {
  if (busy || saved.pending !== pending) return;
  player.stop();
  waiting(true);
  note(null);
  mine?.classList.remove("unsent");
  const tapped = document.activeElement;
  try {
    const reply = pending.sound
      ? await api.speak(saved.id, pending.sound, pending.event)
      : await api.send(saved.id, pending.message);
    await useLanguage(reply.state.language);
    waiting(false);
    saved = store.keep({ ...saved, pending: null });
    const bubbles = show(reply);
    if (tapped !== input) bubbles[0].focus({ preventScroll: true });
  } catch (error) {
    waiting(false);
    if (!(error instanceof api.ApiError)) throw error;
    if (error.passing) unsent(pending, mine, error);
    else await refused();
  }
}

function unsent(pending, mine, error) {
  mine?.classList.add("unsent");
  const retry = () => deliver(pending, mine);
  note(word(error.status ? "ui.error" : "ui.offline"), retry);
  window.addEventListener("online", retry, { once: true });
}

/** The server will not take it: show where the conversation really is. */
async function refused() {
  saved = store.keep({ ...saved, pending: null });
  try {
    const reply = await api.resume(saved.id);
    await useLanguage(reply.state.language);
    show(reply);
  } catch {
    await fresh();
  }
}

async function fresh() {
  log.replaceChildren();
  saved = store.keep({ id: api.newId(), pending: null });
  await say({ choice: "act:start" });
}

/** From a link with a code: go on here with what another device was doing. */
async function takeOver(code) {
  waiting(true);
  try {
    const reply = await api.takeOver(code);
    saved = store.keep({ id: reply.id, pending: null });
    history.replaceState(null, "", location.pathname); // the code is used up
    await useLanguage(reply.state.language);
    waiting(false);
    show(reply);
  } catch (error) {
    waiting(false);
    if (!(error instanceof api.ApiError)) throw error;
    if (error.passing && error.status !== 429) {
      return note(word(error.status ? "ui.error" : "ui.offline"), () => location.reload());
    }
    history.replaceState(null, "", location.pathname);
    await start();
    note(word(error.status === 429 ? "ui.link_locked" : "ui.link_unknown"));
  }
  return undefined;
}

async function start() {
  relabel(document);
  offerTalk();
  const code = new URLSearchParams(location.search).get("code");
  if (code) return takeOver(code);
  if (!saved.id) return fresh();
  waiting(true);
  try {
    const reply = await api.resume(saved.id);
    await useLanguage(reply.state.language);
    waiting(false);
    show(reply);
    const { pending } = saved;
    if (pending) unsent(pending, add(el("p.mine", {}, pending.shown)), { status: 0 });
  } catch (error) {
    waiting(false);
    if (error.status === 404) return fresh();
    note(word(error.status ? "ui.error" : "ui.offline"), () => location.reload());
  }
  return undefined;
}

async function eraseAll() {
  try {
    await api.erase(saved.id);
  } catch {
    return note(word("ui.offline"), eraseAll);
  }
  await fresh();
  return note(word("ui.erased"));
}

async function chooseLanguage() {
  menu.close();
  const list = tongues.querySelector(".list");
  try {
    const known = await api.languages();
    list.replaceChildren(
      ...known.map(({ code, name }) =>
        el(
          "button",
          { type: "button", lang: code, "aria-current": code === language() ? "true" : null,
            click: () => { tongues.close(); say({ choice: `language:${code}` }, name); } },
          name,
        ),
      ),
    );
    tongues.showModal();
  } catch {
    note(word("ui.offline"), chooseLanguage);
  }
}

const menuActs = {
  language: chooseLanguage,
  slower: () => {
    speakSlower(!player.slow);
    menu.close();
  },
  erase: () => {
    menu.close();
    sure.showModal();
  },
};

for (const button of document.querySelectorAll("[data-act]")) {
  button.addEventListener("click", () => {
    menu.close();
    say({ choice: `act:${button.dataset.act}` }, button.textContent.trim());
  });
}
for (const button of document.querySelectorAll("[data-do]")) {
  button.addEventListener("click", () => menuActs[button.dataset.do](button));
}
document.getElementById("open-menu").addEventListener("click", () => menu.showModal());
document.getElementById("yes-erase").addEventListener("click", () => {
  sure.close();
  eraseAll();
});
let pressed = 0;
talk.addEventListener("pointerdown", () => {
  if (talk.getAttribute("aria-pressed") === "true") return recorder.stop();
  pressed = performance.now();
  return listen();
});
talk.addEventListener("pointerup", () => {
  if (pressed && performance.now() - pressed > HELD) recorder.stop();
  pressed = 0;
});
talk.addEventListener("keydown", (event) => {
  if (event.repeat || ![" ", "Enter"].includes(event.key)) return;
  event.preventDefault();
  if (recorder.running) recorder.stop();
  else listen();
});
talk.addEventListener("contextmenu", (event) => event.preventDefault());
recorder.onChange = listening;
document.addEventListener("languagechange-page", offerTalk);
window.addEventListener("pagehide", () => recorder.cancel());
for (const button of document.querySelectorAll("[data-close]")) {
  button.addEventListener("click", () => button.closest("dialog").close());
}
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = input.value.trim();
  if (!text || busy) return;
  input.value = "";
  say({ text }, text);
});
window.addEventListener("offline", () => note(word("ui.offline")));
window.addEventListener("online", () => { if (!saved.pending) note(null); });
start();
