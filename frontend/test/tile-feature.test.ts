import { describe, expect, test } from "vitest";
import { deviceIndex } from "../src/data/device-index.ts";
import type { Hass } from "../src/ha/types.ts";
import { buttonsOf, COMMANDS, isSupported, type CommandButton } from "../src/tile-feature/buttons.ts";
import { BATTERY, hassWith, type Given } from "./hass.ts";

const OPTIONS = ["idle", "auto_balanced", "auto_reserve", "auto_export", "charge"];
const COMMANDED: Readonly<Record<string, Given | string>> = {
  ...BATTERY,
  "select.mode": { state: "auto_balanced", attributes: { options: OPTIONS } },
  "button.charge": "unknown",
  "button.discharge": "unknown",
};
const CHARGER = { "binary_sensor.connected": "on", "switch.charging_enabled": "on", "sensor.status": "charging" };

function entityOf(hass: Hass, key: string): string {
  return Object.values(hass.entities).find((entry) => entry?.translation_key === key)?.entity_id ?? "";
}

function buttons(hass: Hass, chosen?: readonly string[]): CommandButton[] {
  const device = deviceIndex(hass).get("device");
  if (!device) throw new Error("no device");
  return buttonsOf(hass, device, chosen);
}

function without(...names: readonly string[]): Hass {
  return hassWith(Object.fromEntries(Object.entries(COMMANDED).filter(([name]) => !names.includes(name))));
}

describe("the buttons of a battery", () => {
  const hass = hassWith(COMMANDED);

  test("are those of its controls, the standing one marked", () => {
    expect(buttons(hass).map(({ command, isStanding }) => [command, isStanding])).toEqual([
      ["charge", false],
      ["discharge", false],
      ["idle", false],
      ["auto_balanced", true],
    ]);
  });

  test("press the buttons and choose the modes that the device has", () => {
    const [charge, , idle] = buttons(hass);
    expect(charge).toMatchObject({ action: "button.press", entityId: entityOf(hass, "charge") });
    expect(idle).toMatchObject({
      action: "select.select_option",
      data: { option: "idle" },
      entityId: entityOf(hass, "mode"),
    });
  });

  test("ask first where energy leaves the battery", () => {
    const asking = buttons(hass, COMMANDS).filter(({ question }) => question);
    expect(asking.map(({ command }) => command)).toEqual(["discharge", "auto_export"]);
  });

  test("are only what the battery takes, and what was chosen", () => {
    expect(buttons(without("button.discharge"), COMMANDS).map(({ command }) => command)).not.toContain("discharge");
    expect(buttons(hass, ["auto_reserve"]).map(({ command }) => command)).toEqual(["auto_reserve"]);
    expect(buttons(hassWith({ ...COMMANDED, "select.mode": "unavailable" })).map(({ command }) => command)).toEqual([
      "charge",
      "discharge",
    ]);
  });
});

test("the buttons of a charger turn its switch on and off", () => {
  const hass = hassWith(CHARGER);
  expect(buttons(hass).map(({ command, action, isStanding }) => [command, action, isStanding])).toEqual([
    ["charge", "switch.turn_on", true],
    ["idle", "switch.turn_off", false],
  ]);
});

describe("tiles that can have the buttons", () => {
  test.each(["mode", "level", "status", "power"])("are those of %s of a battery", (key) => {
    const hass = hassWith(COMMANDED);
    expect(isSupported(hass, entityOf(hass, key))).toBe(true);
  });

  test("are none of other entities, integrations and devices, nor in monitor-only mode", () => {
    const hass = hassWith({ ...COMMANDED, "sensor.level@other": { state: "1", platform: "other", device: "other" } });
    expect(isSupported(hass, entityOf(hass, "overridden"))).toBe(false);
    expect(isSupported(hass, Object.keys(hass.entities).at(-1))).toBe(false);
    expect(isSupported(hass, "sensor.gone")).toBe(false);
    expect(isSupported(hass, undefined)).toBe(false);
    const monitor = without("select.mode", "button.charge", "button.discharge");
    expect(isSupported(monitor, entityOf(monitor, "level"))).toBe(false);
  });
});
