// The kiosk: one question a screen, everything spoken, nothing left behind.

import * as api from "./api.js";
import { el } from "./dom.js";
import { Idle } from "./idle.js";
import { PICK_DATE, speaker, today } from "./parts.js";
import { pickDate } from "./picker.js";
import { player } from "./player.js";
import { hears, recorder } from "./recorder.js";
import { CHOICES, choiceButton, draw, drawChoices, fit, settle, stage } from "./screen.js";
import { screens, units } from "./units.js";
import { label, language, page, useLanguage, word, wordAudio } from "./words.js";

const UNFINISHED = "rong.kiosk"; // conversations still to be erased, after a crash or an outage
const IN_BAR = new Set(["act:back", "act:repeat", "act:help"]);
const countdown = document.getElementById("countdown");
const hearing = document.getElementById("hearing");
const body = document.body;

let conversation = null;
let shown = { spoken: [] }; // the screen: what it says, and how to go back or draw it again
let busy = false;

// -- what is said aloud ---------------------------------------------------------------------

function speak(prompts) {
  if (!player.muted) player.play(prompts);
}

const named = (id, element) => ({ audio: wordAudio(id), element });

function button(choice, tap, tongue = language()) {
  const element = choiceButton(choice, tongue, tap);
  return { value: choice.value, audio: choice.audio, element };
}

function own(id, value, picture, tap) {
  const choice = { label: word(id), value, audio: wordAudio(id), picture: `/static/icons/${picture}.svg` };
  return button(choice, tap);
}

// -- screens --------------------------------------------------------------------------------

function put(screen, silent = false) {
  shown = screen;
  screen.show();
  if (!silent) speak(shown.spoken);
}

/** Screens of a reply. Choices beyond four go on further screens of their own. */
function replyScreens(reply) {
  const choices = reply.messages
    .flatMap((message) => message.choices)
    .filter((choice) => !IN_BAR.has(choice.value));
  const buttons = choices.map((choice) => button(choice, chosen, reply.state.language));
  let page = 0; // which screen of the reply
  let group = 0; // which four of the choices
  const groups = [];
  for (let rest = buttons; rest.length || !groups.length; ) {
    const size = rest.length <= CHOICES ? CHOICES : CHOICES - 1;
    groups.push(rest.slice(0, size));
    rest = rest.slice(size);
  }
  const next = own("ui.next", "page:next", "next", () => turn(1));
  const more = own("ui.more", "page:more", "next", () => {
    group = (group + 1) % groups.length;
    put(screen);
  });
  const offered = () => (groups.length > 1 ? [...groups[group], more] : groups[0]);
  let cut = [];
  const screen = {
    show() {
      cut = screens(units(reply.messages), (parts, last) =>
        fit(parts, last ? offered() : [next], parts.length === 1 ? 3 : 1),
      );
      page = Math.min(page, cut.length - 1);
      const last = page === cut.length - 1;
      this.spoken = settle(cut[page], last ? offered() : [next]);
      const count = document.getElementById("page");
      count.textContent = cut.length > 1 ? word("ui.page_of", { number: page + 1, count: cut.length }) : "";
    },
    back() {
      if (group > 0) group -= 1;
      else if (page > 0) page -= 1;
      else return false;
      put(this);
      return true;
    },
    spoken: [],
  };
  function turn(by) {
    page += by;
    put(screen);
  }
  return screen;
}

function dateScreen(before) {
  let stepBack = () => false;
  return {
    show() {
      drawChoices([]);
      body.dataset.tight = 0;
      stepBack = pickDate(stage, today(page.today), (text) => say({ text }));
      this.spoken = [named("ui.pick_date")];
    },
    back() {
      if (!stepBack()) put(before);
      return true;
    },
    spoken: [],
  };
}

function languageScreen(known) {
  const tongues = known.map((tongue) => {
    const choice = { label: tongue.name, value: `language:${tongue.code}`, audio: tongue.audio };
    return button(choice, chosen, tongue.code);
  });
  return {
    start: true,
    show() {
      document.getElementById("page").textContent = "";
            const ask = {
        kind: "text",
        asks: true,
        text: word("ui.choose_language"),
        audio: wordAudio("ui.choose_language"),
        picture: "/static/icons/village.svg",
        language: language(),
      };
      this.spoken = settle([ask], tongues);
    },
    back: () => true,
    spoken: [],
  };
}

/** The microphone was refused: the screen before is one tap away. */
function deniedScreen(before) {
  const back = own("ui.ok", "act:ok", "check", () => put(before));
  const text = { kind: "text", text: word("ui.talk_denied"), audio: wordAudio("ui.talk_denied"), asks: true };
  const said = { ...text, picture: "/static/icons/microphone.svg", language: language() };
  return {
    show() {
      this.spoken = draw([said], [back]);
    },
    back: () => (put(before), true),
    spoken: [],
  };
}

function errorScreen(error, again) {
  const buttons = [own("ui.retry", "act:retry", "restart", again)];
  const id = error.status ? "ui.error" : "ui.offline";
  return {
    show() {
      this.spoken = draw(
        [{ kind: "text", text: word(id), audio: wordAudio(id), asks: true, picture: "/static/icons/warning.svg", language: language() }],
        buttons,
      );
    },
    back: () => false,
    spoken: [],
  };
}

// -- the conversation -----------------------------------------------------------------------

function chosen(choice) {
  if (choice.value === PICK_DATE) put(dateScreen(shown));
  else say({ choice: choice.value }, choice.audio);
}

async function say(message, spoken = null) {
  if (busy) return;
  if (!conversation) begin();
  await deliver({ ...message, event: api.newId() }, spoken);
}

/** Listen to the visitor, until they have finished; then send what was said. */
async function listen() {
  if (busy || recorder.running) return;
  player.stop();
  let sound;
  try {
    sound = await recorder.record();
  } catch {
    return put(deniedScreen(shown));
  }
  if (!sound?.size || busy) return;
  if (!conversation) begin();
  await deliver({ sound, event: api.newId() }, null);
}

async function deliver(message, spoken) {
  const talk = conversation;
  wait(true);
  player.stop();
  try {
    const reply = message.sound
      ? await api.speak(talk, message.sound, message.event)
      : await api.send(talk, message);
    if (talk === conversation) await useLanguage(reply.state.language);
    if (talk !== conversation) return;
    wait(false);
    body.dataset.step = reply.state.step ?? "";
    body.classList.toggle("asking", /^[a-z_]+$/.test(reply.state.step ?? "") && !STOPS.has(reply.state.step));
    put(replyScreens(reply), true);
    speak([{ audio: spoken }, ...shown.spoken]);
  } catch (error) {
    wait(false);
    if (!(error instanceof api.ApiError)) throw error;
    if (talk !== conversation) return;
    if (error.passing) put(errorScreen(error, () => deliver(message, spoken)));
    else await recover();
  }
}

const STOPS = new Set(["outcome", "papers", "after", "end", "handover"]);

/** The server refused: show where the conversation is, or begin anew. */
async function recover() {
  try {
    put(replyScreens(await api.resume(conversation)));
  } catch {
    await home();
  }
}

function wait(on) {
  busy = on;
  body.classList.toggle("busy", on);
}

function begin() {
  conversation = api.newId();
  remember([...unfinished(), conversation]);
  body.classList.add("talking");
  idle.start();
}

// -- leaving nothing behind -----------------------------------------------------------------

function unfinished() {
  try {
    return JSON.parse(localStorage.getItem(UNFINISHED)) ?? [];
  } catch {
    return [];
  }
}

function remember(ids) {
  try {
    localStorage.setItem(UNFINISHED, JSON.stringify(ids));
  } catch {
    // then only a crash leaves a conversation, until the server's own time is up
  }
}

async function eraseUnfinished() {
  for (const id of unfinished()) {
    if (id === conversation) continue;
    try {
      await api.erase(id, true); // the visitor may go on elsewhere by code
      remember(unfinished().filter((other) => other !== id));
    } catch {
      return; // tried again when the next person begins
    }
  }
}

/** Erase what was said and show the first screen. */
async function home() {
  idle.stop();
  player.stop();
  recorder.cancel();
  conversation = null;
  countdown.close();
  wait(false);
  body.className = "";
  offerTalk();
  body.dataset.step = "";
  player.slow = false;
  player.muted = false;
  for (const pressed of document.querySelectorAll("[aria-pressed]")) pressed.setAttribute("aria-pressed", "false");
  await useLanguage(page.language);
  dress();
  eraseUnfinished();
  try {
    put(languageScreen(await api.languages()), true);
  } catch (error) {
    put(errorScreen(error, home), true);
  }
}

const idle = new Idle({
  seconds: page.idleSeconds,
  busy: () => player.active || recorder.running,
  show: (left) => {
    if (left === null) return countdown.close();
    document.getElementById("seconds").textContent = left;
    document.getElementById("idle-text").textContent = word("ui.idle_countdown", { seconds: left });
    if (!countdown.open) {
      countdown.showModal();
      speak([named("ui.idle_question")]);
    }
    return undefined;
  },
  wipe: home,
});

// -- the bars -------------------------------------------------------------------------------

const controls = {
  back: () => {
    if (!shown.back()) say({ choice: "act:back" });
  },
  change: () => say({ choice: "act:change" }),
  why: () => say({ choice: "act:why" }),
  clerk: () => say({ choice: "act:clerk" }),
  help: () => (shown.start ? hear() : say({ choice: "act:help" })),
  repeat: () => hear(),
  language: async () => {
    if (busy) return;
    wait(true); // an answer tapped meanwhile would be overtaken by the languages
    try {
      const before = shown;
      const screen = languageScreen(await api.languages());
      put({ ...screen, start: false, back: () => (put(before), true) });
    } catch (error) {
      put(errorScreen(error, controls.language));
    } finally {
      wait(false);
    }
  },
  slower: (pressed) => {
    player.slow = pressed;
    hear();
  },
  large: (pressed) => {
    body.classList.toggle("large", pressed);
    put(shown, true);
  },
  mute: (pressed) => {
    player.muted = pressed;
    if (pressed) player.stop();
    else hear();
  },
  finish: home,
  talk: () => listen(),
};

/** Say the screen again, even when sound is otherwise off; where nothing speaks, show it anew. */
function hear() {
  if (shown.spoken.some(({ audio }) => audio)) player.play(shown.spoken);
  stage.classList.remove("again");
  requestAnimationFrame(() => stage.classList.add("again"));
}

for (const control of document.querySelectorAll("[data-control]")) {
  control.addEventListener("click", () => {
    const pressed = control.getAttribute("aria-pressed");
    if (pressed !== null) control.setAttribute("aria-pressed", String(pressed !== "true"));
    controls[control.dataset.control](pressed !== "true");
  });
}

/** Give each control of the bars its words and its speaker, in the language of the moment. */
function dress() {
  label(document);
  for (const control of document.querySelectorAll("[data-control]")) {
    const id = control.querySelector("[data-word]").dataset.word;
    control.parentElement.querySelector(".speaker")?.remove();
    const speak = speaker([named(id)], word(id));
    if (speak) control.after(speak);
  }
}

/** The microphone is there only where somebody would be understood; its place stays the same. */
function offerTalk() {
  body.classList.toggle("hears", hears());
  body.classList.toggle("hears-this", hears(language()));
}

recorder.onChange = (on) => {
  if (on) hearing.showModal();
  else hearing.close();
};
document.getElementById("talk-stop").addEventListener("click", () => recorder.stop());
document.getElementById("talk-cancel").addEventListener("click", () => recorder.cancel());
hearing.addEventListener("cancel", () => recorder.cancel());
document.addEventListener("languagechange-page", () => (dress(), offerTalk()));
document.addEventListener("contextmenu", (event) => event.preventDefault());
let resized = 0;
window.addEventListener("resize", () => {
  clearTimeout(resized);
  resized = setTimeout(() => shown.show?.(), 200);
});
await document.fonts.ready;
await home();
