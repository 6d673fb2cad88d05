// The conversation API.

const TIMEOUT = 20000; // milliseconds: a bad signal, not a dead one
const LISTENING = 60000; // a sound on its way, and being listened to

/** What went wrong; `status` is 0 when nothing answered. */
export class ApiError extends Error {
  constructor(status) {
    super(`status ${status}`);
    this.status = status;
  }

  /** Worth sending the same again. */
  get passing() {
    return this.status === 0 || this.status >= 500 || this.status === 429;
  }
}

async function ask(path, options = {}, timeout = TIMEOUT) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), timeout);
  let answer;
  let body;
  try {
    answer = await fetch(path, { ...options, signal: stop.signal });
    body = answer.status === 204 ? null : await answer.json();
  } catch {
    throw new ApiError(answer && !answer.ok ? answer.status : 0);
  } finally {
    clearTimeout(timer);
  }
  if (!answer.ok) throw new ApiError(answer.status);
  return body;
}

const at = (id) => `/api/conversations/${encodeURIComponent(id)}`;

export const send = (id, message) =>
  ask(`${at(id)}/messages`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(message),
  });
/** A spoken message: the sound as it was recorded. */
export const speak = (id, sound, event) =>
  ask(
    `${at(id)}/voice?event=${event}`,
    { method: "POST", headers: { "content-type": sound.type }, body: sound },
    LISTENING,
  );
export const resume = (id) => ask(at(id));
/** Codes the conversation gave out stay good for their time with `keepCodes`. */
export const erase = (id, keepCodes = false) =>
  ask(`${at(id)}${keepCodes ? "?codes=keep" : ""}`, { method: "DELETE" });
/** Go on with the conversation of another device; the reply has its new `id`. */
export const takeOver = (code) =>
  ask("/api/link", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ code }),
  });
export const checklist = (id) => `${at(id)}/checklist`;
export const languages = () => ask("/api/languages");
export const words = (language) => ask(`/api/ui?language=${encodeURIComponent(language)}`);

/** An id nobody can guess; works on plain http too, where randomUUID does not. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
