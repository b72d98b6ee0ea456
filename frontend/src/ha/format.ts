/** Numbers, times and ages by the user's settings. Values of entities are formatted by Home Assistant itself. */

import type { Hass, Locale, StateObject, ValuePart } from "./types.ts";

type FormatLocale = Pick<Hass, "locale" | "config">;

/** `Intl` objects are costly to make, and there are few different ones. */
const cache = new Map<string, unknown>();

function cached<Formatter>(
  kind: string,
  language: string | undefined,
  options: object,
  create: () => Formatter,
): Formatter {
  const key = `${kind} ${language ?? ""} ${JSON.stringify(options)}`;
  let found = cache.get(key) as Formatter | undefined;
  if (found === undefined) cache.set(key, (found = create()));
  return found;
}

const NUMBER_LANGUAGES: Partial<Record<Locale["number_format"], string>> = {
  comma_decimal: "en-US",
  decimal_comma: "de",
  space_comma: "fr",
  quote_decimal: "de-CH",
};

export function formatNumber(hass: FormatLocale, value: number, options: Intl.NumberFormatOptions = {}): string {
  const { number_format: format, language } = hass.locale;
  const numberLanguage = format === "system" ? undefined : (NUMBER_LANGUAGES[format] ?? language);
  const grouping = format === "none" ? { useGrouping: false } : {};
  const all = { maximumFractionDigits: 1, ...grouping, ...options };
  return cached(
    "number",
    format === "none" ? "en" : numberLanguage,
    all,
    () => new Intl.NumberFormat(format === "none" ? "en" : numberLanguage, all),
  ).format(value);
}

/** The languages in which Home Assistant leaves a space before the sign. */
const SPACED_PERCENT = /^(cs|de|fi|fr|sk|sv)\b/;

/** A number with its unit, spaced as Home Assistant does it. */
export function formatQuantity(
  hass: FormatLocale,
  value: number,
  unit: string,
  options?: Intl.NumberFormatOptions,
): string {
  const spaced = unit !== "%" || SPACED_PERCENT.test(hass.locale.language);
  return `${formatNumber(hass, value, options)}${spaced ? "\u00a0" : ""}${unit}`;
}

/** A value of an entity in its parts, for a large number with a small unit. */
export function stateParts(hass: Hass, stateObject: StateObject, state?: string): { value: string; unit: string } {
  const parts: readonly ValuePart[] = hass.formatEntityStateToParts?.(stateObject, state) ?? [
    { type: "value", value: hass.formatEntityState(stateObject, state) },
  ];
  const text = (unit: boolean): string =>
    parts
      .filter((part) => (part.type === "unit") === unit)
      .map((part) => part.value)
      .join("")
      .trim();
  return { value: text(false), unit: text(true) };
}

// Times.

function timeZone(hass: FormatLocale): string | undefined {
  return hass.locale.time_zone === "server" ? hass.config.time_zone : undefined;
}

function usesAmPm({ time_format: format, language }: Locale): boolean {
  if (format === "12" || format === "24") return format === "12";
  const sample = cached(
    "hour",
    format === "language" ? language : undefined,
    {},
    () => new Intl.DateTimeFormat(format === "language" ? language : undefined, { hour: "numeric" }),
  );
  return sample.resolvedOptions().hour12 === true;
}

function dateFormat(hass: FormatLocale, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const zone = timeZone(hass);
  const all: Intl.DateTimeFormatOptions = { ...options, ...(zone === undefined ? {} : { timeZone: zone }) };
  return cached("date", hass.locale.language, all, () => new Intl.DateTimeFormat(hass.locale.language, all));
}

/** A time of day: "07:00", "7:00 AM". */
export function formatTime(hass: FormatLocale, at: Date): string {
  const amPm = usesAmPm(hass.locale);
  return dateFormat(hass, {
    hour: amPm ? "numeric" : "2-digit",
    minute: "2-digit",
    hourCycle: amPm ? "h12" : "h23",
  }).format(at);
}

/** A day as a number that grows by one from day to day, in the zone that the user sees. */
function dayNumber(hass: FormatLocale, at: Date): number {
  const zone = timeZone(hass);
  const options = {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    ...(zone === undefined ? {} : { timeZone: zone }),
  } as const;
  const parts = cached("day", "en-CA", options, () => new Intl.DateTimeFormat("en-CA", options)).format(at);
  return Math.round(Date.parse(`${parts}T00:00:00Z`) / 86_400_000);
}

/** A time as it is said now: of today the time alone, else with the day: "tomorrow 07:00", "Wed 07:00", "12 Dec 07:00". */
export function formatMoment(hass: FormatLocale, at: Date, now: Date): string {
  const time = formatTime(hass, at);
  const days = dayNumber(hass, at) - dayNumber(hass, now);
  if (days === 0) return time;
  return `${Math.abs(days) === 1 ? relative(hass, days, "day") : day(hass, at, Math.abs(days) < 7)} ${time}`;
}

function day(hass: FormatLocale, at: Date, isNear: boolean): string {
  return dateFormat(hass, isNear ? { weekday: "short" } : { day: "numeric", month: "short" }).format(at);
}

/** A window of time: "23:00–01:00". */
export function formatRange(hass: FormatLocale, start: Date, end: Date, now: Date): string {
  const isWithinDay = end.getTime() - start.getTime() < 86_400_000;
  return `${formatMoment(hass, start, now)}\u2009–\u2009${isWithinDay ? formatTime(hass, end) : formatMoment(hass, end, now)}`;
}

function relative(hass: FormatLocale, value: number, unit: Intl.RelativeTimeFormatUnit): string {
  const { language } = hass.locale;
  return cached("relative", language, {}, () => new Intl.RelativeTimeFormat(language, { numeric: "auto" })).format(
    value,
    unit,
  );
}

/** A day seen from today: "tomorrow", "in 2 days". */
export function formatDays(hass: FormatLocale, days: number): string {
  return relative(hass, days, "day");
}

/** How long ago something was: "now", "5 minutes ago". Minutes are as fine as readings are. */
export function formatAge(hass: FormatLocale, at: Date, now: Date): string {
  const minutes = Math.floor(Math.max(now.getTime() - at.getTime(), 0) / 60_000);
  if (minutes < 1) return relative(hass, 0, "second");
  if (minutes < 60) return relative(hass, -minutes, "minute");
  if (minutes < 48 * 60) return relative(hass, -Math.floor(minutes / 60), "hour");
  return relative(hass, -Math.floor(minutes / 1440), "day");
}

/** How long something takes: "1 hr 20 min". */
export function formatDuration(hass: FormatLocale, minutes: number): string {
  const { language } = hass.locale;
  const part = (value: number, unit: "hour" | "minute"): string =>
    cached(
      "unit",
      language,
      { unit },
      () => new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "short" }),
    ).format(value);
  const whole = Math.round(minutes);
  const hours = Math.floor(whole / 60);
  const parts = [
    ...(hours ? [part(hours, "hour")] : []),
    ...(whole % 60 || !hours ? [part(whole % 60, "minute")] : []),
  ];
  return parts.join(" ");
}
