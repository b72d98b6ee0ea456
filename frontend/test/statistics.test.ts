// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { statistics } from "../src/data/statistics.ts";
import type { Hass } from "../src/ha/types.ts";
import { hassWith } from "./hass.ts";

const LEVEL = "sensor.level";
/** A quarter of a minute after five minutes, the statistics are there. */
const NOW = Date.parse("2026-06-14T12:00:20Z");
const MINUTE = 60_000;

let unwatch: (() => void) | undefined;

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
});

afterEach(() => {
  unwatch?.();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Watch the history of a level; returns how it was asked for, and the Home Assistant that was. */
async function watch(): Promise<{ hass: Hass; ask: ReturnType<typeof vi.fn> }> {
  const ask = vi.fn(() => Promise.resolve({}));
  const hass = { ...hassWith({}), callWS: ask as unknown as Hass["callWS"] };
  unwatch = statistics(hass).watch(hass, LEVEL, () => undefined);
  await vi.advanceTimersByTimeAsync(0);
  expect(ask).toHaveBeenCalledOnce();
  ask.mockClear();
  return { hass, ask };
}

async function turn(visibility: "hidden" | "visible"): Promise<void> {
  vi.spyOn(document, "hidden", "get").mockReturnValue(visibility === "hidden");
  document.dispatchEvent(new Event("visibilitychange"));
  await vi.advanceTimersByTimeAsync(0);
}

test("a page that is shown asks every five minutes", async () => {
  const { ask } = await watch();
  await vi.advanceTimersByTimeAsync(20 * MINUTE);
  expect(ask).toHaveBeenCalledTimes(4);
});

test("a page that was hidden asks for what it missed as soon as it is shown, and then goes on", async () => {
  const { ask } = await watch();
  await turn("hidden");
  await vi.advanceTimersByTimeAsync(21 * MINUTE);
  expect(ask).not.toHaveBeenCalled();
  await turn("visible");
  expect(ask).toHaveBeenCalledOnce();
  await vi.advanceTimersByTimeAsync(4 * MINUTE);
  expect(ask).toHaveBeenCalledTimes(2);
});

test("a page that was hidden for a moment asks for nothing that it has", async () => {
  const { ask } = await watch();
  await turn("hidden");
  await turn("visible");
  expect(ask).not.toHaveBeenCalled();
});

test("a dashboard that is opened again asks for what it missed", async () => {
  const { hass, ask } = await watch();
  unwatch?.();
  await vi.advanceTimersByTimeAsync(21 * MINUTE);
  unwatch = statistics(hass).watch(hass, LEVEL, () => undefined);
  await vi.advanceTimersByTimeAsync(0);
  expect(ask).toHaveBeenCalledOnce();
});

test("a lost connection is tried again soon, for as long as somebody looks", async () => {
  const { ask } = await watch();
  ask.mockRejectedValue(3);
  await vi.advanceTimersByTimeAsync(6 * MINUTE);
  const tried = ask.mock.calls.length;
  expect(tried).toBeGreaterThan(3);
  unwatch?.();
  await vi.advanceTimersByTimeAsync(MINUTE);
  expect(ask).toHaveBeenCalledTimes(tried);
});
