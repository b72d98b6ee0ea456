/** One timer for all that is said in minutes, at each full minute while something is shown that listens. */

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setTimeout> | undefined;

export function everyMinute(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setTimeout(tick, untilNext());
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearTimeout(timer);
    timer = undefined;
  };
}

function tick(): void {
  timer = setTimeout(tick, untilNext());
  if (!document.hidden) for (const listener of listeners) listener();
}

function untilNext(): number {
  return 60_000 - (Date.now() % 60_000) + 50;
}
