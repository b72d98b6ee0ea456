/** A Home Assistant with an account of several devices. */

import type { DeviceEntry, EntityEntry, Hass } from "../src/ha/types.ts";
import { hassWith, type Given } from "./hass.ts";

type Entities = Readonly<Record<string, Given | string>>;

/** Devices by their names; the account itself is one more, as in Home Assistant. */
export function homeWith(devices: Readonly<Record<string, Entities>>, account = "account", name = "Home"): Hass {
  const given: Record<string, Given> = { [`calendar.schedule@${account}`]: { state: "off", device: account } };
  for (const [device, entities] of Object.entries(devices))
    for (const [key, entity] of Object.entries(entities))
      given[`${key}@${device}`] = { device, ...(typeof entity === "string" ? { state: entity } : entity) };
  const entries = Object.keys(devices).map((id): [string, DeviceEntry] => [
    id,
    { id, name: id, config_entry_id: account },
  ]);
  return {
    ...hassWith(given),
    devices: {
      [account]: { id: account, name, config_entry_id: account, entry_type: "service" },
      ...Object.fromEntries(entries),
    },
  };
}

/** Two homes in one Home Assistant. */
export function together(one: Hass, other: Hass): Hass {
  const entities: Record<string, EntityEntry> = {};
  for (const entry of Object.values(other.entities))
    if (entry) entities[`${entry.entity_id}_2`] = { ...entry, entity_id: `${entry.entity_id}_2` };
  return {
    ...one,
    entities: { ...one.entities, ...entities },
    devices: { ...one.devices, ...other.devices },
  };
}
