// A spoken message: recorded while the person talks, given away as a blob, never kept.

import { page } from "./words.js";

const KINDS = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"];
const EARLY = 2; // seconds before the server's limit at which it ends by itself

/** Whether this browser has a microphone to ask for (not on plain http) and can record. */
const able = () => Boolean(navigator.mediaDevices?.getUserMedia && window.MediaRecorder);

/** Whether somebody can be understood here, in some language or in this one. */
export const hears = (language) =>
  able() && (language ? page.listens.includes(language) : page.listens.length > 0);

export const recorder = {
  running: null, // the MediaRecorder at work
  turn: 0,
  onChange: () => {},

  /** Record until `stop`; gives the sound, or null where `cancel` ended it. Rejects when the
   *  microphone is refused or missing. */
  async record() {
    const turn = ++this.turn;
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    const close = () => stream.getTracks().forEach((track) => track.stop());
    if (turn !== this.turn) {
      close();
      return null;
    }
    const mimeType = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
    const running = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: 32000 });
    const pieces = [];
    const ended = new Promise((resolve) => running.addEventListener("stop", resolve));
    running.addEventListener("dataavailable", ({ data }) => pieces.push(data));
    running.start();
    this.set(running);
    const timer = setTimeout(() => this.stop(), (page.longest - EARLY) * 1000);
    await ended;
    clearTimeout(timer);
    close();
    this.set(null);
    return turn === this.turn ? new Blob(pieces, { type: running.mimeType }) : null;
  },

  /** The person has finished. */
  stop() {
    if (this.running?.state === "recording") this.running.stop();
    else this.turn += 1; // it had not begun: the microphone is still being asked for
  },

  /** Nothing of it counts. */
  cancel() {
    this.turn += 1;
    if (this.running?.state === "recording") this.running.stop();
  },

  set(running) {
    this.running = running;
    this.onChange(Boolean(running));
  },
};
