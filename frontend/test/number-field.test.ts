import { expect, test } from "vitest";
import type { Field } from "../src/device-card/commands.ts";
import { stepped } from "../src/device-card/number-field.ts";

const LEVEL: Field = {
  name: "target",
  key: "target_level",
  unit: "%",
  min: 12,
  max: 98,
  step: 1,
  bigStep: 5,
  value: 98,
  isOptional: false,
};
const POWER: Field = {
  ...LEVEL,
  name: "power",
  key: "power",
  unit: "kW",
  min: 0,
  max: 5,
  bigStep: 0.5,
  isOptional: true,
};

test.each([
  [80, 1, 85],
  [82, 1, 85],
  [83, -1, 80],
  [96, 1, 98],
  [14, -1, 12],
] as const)("a step from %d in direction %d leads to %d, within the bounds", (value, direction, next) => {
  expect(stepped(LEVEL, value, direction)).toBe(next);
});

test("a number that may be left out is, below its lower bound, and comes from either end", () => {
  expect(stepped(POWER, 0.5, -1)).toBeNull();
  expect(stepped(POWER, null, 1)).toBe(0.5);
  expect(stepped(POWER, null, -1)).toBe(5);
});
