// What the phone keeps: the conversation's id and a message not yet sent. Phones are shared, so
// nothing of what was said is kept here; it comes back from the server.

import { masked } from "./dom.js";

const KEY = "rong.chat";

export function load() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}

/** Keep and give back; private windows may refuse to keep, the chat goes on without. */
export function keep(data) {
  const text = data.pending?.message.text;
  const pending = text
    ? { ...data.pending, message: { ...data.pending.message, text: masked(text) } }
    : data.pending;
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...data, pending }));
  } catch {
    // kept in memory only
  }
  return data;
}
