/** One timer for all that is said in minutes: at each full minute, and at once when a hidden page is shown again. */

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setTimeout> | undefined;

export function everyMinute(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    timer = setTimeout(tick, untilNext());
    document.addEventListener("visibilitychange", notify);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearTimeout(timer);
    timer = undefined;
    document.removeEventListener("visibilitychange", notify);
  };
}

function tick(): void {
  timer = setTimeout(tick, untilNext());
  notify();
}

function notify(): void {
  if (!document.hidden) for (const listener of listeners) listener();
}

function untilNext(): number {
  return 60_000 - (Date.now() % 60_000) + 50;
}
