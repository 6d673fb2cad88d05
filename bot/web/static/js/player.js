// Plays prompts one after the other and marks what is being spoken.

const probe = document.createElement("audio");
const format = probe.canPlayType('audio/ogg; codecs="opus"') ? "ogg" : "m4a";

export const player = {
  slow: false,
  muted: false,
  playing: null,
  sound: null,
  turn: 0,
  onEnd: () => {},

  /** Play prompts, each `{audio, element}`; returns when all were heard or something else began. */
  async play(prompts) {
    this.stop();
    const turn = ++this.turn;
    for (const { audio, element } of prompts) {
      if (!audio) continue;
      this.mark(element);
      await this.one(audio);
      if (turn !== this.turn) return;
    }
    this.mark(null);
    this.onEnd();
  },

  stop() {
    this.turn += 1;
    if (this.sound) this.sound.pause();
    this.sound = null;
    this.mark(null);
  },

  get active() {
    return this.playing !== null;
  },

  address(audio) {
    const path = audio.replace(/\.(ogg|m4a|aac)$/, "");
    return `${path}.${format}${this.slow ? "?speed=slow" : ""}`;
  },

  one(audio) {
    return new Promise((resolve) => {
      const sound = new Audio(this.address(audio));
      this.sound = sound;
      for (const name of ["ended", "error", "pause"]) sound.addEventListener(name, resolve);
      sound.play().catch(resolve);
    });
  },

  mark(element) {
    this.playing?.classList.remove("speaking");
    this.playing = element ?? null;
    this.playing?.classList.add("speaking");
  },
};
