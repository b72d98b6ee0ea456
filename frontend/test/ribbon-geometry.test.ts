import { expect, test } from "vitest";
import { areaPath, bands, expectedPath, ticks } from "../src/device-card/ribbon-geometry.ts";

const NOW = Date.UTC(2026, 5, 14, 12);
const HOUR = 3_600_000;

test("a gap in the measurements is a gap in the line", () => {
  const minutes = [-60, -55, -10, -5];
  const { line } = areaPath(
    minutes.map((minute) => ({ at: NOW + minute * 60_000, value: 50 })),
    NOW,
  );
  expect(line.match(/M/g)).toHaveLength(2);
});

test("levels stay within the ribbon", () => {
  expect(
    expectedPath(
      [
        { at: NOW, level: 120 },
        { at: NOW + 48 * HOUR, level: -5 },
      ],
      NOW,
    ),
  ).toBe("M12.00 0.0L36.00 100.0");
});

test("windows are cut where the ribbon ends, and later ones left out", () => {
  const found = bands(
    [
      { start: NOW - HOUR, end: NOW + HOUR, target: 80 },
      { start: NOW + 23 * HOUR, end: NOW + 30 * HOUR, target: null },
      { start: NOW + 25 * HOUR, end: NOW + 26 * HOUR, target: null },
      { start: NOW + 2 * HOUR, end: null, target: null },
    ],
    NOW,
  );
  expect(found).toHaveLength(3);
  expect(found[0]?.top).toBeCloseTo((24 / 108) * 100);
  expect((found[1]?.left ?? 0) + (found[1]?.width ?? 0)).toBeCloseTo(100);
  expect(found[2]?.width).toBe(0);
});

test("no hour is written over another label", () => {
  for (let hour = 0; hour < 24; hour++)
    for (const { left } of ticks(NOW + hour * HOUR)) {
      expect(Math.abs(left - 100 / 3)).toBeGreaterThan(9);
      expect(left).toBeGreaterThan(2);
      expect(left).toBeLessThan(98);
    }
});
