// @vitest-environment happy-dom
import { describe, expect, test } from "vitest";
import type { Hass } from "../src/ha/types.ts";
import {
  generateDashboard,
  generateSection,
  generateView,
  MAX_OF_TYPE,
  type Config,
} from "../src/strategy/generate.ts";
import "../src/strategy/strategies.ts";
import { translator } from "../src/texts/index.ts";
import { BATTERY, hassWith } from "./hass.ts";
import { homeWith, together } from "./home.ts";

const text = translator("en");
const CONFIG = Object.freeze({ type: "custom:amps" });
const CAR = { "binary_sensor.plugged_in": "on" };
const HOME = homeWith({ Battery: BATTERY, Car: CAR });
const BOTH = together(HOME, homeWith({ Barn: BATTERY }, "second", "Barn account"));

function cards(config: Config): Config[] {
  const sections = (config["sections"] ?? [config]) as readonly { readonly cards: Config[] }[];
  return sections.flatMap((section) => section.cards);
}

function devices(config: Config): unknown[] {
  return cards(config).flatMap(({ device }) => (device ? [device] : []));
}

describe("the dashboard", () => {
  test("has one view at an address that stays the same where there is one account", () => {
    expect(generateDashboard(CONFIG, HOME)).toEqual({
      title: "Amps",
      views: [{ title: "Home", path: "home", strategy: { type: "custom:amps" } }],
    });
  });

  test("has a view for each account, and hands on what was configured", () => {
    const { views } = generateDashboard({ ...CONFIG, grid_power: "sensor.grid" }, BOTH);
    expect(views).toEqual([
      {
        title: "Barn account",
        path: "second",
        strategy: { type: "custom:amps", grid_power: "sensor.grid", config_entry: "second" },
      },
      {
        title: "Home",
        path: "account",
        strategy: { type: "custom:amps", grid_power: "sensor.grid", config_entry: "account" },
      },
    ]);
    expect((generateDashboard({ ...CONFIG, config_entry: "second" }, BOTH)["views"] as Config[]).length).toBe(1);
  });

  test("opens where there is no account yet", () => {
    const empty = hassWith({});
    expect((generateDashboard(CONFIG, empty)["views"] as Config[]).length).toBe(1);
    expect(cards(generateView(CONFIG, empty, text)).map(({ type }) => type)).toEqual(["custom:amps-home-card"]);
  });
});

describe("a view", () => {
  test("has the home and a card for each device, with complete configurations", () => {
    const view = generateView(CONFIG, HOME, text);
    expect(view["type"]).toBe("sections");
    expect(view["sections"]).toMatchObject([{ column_span: 2 }, { row_span: 2 }, { type: "grid" }]);
    expect(cards(view)).toEqual([
      { type: "custom:amps-home-card", config_entry: "account", grid_options: { columns: "full" } },
      { type: "custom:amps-device-card", device: "Battery" },
      { type: "custom:amps-device-card", device: "Car" },
    ]);
  });

  test("has the devices of its account only", () => {
    expect(devices(generateView({ ...CONFIG, config_entry: "second" }, BOTH, text))).toEqual(["Barn"]);
    expect(devices(generateView({ ...CONFIG, config_entry: "gone" }, BOTH, text))).toEqual([]);
  });

  test("leaves out devices of which nothing is enabled", () => {
    const hass: Hass = {
      ...HOME,
      devices: { ...HOME.devices, Off: { id: "Off", name: "Off", config_entry_id: "account" } },
    };
    expect(devices(generateView(CONFIG, hass, text))).toEqual(["Battery", "Car"]);
  });

  test("shows devices whose type is not known", () => {
    expect(devices(generateView(CONFIG, homeWith({ Odd: { "sensor.last_pulled": "unknown" } }), text))).toEqual([
      "Odd",
    ]);
  });

  test("says how many devices have no card", () => {
    const many = homeWith(
      Object.fromEntries(Array.from({ length: MAX_OF_TYPE + 3 }, (_, index) => [`Car ${index}`, CAR])),
    );
    const view = generateView(CONFIG, many, text);
    expect(devices(view)).toHaveLength(MAX_OF_TYPE);
    expect(cards(view).find(({ type }) => type === "heading")?.["heading"]).toBe("More devices: 3");
  });
});

test("a section has the same of one account", () => {
  const section = generateSection({ ...CONFIG, house_power: "sensor.house" }, HOME, text);
  expect(section["type"]).toBe("grid");
  expect(cards(section)).toEqual([
    { type: "custom:amps-home-card", config_entry: "account", house_power: "sensor.house" },
    { type: "custom:amps-device-card", device: "Battery" },
    { type: "custom:amps-device-card", device: "Car" },
  ]);
});

interface Strategy {
  readonly registryDependencies: readonly string[];
  generate(config: Config, hass: Hass): Config | Promise<Config>;
  getCreateSuggestions?(hass: Hass): Config;
  getStubConfig?(hass: Hass): Config;
}

describe("Home Assistant", () => {
  test("finds the strategies, and can list those that a person chooses", () => {
    expect(window.customStrategies?.map(({ type, strategyType }) => [type, strategyType])).toEqual([
      ["amps", "dashboard"],
      ["amps", "section"],
    ]);
  });

  test.each(["dashboard", "view", "section"])("gets a %s from the strategy of this kind", async (kind) => {
    const strategy = customElements.get(`ll-strategy-${kind}-amps`) as unknown as Strategy;
    expect(strategy.registryDependencies).toEqual(["entities", "devices"]);
    expect(Object.keys(await strategy.generate(CONFIG, HOME))).toContain(
      { dashboard: "views", view: "sections", section: "cards" }[kind],
    );
  });

  test("gets a title and an icon for a new dashboard, and an account for a new section", () => {
    const of = (kind: string): Strategy => customElements.get(`ll-strategy-${kind}-amps`) as unknown as Strategy;
    expect(of("dashboard").getCreateSuggestions?.(HOME)).toEqual({ title: "Amps", icon: "mdi:home-lightning-bolt" });
    expect(of("section").getStubConfig?.(HOME)).toEqual({ type: "custom:amps", config_entry: "account" });
  });
});
