/** The accounts of Amps, each with its devices in the order in which they are shown. */

import type { Hass } from "../ha/types.ts";
import { accountOf, deviceIndex, deviceName, type AmpsDevice, type DeviceType } from "./device-index.ts";

export interface Account {
  /** The id of the config entry. */
  readonly id: string;
  readonly name: string;
  readonly devices: readonly AmpsDevice[];
}

type Registries = Pick<Hass, "entities" | "devices">;

/** From where energy comes to where it goes. */
const ORDER: readonly (DeviceType | null)[] = ["solar_inverter", "battery", "ev_charger", "vehicle", "hvac", null];

/** "Car 2" comes before "Car 10". */
const names = new Intl.Collator(undefined, { numeric: true });

const known = new WeakMap<Hass["devices"], { readonly of: Hass["entities"]; readonly accounts: readonly Account[] }>();

/** Return the accounts as the registries have them now; they are gathered once per change, for all cards. */
export function accountsIn(hass: Registries): readonly Account[] {
  const found = known.get(hass.devices);
  if (found?.of === hass.entities) return found.accounts;
  const accounts = gather(hass);
  known.set(hass.devices, { of: hass.entities, accounts });
  return accounts;
}

/** Return the account that is meant: without an id the only one. */
export function accountIn(hass: Registries, id: string | undefined): Account | undefined {
  const accounts = accountsIn(hass);
  if (id) return accounts.find((account) => account.id === id);
  return accounts.length === 1 ? accounts[0] : undefined;
}

/** Return whether a device stands for its account: it has what concerns all devices. */
export function isAccountDevice(hass: Pick<Hass, "devices">, deviceId: string): boolean {
  return hass.devices[deviceId]?.entry_type === "service";
}

function gather(hass: Registries): Account[] {
  const accounts = new Map<string, { name: string | null; devices: AmpsDevice[] }>();
  for (const device of deviceIndex(hass).values()) {
    const id = accountOf(hass, device.id);
    if (id === null) continue;
    const account = accounts.get(id) ?? { name: null, devices: [] };
    accounts.set(id, account);
    if (isAccountDevice(hass, device.id)) account.name = deviceName(hass, device.id);
    else account.devices.push(device);
  }
  return [...accounts]
    .map(([id, { name, devices }]) => ({
      id,
      name: name ?? "Amps",
      devices: devices.sort(
        (a, b) =>
          ORDER.indexOf(a.type) - ORDER.indexOf(b.type) ||
          names.compare(deviceName(hass, a.id), deviceName(hass, b.id)),
      ),
    }))
    .sort((a, b) => names.compare(a.name, b.name));
}
