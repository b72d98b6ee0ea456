// @vitest-environment happy-dom
import { describe, expect, test } from "vitest";
import { accountsIn } from "../src/data/accounts.ts";
import { configForm, parseConfig, stubConfig, suggestion } from "../src/home-card/config.ts";
import { buildHome, MAX_OF_TYPE, type HomeInput, type HomeView, type Row } from "../src/home-card/view-model.ts";
import type { Hass } from "../src/ha/types.ts";
import { translator } from "../src/texts/index.ts";
import { BATTERY, hassWith, KILOWATT, NOW, PERCENT, type Given } from "./hass.ts";
import { homeWith } from "./home.ts";

type Entities = Readonly<Record<string, Given | string>>;

const SOLAR: Entities = {
  "sensor.power": { state: "3.1", attributes: KILOWATT },
  "sensor.status": "producing",
  "binary_sensor.producing": "on",
};
const CHARGER: Entities = {
  "sensor.power": { state: "7.2", attributes: KILOWATT },
  "sensor.status": "charging",
  "binary_sensor.connected": "on",
  "switch.charging_enabled": "on",
};
const VEHICLE: Entities = {
  "sensor.level": { state: "40", attributes: PERCENT },
  "binary_sensor.plugged_in": "on",
  "binary_sensor.charging": "on",
  "sensor.charge_power": { state: "7.2", attributes: KILOWATT },
};
const THERMOSTAT: Entities = {
  "climate.thermostat": { state: "heat", attributes: { current_temperature: 20, hvac_action: "heating" } },
};
const HOME = { Sun: SOLAR, Battery: BATTERY, Charger: CHARGER, Car: VEHICLE, Heating: THERMOSTAT };

function home(hass: Hass, given: Partial<HomeInput> = {}): HomeView {
  const account = accountsIn(hass)[0];
  if (!account) throw new Error("no account");
  const config = { type: "custom:amps-home-card" };
  const input = {
    hass,
    config,
    account,
    isExpanded: false,
    details: () => null,
    translate: translator("en"),
    now: NOW,
  };
  return buildHome({ ...input, ...given });
}

function row(view: HomeView, name: string): Row {
  const found = [...view.sources.rows, ...view.loads.rows].find((each) => each.name === name);
  if (!found) throw new Error(`no ${name}`);
  return found;
}

function wireOf(device: string, entities: Entities): Row["wire"] {
  return row(home(homeWith({ [device]: entities })), device).wire;
}

describe("a home at a glance", () => {
  test("has every device with its name, main value and state in words, from sources to loads", () => {
    const view = home(homeWith(HOME));
    expect(view.name).toBe("Home");
    expect(view.sources.rows.map(({ name, main, sentence }) => [name, main?.value, sentence])).toEqual([
      ["Sun", "3.1 kW", "Producing"],
      ["Battery", "67 %", "Charging at 0.67 kW"],
    ]);
    expect(view.loads.rows.map(({ name, main, sentence }) => [name, main?.value, sentence])).toEqual([
      ["Charger", "7.2 kW", "Charging"],
      ["Car", "40 %", "Charging at 7.2 kW"],
      ["Heating", "20", "heating"],
    ]);
  });

  test("says the command of each", () => {
    expect(row(home(homeWith(HOME)), "Battery").standing).toBe("Self-consumption");
  });

  test("opens the dialog of what the main value is of", () => {
    const hass = homeWith(HOME);
    const { entityId } = row(home(hass), "Battery");
    expect(hass.entities[entityId ?? ""]?.translation_key).toBe("level");
  });

  test("leaves out the device that stands for the account, and entities of others", () => {
    const hass = homeWith({ ...HOME, Foreign: { "sensor.level": { state: "1", platform: "other" } } });
    const view = home(hass);
    expect([...view.sources.rows, ...view.loads.rows].map(({ name }) => name)).toEqual(Object.keys(HOME));
  });
});

describe("what flows", () => {
  test.each<[Row["wire"], string, Entities]>([
    ["gives", "Sun", SOLAR],
    ["rests", "Sun", { ...SOLAR, "sensor.power": { state: "0", attributes: KILOWATT }, "sensor.status": "standby" }],
    ["takes", "Battery", BATTERY],
    ["gives", "Battery", { ...BATTERY, "sensor.status": "discharging" }],
    ["rests", "Battery", { ...BATTERY, "sensor.status": "idle", "sensor.power": { state: "0.03" } }],
    ["gives", "Battery", { "sensor.level": "50", "select.mode": "idle", "sensor.power": { state: "-1" } }],
    ["unknown", "Battery", { "sensor.level": "50", "select.mode": "idle" }],
    ["unknown", "Battery", { ...BATTERY, "binary_sensor.reachable": "off" }],
    ["takes", "Charger", CHARGER],
    ["rests", "Charger", { ...CHARGER, "sensor.status": "connected", "sensor.power": { state: "0" } }],
    // Where it charges is not known, nor what heating consumes.
    [null, "Car", VEHICLE],
    [null, "Heating", THERMOSTAT],
  ])("%s: %s", (wire, name, entities) => {
    expect(wireOf(name, entities)).toBe(wire);
  });

  test("is summed up as far as all of it is known", () => {
    expect(home(homeWith(HOME)).sums).toBe("3.1\u00a0kW supplied, 7.87\u00a0kW drawn");
    expect(home(homeWith({ ...HOME, Other: { ...BATTERY, "binary_sensor.reachable": "off" } })).sums).toBe("");
    expect(home(homeWith({ Car: VEHICLE })).sums).toBe("");
    expect(home(homeWith({ Battery: { ...BATTERY, "sensor.status": "idle", "sensor.power": "0" } })).sums).toBe(
      "No power flows to or from the devices",
    );
  });

  test("of the grid and the house is what sensors say that were chosen", () => {
    const sensors = {
      "sensor.grid": { state: "-350", attributes: { unit_of_measurement: "W" }, platform: "meter" },
      "sensor.house": { state: "640", attributes: { unit_of_measurement: "W" }, platform: "meter" },
    };
    const hass = homeWith({ Sun: SOLAR, Meter: sensors });
    const [grid, house] = ["grid", "house"].map(
      (key) => Object.values(hass.entities).find((entry) => entry?.translation_key === key)?.entity_id ?? "",
    );
    const config = { type: "", grid_power: grid ?? "", house_power: house ?? "" };
    const view = home(hass, { config });
    expect(row(view, "Grid")).toMatchObject({ wire: "takes", sentence: "To the grid", entityId: grid });
    expect(view.house).toMatchObject({ value: "640 W", entityId: house });
    expect(view.sums).toBe("3.1\u00a0kW supplied, 0.35\u00a0kW drawn");
  });

  test("is not invented where a chosen sensor is gone or says nothing", () => {
    const view = home(homeWith({ Sun: SOLAR }), {
      config: { type: "", grid_power: "sensor.gone", house_power: "sensor.gone" },
    });
    expect(view.sources.rows.map(({ name }) => name)).toEqual(["Sun"]);
    expect(view.house).toBeNull();
  });
});

describe("trouble", () => {
  test.each<[string, Entities]>([
    ["Not reachable", { "binary_sensor.reachable": "off" }],
    ["Overridden", { "binary_sensor.overridden": "on" }],
    ["Charging failed", { "sensor.last_action": { state: "failed", attributes: { command: "charge" } } }],
    ["Unavailable", { "sensor.level": "unavailable" }],
  ])("%s is said in words, and counted", (title, entities) => {
    const view = home(homeWith({ Sun: SOLAR, Battery: { ...BATTERY, ...entities } }));
    expect(row(view, "Battery").troubles.map((each) => each.title)).toContain(title);
    expect(view.troubled).toBe(1);
  });

  test("what cannot be trusted is not shown", () => {
    const { main, level, sentence, standing, power } = row(
      home(homeWith({ Battery: { ...BATTERY, "binary_sensor.reachable": "off" } })),
      "Battery",
    );
    expect({ main, level, sentence, standing, power }).toEqual({
      main: null,
      level: null,
      sentence: "",
      standing: "",
      power: null,
    });
  });
});

test("of many devices of a type some are shown until somebody asks for all", () => {
  const hass = homeWith(Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`Car ${index}`, VEHICLE])));
  const names = (view: HomeView): string[] => view.loads.rows.map(({ name }) => name);
  expect(names(home(hass))).toHaveLength(MAX_OF_TYPE);
  expect(names(home(hass)).slice(0, 3)).toEqual(["Car 0", "Car 1", "Car 2"]);
  expect(home(hass).loads.surplus).toBe(12 - MAX_OF_TYPE);
  expect(names(home(hass, { isExpanded: true }))).toHaveLength(12);
});

describe("devices without a row", () => {
  const batteries = (count: number, last: Entities = BATTERY): Record<string, Entities> =>
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`B${index}`, index === count - 1 ? last : BATTERY]),
    );

  test("are in the sums and in the count of troubles", () => {
    const overridden = { ...BATTERY, "binary_sensor.overridden": "on" };
    const hass = homeWith(batteries(MAX_OF_TYPE + 2, overridden));
    const view = home(hass);
    expect(view.sources.rows).toHaveLength(MAX_OF_TYPE);
    expect(view.sums).toBe("0\u00a0kW supplied, 6.7\u00a0kW drawn");
    expect(view.troubled).toBe(1);
    const { sums, troubled } = home(hass, { isExpanded: true });
    expect({ sums, troubled }).toEqual({ sums: view.sums, troubled: view.troubled });
  });

  test("leave no sum where one of them says nothing", () => {
    const silent = { ...BATTERY, "binary_sensor.reachable": "off" };
    expect(home(homeWith(batteries(MAX_OF_TYPE + 1, silent))).sums).toBe("");
  });
});

describe("its configuration", () => {
  test("is complete in the picker, and where it is suggested for an entity of the account", () => {
    const hass = homeWith(HOME);
    const entityOf = (key: string): string =>
      Object.values(hass.entities).find((entry) => entry?.translation_key === key)?.entity_id ?? "";
    expect(stubConfig(hass)).toEqual({ config_entry: "account" });
    expect(suggestion(hass, entityOf("schedule"))).toEqual({
      config: { type: "custom:amps-home-card", config_entry: "account" },
    });
    expect(suggestion(hass, entityOf("level"))).toBeNull();
    expect(suggestion(hass, "sensor.unknown")).toBeNull();
    expect(stubConfig(hassWith({}))).toEqual({});
  });

  test("is refused with the name of what is wrong", () => {
    expect(() => parseConfig({ type: "", grid_power: 1 })).toThrow('"grid_power"');
    expect(() => parseConfig(null)).toThrow("not an object");
    expect(parseConfig(Object.freeze({ type: "custom:amps-home-card" }))).toEqual({ type: "custom:amps-home-card" });
  });

  test("has a label for every field, and says how the sensors count", () => {
    const { schema, computeLabel, computeHelper } = configForm();
    const localize = (): string => "";
    for (const item of schema) expect(computeLabel?.(item, localize), item.name).toBeTruthy();
    expect(schema.filter((item) => computeHelper?.(item, localize)).map(({ name }) => name)).toEqual([
      "grid_power",
      "house_power",
    ]);
  });
});
