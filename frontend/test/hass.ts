/** A Home Assistant of a few states, with the words of the integration's own translations. */

import translations from "../../custom_components/amps/translations/en.json" with { type: "json" };
import type { Action, DeviceDetails } from "../src/data/device-details.ts";
import type { EntityEntry, Hass, Locale, StateObject } from "../src/ha/types.ts";

export const NOW = new Date("2026-06-14T12:00:00Z");

export const LOCALE: Locale = { language: "en", number_format: "language", time_format: "24", time_zone: "server" };

const HOME_ASSISTANT = { "component.climate.entity_component._.state.off": "Off" };

function flatten(prefix: string, value: unknown, into: Record<string, string>): Record<string, string> {
  if (typeof value === "string") into[prefix] = value;
  else for (const [key, nested] of Object.entries(value as object)) flatten(`${prefix}.${key}`, nested, into);
  return into;
}

const RESOURCES: Readonly<Record<string, string>> = {
  ...flatten("component.amps", translations, {}),
  ...HOME_ASSISTANT,
};

export function localize(key: string, values: Readonly<Record<string, string | number>> = {}): string {
  return (RESOURCES[key] ?? "").replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? `{${name}}`));
}

export interface Given {
  readonly state: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly device?: string;
  readonly platform?: string;
}

/** Entities by `domain.translation_key`; their ids say nothing of what they are. */
export function hassWith(given: Readonly<Record<string, Given | string>>, locale: Partial<Locale> = {}): Hass {
  const states: Record<string, StateObject> = {};
  const entities: Record<string, EntityEntry> = {};
  Object.entries(given).forEach(([name, entity], index) => {
    const {
      state,
      attributes = {},
      device = "device",
      platform = "amps",
    } = typeof entity === "string" ? { state: entity } : entity;
    const [domain = "", key = ""] = name.split(".");
    const entityId = `${domain}.renamed_${index}`;
    const translationKey = key.split("@", 1)[0] ?? "";
    entities[entityId] = { entity_id: entityId, device_id: device, platform, translation_key: translationKey };
    states[entityId] = {
      entity_id: entityId,
      state,
      attributes: { translation_key: translationKey, ...attributes },
      last_changed: NOW.toISOString(),
      last_updated: NOW.toISOString(),
    };
  });
  return {
    states,
    entities,
    devices: { device: { id: "device", name: "Battery", config_entry_id: "account" } },
    locale: { ...LOCALE, ...locale },
    config: { time_zone: "Europe/London", components: ["recorder"], unit_system: { temperature: "°C" } },
    connected: true,
    connection: {},
    localize,
    formatEntityState: formatState,
    formatEntityAttributeValue: (stateObject, attribute) => {
      const value = stateObject.attributes[attribute];
      return typeof value === "number" ? `${value} °C` : String(value);
    },
    loadBackendTranslation: () => Promise.resolve(localize),
    callWS: () => Promise.reject(new Error("not expected")),
    callService: () => Promise.reject(new Error("not expected")),
  };
}

function formatState(stateObject: StateObject, state = stateObject.state): string {
  const [domain = ""] = stateObject.entity_id.split(".");
  const word = localize(
    `component.amps.entity.${domain}.${String(stateObject.attributes["translation_key"])}.state.${state}`,
  );
  const unit = stateObject.attributes["unit_of_measurement"];
  return word || (typeof unit === "string" ? `${state} ${unit}` : state);
}

export function action(given: Partial<Action>): Action {
  return {
    id: "act_1",
    command: "charge",
    state: "completed",
    error_code: null,
    parameters: null,
    created_at: NOW.toISOString(),
    updated_at: NOW.toISOString(),
    acknowledged_at: NOW.toISOString(),
    completed_at: null,
    start: null,
    end: null,
    ...given,
  };
}

const ANY = ["immediate", "scheduled", "windowed"] as const;
const OPEN_ENDED = ["immediate", "scheduled"] as const;
const MOVING = {
  execution: ANY,
  parameters: {
    target: { unit: "percent", min: 10, max: 100 },
    power: { unit: "kw", min: 0, max: 5 },
  },
};

export function details(given: Partial<DeviceDetails> = {}): DeviceDetails {
  return {
    type: "battery",
    health: "ok",
    error_code: null,
    data_source: "projection",
    state: {},
    commands: {
      charge: MOVING,
      discharge: MOVING,
      idle: { execution: OPEN_ENDED, parameters: {} },
      auto_balanced: { execution: OPEN_ENDED, parameters: {} },
    },
    conflict_strategies: ["cancel_and_replace"],
    last_action: null,
    effective_action: null,
    open_actions: [],
    expected_levels: [],
    ...given,
  };
}

export const PERCENT = { unit_of_measurement: "%" };
export const KILOWATT = { unit_of_measurement: "kW" };

/** A battery that charges by itself. */
export const BATTERY: Readonly<Record<string, Given | string>> = {
  "sensor.level": { state: "67", attributes: PERCENT },
  "sensor.status": "charging",
  "sensor.power": { state: "0.67", attributes: KILOWATT },
  "select.mode": "auto_balanced",
  "binary_sensor.reachable": "on",
  "binary_sensor.overridden": "off",
  "sensor.last_action": "unknown",
  "button.cancel_scheduled": "unknown",
};
