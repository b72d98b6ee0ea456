/**
 * What a device declares and what is planned for it, which no entity shows: the action `amps.get_device`.
 *
 * It is answered from what Home Assistant knows, without any request to Amps, and for all cards in one call.
 */

import type { Hass } from "../ha/types.ts";
import { whenIdle } from "../ui/when-idle.ts";
import { deviceIndex } from "./device-index.ts";
import { Listeners, perConnection } from "./per-connection.ts";

export type Execution = "immediate" | "scheduled" | "windowed";

/** A parameter or setting as the device declares it; null where it declares none. */
export interface Declared {
  readonly unit: string | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly value?: number | boolean | string | null;
}

export interface DeclaredCommand {
  readonly execution: readonly Execution[];
  readonly parameters: Readonly<Partial<Record<string, Declared>>>;
}

export type ActionState = "scheduled" | "acknowledged" | "completed" | "failed" | "cancelled" | "unknown_value";

export interface Action {
  readonly id: string;
  readonly command: string | null;
  readonly state: ActionState | null;
  readonly error_code: string | null;
  readonly parameters: Readonly<Record<string, { readonly value: number; readonly unit: string }>> | null;
  readonly created_at: string | null;
  readonly updated_at: string | null;
  readonly acknowledged_at: string | null;
  readonly completed_at: string | null;
  readonly start: string | null;
  readonly end: string | null;
}

export interface DeviceDetails {
  readonly type: string;
  readonly health: string;
  readonly error_code: string | null;
  readonly data_source: string | null;
  readonly state: Readonly<Record<string, unknown>>;
  readonly commands: Readonly<Partial<Record<string, DeclaredCommand>>>;
  readonly conflict_strategies: readonly string[];
  readonly last_action: Action | null;
  /** The one that took effect last. */
  readonly effective_action: Action | null;
  /** Those that are not over: scheduled, or running in a window. */
  readonly open_actions: readonly Action[];
  /** The levels to expect, the first one now, as far as they follow from what was commanded. */
  readonly expected_levels: readonly { readonly at: string; readonly level: number }[];
}

interface Response {
  readonly devices: Readonly<Record<string, { readonly reading: DeviceDetails | null } | undefined>>;
}

/** Return whether the account of a device is loaded: to ask for another one leaves an error in Home Assistant's log. */
function isLoaded(hass: Hass, deviceId: string): boolean {
  const entities = Object.values(deviceIndex(hass).get(deviceId)?.entities ?? {});
  return entities.some((entityId) => (hass.states[entityId]?.state ?? "unavailable") !== "unavailable");
}

/** Return the details of devices, null where the call failed. */
async function ask(hass: Hass, ids: readonly string[]): Promise<Response | null> {
  if (ids.length === 0) return { devices: {} };
  try {
    const { response } = await hass.callService<Response>("amps", "get_device", {}, { device_id: ids }, false, true);
    return response ?? null;
  } catch {
    return null;
  }
}

class DetailsOfDevices {
  readonly #listeners = new Listeners();
  readonly #details = new Map<string, DeviceDetails>();
  #queue: Set<string> | null = null;

  get(deviceId: string): DeviceDetails | null {
    return this.#details.get(deviceId) ?? null;
  }

  /** Call a listener at each change of a device's details until the returned function is called. */
  watch(deviceId: string, listener: () => void): () => void {
    return this.#listeners.add(deviceId, listener);
  }

  /** Get the details of a device anew, together with all that are asked for until the browser is idle. */
  refresh(hass: Hass, deviceId: string): void {
    if (this.#queue === null) {
      this.#queue = new Set();
      whenIdle(() => void this.#fetch(hass));
    }
    this.#queue.add(deviceId);
  }

  async #fetch(hass: Hass): Promise<void> {
    const ids = [...(this.#queue ?? [])];
    this.#queue = null;
    // What is open on a card outlives a lost connection, and details are asked for when it is there again.
    if (!hass.connected) return;
    const loaded = new Set(ids.filter((id) => isLoaded(hass, id)));
    const response = await ask(hass, [...loaded]);
    for (const id of ids) {
      const reading = response?.devices[id]?.reading;
      if (reading) this.#details.set(id, reading);
      else if (response !== null || !loaded.has(id)) this.#details.delete(id);
    }
    this.#listeners.notify(ids);
  }
}

export const deviceDetails = perConnection(() => new DetailsOfDevices());
