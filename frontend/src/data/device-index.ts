/**
 * The devices of Amps, by Home Assistant's device id.
 *
 * Entities are found by platform and translation key, which users cannot change, never by the text of their ids.
 */

import type { EntityEntry, Hass, StateObject } from "../ha/types.ts";

export const PLATFORM = "amps";

export type DeviceType = "battery" | "ev_charger" | "hvac" | "solar_inverter" | "vehicle";

/** The keys of the entities that devices and accounts have, as README.md lists them; each is unique on its device. */
export type EntityKey =
  | "action"
  | "active"
  | "cancel_scheduled"
  | "capacity"
  | "charge"
  | "charge_ceiling"
  | "charge_limit"
  | "charge_power"
  | "charge_power_limit"
  | "charge_target"
  | "charging"
  | "charging_enabled"
  | "connected"
  | "current_mode"
  | "data_source"
  | "discharge"
  | "discharge_floor"
  | "discharge_limit"
  | "discharge_power"
  | "discharge_power_limit"
  | "discharge_target"
  | "energy"
  | "energy_charged"
  | "energy_discharged"
  | "energy_stored"
  | "environment"
  | "expedited_updates"
  | "export_limit"
  | "full_at"
  | "fully_charged"
  | "hold"
  | "last_action"
  | "last_pulled"
  | "level"
  | "max_charge_rate"
  | "max_current"
  | "max_discharge_rate"
  | "mode"
  | "next_read"
  | "overridden"
  | "plugged_in"
  | "power"
  | "power_rate_limit"
  | "producing"
  | "range"
  | "reachable"
  | "refresh"
  | "requests_last_hour"
  | "safety_reserve"
  | "schedule"
  | "status"
  | "temperature"
  | "thermostat"
  | "time_to_full"
  | "window_duration";

/** The keys that devices of one type alone have: any of them tells the type, for people disable entities. */
const TYPE_KEYS: Record<DeviceType, readonly EntityKey[]> = {
  hvac: ["thermostat", "hold", "temperature", "active"],
  vehicle: ["plugged_in", "fully_charged", "range", "charge_limit", "full_at", "time_to_full"],
  ev_charger: ["connected", "charging_enabled", "power_rate_limit"],
  solar_inverter: ["producing"],
  battery: [
    "mode",
    "discharge_power",
    "energy_charged",
    "energy_discharged",
    "current_mode",
    "charge",
    "discharge",
    "energy_stored",
    "discharge_floor",
    "charge_ceiling",
    "charge_target",
    "discharge_target",
  ],
};

export interface AmpsDevice {
  readonly id: string;
  /** null where too few entities are enabled to tell. */
  readonly type: DeviceType | null;
  /** Entity ids by key. */
  readonly entities: Readonly<Partial<Record<EntityKey, string>>>;
}

export type DeviceIndex = ReadonlyMap<string, AmpsDevice>;

const indexes = new WeakMap<Hass["entities"], DeviceIndex>();

/** Return the index of the registry as it is now; it is built once per change of the registry, for all cards. */
export function deviceIndex(hass: Pick<Hass, "entities">): DeviceIndex {
  let index = indexes.get(hass.entities);
  if (index === undefined) indexes.set(hass.entities, (index = build(Object.values(hass.entities))));
  return index;
}

function build(entries: readonly (EntityEntry | undefined)[]): DeviceIndex {
  const found = new Map<string, Partial<Record<EntityKey, string>>>();
  for (const entry of entries) {
    if (entry?.platform !== PLATFORM || !entry.device_id || !entry.translation_key) continue;
    const entities = found.get(entry.device_id) ?? {};
    found.set(entry.device_id, entities);
    entities[entry.translation_key as EntityKey] = entry.entity_id;
  }
  return new Map([...found].map(([id, entities]) => [id, { id, type: typeOf(entities), entities }]));
}

function typeOf(entities: Partial<Record<EntityKey, string>>): DeviceType | null {
  const types = Object.keys(TYPE_KEYS) as DeviceType[];
  return types.find((type) => TYPE_KEYS[type].some((key) => key in entities)) ?? null;
}

/** Return the state of an entity of a device, undefined if it has none. */
export function stateOf(hass: Pick<Hass, "states">, device: AmpsDevice, key: EntityKey): StateObject | undefined {
  const entityId = device.entities[key];
  return entityId === undefined ? undefined : hass.states[entityId];
}

/** Return whether the state of an entity says something. */
export function isKnown(stateObject: StateObject | undefined): stateObject is StateObject {
  return stateObject !== undefined && stateObject.state !== "unavailable" && stateObject.state !== "unknown";
}

/** Return the number that an entity shows, null if it shows none. */
export function numberOf(stateObject: StateObject | undefined): number | null {
  if (!isKnown(stateObject) || stateObject.state.trim() === "") return null;
  const value = Number(stateObject.state);
  return Number.isFinite(value) ? value : null;
}

/** Return what the user calls a device. */
export function deviceName(hass: Pick<Hass, "devices">, deviceId: string): string {
  const entry = hass.devices[deviceId];
  return entry?.name_by_user ?? entry?.name ?? deviceId;
}

/** Return the config entry of a device or account: the account that it belongs to. */
export function accountOf(hass: Pick<Hass, "devices">, deviceId: string): string | null {
  const entry = hass.devices[deviceId];
  return entry?.config_entry_id ?? entry?.primary_config_entry ?? null;
}
