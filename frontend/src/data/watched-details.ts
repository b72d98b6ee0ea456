/** The details of the devices that an element shows, kept up to date while it is shown. */

import type { Hass } from "../ha/types.ts";
import { deviceDetails } from "./device-details.ts";
import { stateOf, type AmpsDevice, type EntityKey } from "./device-index.ts";

/** The entities whose change may change what the details say. */
const WATCHED: readonly EntityKey[] = ["action", "last_action", "reachable", "mode", "charging_enabled", "thermostat"];

export class WatchedDetails {
  readonly #listener: () => void;
  readonly #watched: readonly EntityKey[];
  readonly #unwatch = new Map<string, () => void>();

  /** `watched` are further entities whose change may change what an element shows of the details. */
  constructor(listener: () => void, watched: readonly EntityKey[] = []) {
    this.#listener = listener;
    this.#watched = [...WATCHED, ...watched];
  }

  /** Watch these devices, and no others. */
  watch(hass: Hass, devices: readonly AmpsDevice[]): void {
    const details = deviceDetails(hass);
    const ids = new Set(devices.map(({ id }) => id));
    for (const [id, unwatch] of this.#unwatch)
      if (!ids.has(id)) {
        unwatch();
        this.#unwatch.delete(id);
      }
    for (const id of ids)
      if (!this.#unwatch.has(id)) {
        this.#unwatch.set(id, details.watch(id, this.#listener));
        details.refresh(hass, id);
      }
  }

  stop(): void {
    for (const unwatch of this.#unwatch.values()) unwatch();
    this.#unwatch.clear();
  }

  /** Ask anew for what a change of states or of the connection may have changed. */
  hassChanged(before: Hass, hass: Hass, devices: readonly AmpsDevice[]): void {
    const isNew = (!before.connected && hass.connected) || before.entities !== hass.entities;
    for (const device of devices)
      if (isNew || this.#watched.some((key) => stateOf(before, device, key) !== stateOf(hass, device, key)))
        deviceDetails(hass).refresh(hass, device.id);
  }
}
