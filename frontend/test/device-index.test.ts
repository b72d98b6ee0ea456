import { expect, test } from "vitest";
import { deviceIndex, numberOf, stateOf } from "../src/data/device-index.ts";
import { BATTERY, hassWith } from "./hass.ts";

test("entities are found by platform and translation key, whatever their ids", () => {
  const hass = hassWith({ ...BATTERY, "sensor.level@other": { state: "1", platform: "template" } });
  const device = deviceIndex(hass).get("device");
  expect(device?.type).toBe("battery");
  expect(device && stateOf(hass, device, "level")?.state).toBe("67");
});

test("one index serves all cards until the registry changes", () => {
  const hass = hassWith(BATTERY);
  expect(deviceIndex({ entities: hass.entities })).toBe(deviceIndex(hass));
  expect(deviceIndex({ entities: { ...hass.entities } })).not.toBe(deviceIndex(hass));
});

test.each([
  ["hvac", "climate.thermostat"],
  ["vehicle", "binary_sensor.plugged_in"],
  ["ev_charger", "switch.charging_enabled"],
  ["solar_inverter", "binary_sensor.producing"],
  ["battery", "sensor.energy_charged"],
  [null, "calendar.schedule"],
])("a single entity tells a device of type %s", (type, entity) => {
  expect(deviceIndex(hassWith({ [entity]: "on" })).get("device")?.type).toBe(type);
});

test("what says nothing is no number", () => {
  const numbers = ["unavailable", "unknown", "", "charging", "0", "-1.5"].map((state) =>
    numberOf(Object.values(hassWith({ "sensor.level": state }).states)[0]),
  );
  expect(numbers).toEqual([null, null, null, null, 0, -1.5]);
});
