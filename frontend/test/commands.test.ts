import { describe, expect, test } from "vitest";
import { deviceIndex } from "../src/data/device-index.ts";
import type { DeviceDetails } from "../src/data/device-details.ts";
import { actionCall, choosableCommands, type ChoosableCommand, type Choice } from "../src/device-card/commands.ts";
import type { Hass } from "../src/ha/types.ts";
import { BATTERY, details, hassWith, PERCENT } from "./hass.ts";

function commands(hass: Hass, given: DeviceDetails = details()): ChoosableCommand[] {
  const device = deviceIndex(hass).get("device");
  return device ? choosableCommands(hass, device, given) : [];
}

function field(of: ChoosableCommand[], command: string, name: string) {
  return of.find((each) => each.command === command)?.fields.find((each) => each.name === name);
}

test("what a device declares is offered, in the same order on every card", () => {
  const offered = commands(hassWith(BATTERY));
  expect(offered.map(({ command }) => command)).toEqual(["charge", "discharge", "idle", "auto_balanced"]);
  expect(offered[0]?.whens).toEqual(["now", "at", "window"]);
  expect(offered[0]?.thens).toEqual(["previous", "hold", "auto_balanced"]);
  expect(offered[2]?.thens).toEqual([]);
});

test("a command that only runs in windows is offered for a window alone", () => {
  const windowed = { charge: { execution: ["windowed"] as const, parameters: {} } };
  expect(commands(hassWith(BATTERY), details({ commands: windowed })).map(({ whens }) => whens)).toEqual([["window"]]);
});

describe("bounds", () => {
  test("are those that the device declares", () => {
    const target = field(commands(hassWith(BATTERY)), "charge", "target");
    expect(target).toMatchObject({ key: "target_level", min: 10, max: 100, value: 100, isOptional: false });
  });

  test("hold the number that the user set beside the button", () => {
    const low = hassWith({ ...BATTERY, "number.discharge_target": { state: "5", attributes: PERCENT } });
    expect(field(commands(low), "discharge", "target")?.value).toBe(10);
  });

  test("of a power in watts are shown in kilowatts", () => {
    const charge = { execution: ["immediate"] as const, parameters: { power: { unit: "watts", min: 0, max: 3600 } } };
    const power = field(commands(hassWith(BATTERY), details({ commands: { charge } })), "charge", "power");
    expect(power).toMatchObject({ unit: "kW", min: 0, max: 3.6, value: null, isOptional: true });
  });

  test("that nobody declares are the integration's own", () => {
    const charge = {
      execution: ["immediate"] as const,
      parameters: { target: { unit: "percent", min: null, max: null } },
    };
    expect(field(commands(hassWith(BATTERY), details({ commands: { charge } })), "charge", "target")).toMatchObject({
      min: 0,
      max: 100,
    });
  });

  test("of a temperature are in the unit of this Home Assistant, and never wider than declared", () => {
    const celsius = hassWith({ "climate.thermostat": { state: "heat", attributes: { temperature: 70 } } });
    const hass = { ...celsius, config: { ...celsius.config, unit_system: { temperature: "°F" } } };
    const heat = { execution: ["immediate"] as const, parameters: { target: { unit: "celsius", min: 10, max: 34.8 } } };
    expect(field(commands(hass, details({ commands: { heat } })), "heat", "target")).toMatchObject({
      key: "temperature",
      unit: "°F",
      min: 50,
      max: 94,
      value: 70,
    });
  });
});

describe("the action of a choice", () => {
  const choice: Choice = {
    command: "charge",
    values: { target_level: 90 },
    when: "now",
    start: "23:00",
    end: "01:00",
    then: "previous",
  };

  test("now has no times and nothing that comes after", () => {
    expect(actionCall(choice)).toEqual({ action: "amps.charge", data: { target_level: 90 } });
  });

  test("in a window says what comes after it", () => {
    expect(actionCall({ ...choice, when: "window" }).data).toEqual({
      target_level: 90,
      start: "23:00",
      end: "01:00",
      then: "previous",
    });
  });

  test("of a mode takes a start, but nothing that comes after", () => {
    const call = actionCall({ ...choice, command: "auto_export", values: {}, when: "at" });
    expect(call).toEqual({ action: "amps.set_mode", data: { mode: "auto_export", start: "23:00" } });
  });

  test("of a thermostat sets mode and temperature", () => {
    const call = actionCall({ ...choice, command: "heat", values: { temperature: 21 } });
    expect(call).toEqual({ action: "amps.set_temperature", data: { mode: "heat", temperature: 21 } });
  });
});
