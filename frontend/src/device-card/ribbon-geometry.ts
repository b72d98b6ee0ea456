/** Where things are on the ribbon: hours along the x axis, percent from the top along the y axis. */

import type { Sample } from "../data/statistics.ts";

/** In hours. */
export const PAST = 12;
export const FUTURE = 24;
export const TOTAL = PAST + FUTURE;
/** Percent above and below, so that a line at the edge is drawn in its full width. */
const MARGIN = 4;
const HEIGHT = 100 + 2 * MARGIN;
export const VIEW_BOX = `0 ${-MARGIN} ${TOTAL} ${HEIGHT}`;
const HOUR = 3_600_000;
/** How long there may be nothing between two samples of one line. */
const MAX_GAP = 900_000;
/** How far the label of an hour has to be from that of now, in hours. */
const CLEARANCE = 3.5;

export interface ExpectedLevel {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly level: number;
}

export function hoursBetween(from: number, to: number): number {
  return (to - from) / HOUR;
}

function x(at: number, now: number): number {
  return Math.min(Math.max(PAST + hoursBetween(now, at), 0), TOTAL);
}

function point(at: number, level: number, now: number): string {
  return `${x(at, now).toFixed(2)} ${(100 - Math.min(Math.max(level, 0), 100)).toFixed(1)}`;
}

/** Return the measured level as a line and as the area below it; where nothing was measured, nothing is drawn. */
export function areaPath(samples: readonly Sample[], now: number): { readonly area: string; readonly line: string } {
  const runs: Sample[][] = [];
  for (const sample of samples) {
    const run = runs.at(-1);
    const before = run?.at(-1);
    if (run && before && sample.at - before.at <= MAX_GAP) run.push(sample);
    else runs.push([sample]);
  }
  const lines = runs.map((run) => `M${run.map(({ at, value }) => point(at, value, now)).join("L")}`);
  const areas = runs.flatMap((run, index) => {
    const [first, last] = [run[0], run.at(-1)];
    return first && last
      ? [
          `${lines[index] ?? ""}L${x(last.at, now).toFixed(2)} ${100 + MARGIN}L${x(first.at, now).toFixed(2)} ${100 + MARGIN}Z`,
        ]
      : [];
  });
  return { line: lines.join(""), area: areas.join("") };
}

export function expectedPath(expected: readonly ExpectedLevel[], now: number): string {
  return `M${expected.map(({ at, level }) => point(at, level, now)).join("L")}`;
}

interface Band {
  /** In percent of the width. */
  readonly left: number;
  readonly width: number;
  /** In percent of the height, from above; null without a target. */
  readonly top: number | null;
}

interface Planned {
  readonly start: number;
  readonly end: number | null;
  readonly target: number | null;
}

/** Return where the windows are that the ribbon reaches; what goes on until another command has no width of its own. */
export function bands(planned: readonly Planned[], now: number): Band[] {
  return planned
    .filter(({ start }) => hoursBetween(now, start) < FUTURE)
    .map(({ start, end, target }) => {
      const [from, to] = [x(start, now), x(end ?? start, now)];
      return {
        left: (from / TOTAL) * 100,
        width: ((to - from) / TOTAL) * 100,
        top: target === null ? null : ((100 - target + MARGIN) / HEIGHT) * 100,
      };
    });
}

/** Return the hours that are written below: every sixth one of the day, where there is room beside "now". */
export function ticks(now: number): { readonly at: number; readonly left: number }[] {
  const first = new Date(now - PAST * HOUR);
  first.setMinutes(0, 0, 0);
  const found: { at: number; left: number }[] = [];
  for (let at = first.getTime(); at < now + FUTURE * HOUR; at += HOUR) {
    const position = PAST + hoursBetween(now, at);
    const isNear = Math.abs(position - PAST) < CLEARANCE || position < 1.2 || position > TOTAL - 1.2;
    if (new Date(at).getHours() % 6 === 0 && !isNear) found.push({ at, left: (position / TOTAL) * 100 });
  }
  return found;
}
