// Watches for a screen nobody touches: first a countdown, then the wipe.

const COUNTDOWN = 10; // seconds

export class Idle {
  /** `seconds` without a touch before the countdown; `busy()` holds it off while something is
   *  spoken; `show(left)` shows the countdown (null hides it); `wipe()` ends it. */
  constructor({ seconds, busy, show, wipe }) {
    Object.assign(this, { seconds, busy, show, wipe });
    this.left = null;
    this.watching = false;
    for (const name of ["pointerdown", "keydown"]) {
      document.addEventListener(name, () => this.touch(), { capture: true });
    }
    setInterval(() => this.tick(), 250);
  }

  start() {
    this.watching = true;
    this.touch();
  }

  stop() {
    this.watching = false;
    this.touch();
  }

  touch() {
    this.since = performance.now();
    if (this.left !== null) this.show((this.left = null));
  }

  tick() {
    if (!this.watching) return;
    if (this.left === null && this.busy()) this.since = performance.now();
    const over = (performance.now() - this.since) / 1000 - this.seconds;
    if (over < 0) return;
    const left = Math.max(0, Math.ceil(COUNTDOWN - over));
    if (left !== this.left) this.show((this.left = left));
    if (left === 0) {
      this.stop();
      this.wipe();
    }
  }
}
