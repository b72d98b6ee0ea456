/** The configuration of the device card. */

import { deviceIndex, PLATFORM } from "../data/device-index.ts";
import type { CardConfig, ConfigForm, Hass } from "../ha/types.ts";
import type { Suggestion } from "../ha/register.ts";
import { translator, type TextKey } from "../texts/index.ts";

export const CARD_TYPE = "amps-device-card";

export interface DeviceCardConfig extends CardConfig {
  /** Home Assistant's device id; absent until the user has chosen. */
  readonly device?: string;
  readonly name?: string;
  /** Whether the device can be commanded from the card. */
  readonly controls?: boolean;
  /** Whether a wide card shows the course of the day. */
  readonly ribbon?: boolean;
}

/** Return a configuration as the card can use it; raises what Home Assistant shows in place of the card. */
export function parseConfig(config: unknown): DeviceCardConfig {
  if (typeof config !== "object" || config === null) throw new Error("The configuration is not an object.");
  const given = config as Readonly<Record<string, unknown>>;
  for (const [key, type] of Object.entries({
    device: "string",
    name: "string",
    controls: "boolean",
    ribbon: "boolean",
  })) {
    const value = given[key];
    if (value !== undefined && value !== null && typeof value !== type)
      throw new Error(`"${key}" has to be a ${type}.`);
  }
  return config as DeviceCardConfig;
}

export function configForm(): ConfigForm {
  return {
    schema: [
      { name: "device", required: true, selector: { device: { integration: PLATFORM } } },
      { name: "name", selector: { text: {} } },
      { name: "controls", default: true, selector: { boolean: {} } },
      { name: "ribbon", default: true, selector: { boolean: {} } },
    ],
    computeLabel: (item) => translator(document.documentElement.lang)(`editor_${item.name}` as TextKey),
    assertConfig: parseConfig,
  };
}

/** Return a configuration for the picker: a battery where there is one, since it shows most. */
export function stubConfig(hass: Hass): Omit<DeviceCardConfig, "type"> {
  const devices = [...deviceIndex(hass).values()].filter((device) => device.type !== null);
  const device = devices.find(({ type }) => type === "battery") ?? devices[0];
  return device ? { device: device.id } : {};
}

export function suggestion(hass: Hass, entityId: string): Suggestion | null {
  const entry = hass.entities[entityId];
  const device = entry?.platform === PLATFORM && entry.device_id ? deviceIndex(hass).get(entry.device_id) : undefined;
  return device?.type ? { config: { type: `custom:${CARD_TYPE}`, device: device.id } } : null;
}
