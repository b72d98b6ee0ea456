/** Calls back when the browser has nothing more urgent to do, each by itself: what is painted first is not held up. */

const LATEST = 100;

export function whenIdle(callback: () => void): () => void {
  // Safari has no idle callbacks.
  if (!("requestIdleCallback" in window)) {
    const timer = setTimeout(callback);
    return () => {
      clearTimeout(timer);
    };
  }
  const handle = requestIdleCallback(callback, { timeout: LATEST });
  return () => {
    cancelIdleCallback(handle);
  };
}
