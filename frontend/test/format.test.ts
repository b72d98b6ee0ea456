import { describe, expect, test } from "vitest";
import {
  formatAge,
  formatDays,
  formatMoment,
  formatNumber,
  formatQuantity,
  formatRange,
  formatTime,
} from "../src/ha/format.ts";
import { daysFromToday, nextOccurrence, timeForAction } from "../src/ha/time-of-day.ts";
import type { Locale } from "../src/ha/types.ts";
import { hassWith, NOW } from "./hass.ts";

const at = (text: string): Date => new Date(text);
const locale = (given: Partial<Locale>) => hassWith({}, given);

test.each<[Locale["number_format"], string]>([
  ["language", "1,234.5"],
  ["comma_decimal", "1,234.5"],
  ["decimal_comma", "1.234,5"],
  ["space_comma", "1\u202f234,5"],
  ["quote_decimal", "1'234.5"],
  ["none", "1234.5"],
])("numbers are written as the user has chosen: %s", (number_format, text) => {
  expect(formatNumber(locale({ number_format }), 1234.5).replace("’", "'")).toBe(text);
});

test("a percent sign is spaced as the language does it", () => {
  expect(formatQuantity(locale({ language: "en" }), 46, "%")).toBe("46%");
  expect(formatQuantity(locale({ language: "de" }), 46, "%")).toBe("46\u00a0%");
  expect(formatQuantity(locale({ language: "en" }), 2.5, "kW")).toBe("2.5\u00a0kW");
});

describe("times", () => {
  test("are on the clock that Home Assistant shows, with 12 or 24 hours", () => {
    expect(formatTime(locale({ time_format: "24" }), at("2026-06-14T06:05:00Z"))).toBe("07:05");
    expect(formatTime(locale({ time_format: "12" }), at("2026-06-14T18:05:00Z")).replace("\u202f", " ")).toMatch(
      /^7:05 pm$/i,
    );
  });

  test("have a day only where it is not today", () => {
    const hass = locale({});
    expect(formatMoment(hass, at("2026-06-14T22:30:00Z"), NOW)).toBe("23:30");
    expect(formatMoment(hass, at("2026-06-14T23:30:00Z"), NOW)).toBe("tomorrow 00:30");
    expect(formatMoment(hass, at("2026-06-13T10:00:00Z"), NOW)).toBe("yesterday 11:00");
    expect(formatMoment(hass, at("2026-06-17T06:00:00Z"), NOW)).toBe("Wed 07:00");
    expect(formatMoment(hass, at("2026-07-03T06:00:00Z"), NOW)).toBe("Jul 3 07:00");
  });

  test("of a window say its day once", () => {
    const range = formatRange(locale({}), at("2026-06-14T22:00:00Z"), at("2026-06-15T01:00:00Z"), NOW);
    expect(range.replaceAll("\u2009", "")).toBe("23:00–02:00");
  });
});

test("ages are as coarse as readings are", () => {
  const ages = [20, 60, 3599, 7300, 200_000].map((seconds) =>
    formatAge(locale({}), new Date(NOW.getTime() - seconds * 1000), NOW),
  );
  expect(ages).toEqual(["now", "1 minute ago", "59 minutes ago", "2 hours ago", "2 days ago"]);
  expect(formatAge(locale({}), new Date(NOW.getTime() + 5000), NOW)).toBe("now");
});

test("a time of day goes out as it is where Home Assistant reads it on the same clock", () => {
  expect(timeForAction(locale({ time_zone: "server" }), "23:30", NOW)).toBe("23:30");
  const elsewhere = locale({ time_zone: "local" });
  const there = { ...elsewhere, config: { ...elsewhere.config, time_zone: "Pacific/Auckland" } };
  expect(timeForAction(there, "23:30", NOW)).toBe(nextOccurrence("23:30", NOW).toISOString());
});

test("a time of day that has passed is tomorrow's", () => {
  const noon = new Date(2026, 5, 14, 12, 0);
  expect(nextOccurrence("11:59", noon)).toEqual(new Date(2026, 5, 15, 11, 59));
  expect(nextOccurrence("12:01", noon)).toEqual(new Date(2026, 5, 14, 12, 1));
});

test.each<[string, string, number, number]>([
  // Noon in UTC is one o'clock on the clock of this Home Assistant.
  ["13:01", "13:02", 0, 0],
  ["23:30", "05:30", 0, 1],
  ["13:00", "13:01", 1, 1],
  ["12:59", "12:59", 1, 2],
  ["05:30", "23:30", 1, 1],
])("a window from %s to %s begins in %i days and ends in %i", (start, end, startDays, endDays) => {
  expect(daysFromToday(locale({ time_zone: "server" }), NOW, start, end)).toEqual({ start: startDays, end: endDays });
});

test.each([
  ["en", "tomorrow", "in 2 days"],
  ["de", "morgen", "übermorgen"],
  ["fr", "demain", "après-demain"],
])("a day is named in the language of the user: %s", (language, tomorrow, next) => {
  expect([1, 2].map((days) => formatDays(locale({ language }), days))).toEqual([tomorrow, next]);
});
