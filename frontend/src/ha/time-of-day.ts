/** Times of day that people type, on the clock that their Home Assistant shows. */

import type { Hass } from "./types.ts";

type Zones = Pick<Hass, "locale" | "config">;

/**
 * Return a time of day as an action takes it.
 *
 * Actions read one on the clock of Home Assistant. A browser that shows its own clock, in another zone, has to say
 * which instant is meant: the next occurrence after a time.
 */
export function timeForAction(hass: Zones, time: string, after: Date): string {
  if (hass.locale.time_zone === "server" || browserZone() === hass.config.time_zone) return time;
  return nextOccurrence(time, after).toISOString();
}

function browserZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Return when the clock of the browser shows a time next. */
export function nextOccurrence(time: string, after: Date): Date {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  const found = new Date(after);
  found.setHours(hours, minutes, 0, 0);
  if (found <= after) found.setDate(found.getDate() + 1);
  return found;
}

/** The time in which a form is filled: a start that has passed by then would be taken for tomorrow's. */
const LEAD = 600_000;

/** Return the time of day, as a native field has it, some hours after the next full hour but the one that is close. */
export function proposedTime(hass: Zones, now: Date, hours: number): string {
  const at = new Date(now.getTime() + LEAD + (hours + 1) * 3_600_000);
  return `${timeOfDay(hass, at).slice(0, 2)}:00`;
}

/** Return the time of day, as a native field has it, on the clock that the user sees. */
function timeOfDay(hass: Zones, at: Date): string {
  return new Intl.DateTimeFormat("en-GB", {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    ...(hass.locale.time_zone === "server" ? { timeZone: hass.config.time_zone } : {}),
  }).format(at);
}

/** Return how many days from today a start and an end are, which actions take for their next occurrences. */
export function daysFromToday(hass: Zones, now: Date, start: string, end: string): { start: number; end: number } {
  const startDays = start > timeOfDay(hass, now) ? 0 : 1;
  return { start: startDays, end: startDays + (end > start ? 0 : 1) };
}
