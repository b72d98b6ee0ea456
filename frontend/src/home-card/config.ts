/** The configuration of the home card. */

import { accountsIn, isAccountDevice } from "../data/accounts.ts";
import { accountOf, PLATFORM } from "../data/device-index.ts";
import type { Suggestion } from "../ha/register.ts";
import type { CardConfig, ConfigForm, Hass } from "../ha/types.ts";
import { textsIn, type TextKey } from "../texts/index.ts";

export const CARD_TYPE = "amps-home-card";

export interface HomeCardConfig extends CardConfig {
  /** The account; the only one where it is left out. */
  readonly config_entry?: string;
  readonly name?: string;
  /** A sensor of power, positive while power comes from the grid. */
  readonly grid_power?: string;
  /** A sensor of the power that the house consumes. */
  readonly house_power?: string;
}

/** Return a configuration as the card can use it; raises what Home Assistant shows in place of the card. */
export function parseConfig(config: unknown): HomeCardConfig {
  if (typeof config !== "object" || config === null) throw new Error("The configuration is not an object.");
  const given = config as Readonly<Record<string, unknown>>;
  for (const key of ["config_entry", "name", "grid_power", "house_power"]) {
    const value = given[key];
    if (value !== undefined && value !== null && typeof value !== "string")
      throw new Error(`"${key}" has to be a string.`);
  }
  return config as HomeCardConfig;
}

const POWER = { entity: { filter: { domain: "sensor", device_class: "power" } } };

export function configForm(): ConfigForm {
  const textOf = (key: string): string | undefined => textsIn(document.documentElement.lang)[key as TextKey];
  return {
    schema: [
      { name: "config_entry", selector: { config_entry: { integration: PLATFORM } } },
      { name: "name", selector: { text: {} } },
      { name: "grid_power", selector: POWER },
      { name: "house_power", selector: POWER },
    ],
    computeLabel: ({ name }) => textOf(`editor_${name}`),
    computeHelper: ({ name }) => textOf(`editor_${name}_helper`),
    assertConfig: parseConfig,
  };
}

export function stubConfig(hass: Hass): Omit<HomeCardConfig, "type"> {
  const account = accountsIn(hass)[0];
  return account ? { config_entry: account.id } : {};
}

/** Suggest the card for what belongs to an account, such as its calendar. */
export function suggestion(hass: Hass, entityId: string): Suggestion | null {
  const entry = hass.entities[entityId];
  if (entry?.platform !== PLATFORM || !entry.device_id || !isAccountDevice(hass, entry.device_id)) return null;
  const account = accountOf(hass, entry.device_id);
  return account === null ? null : { config: { type: `custom:${CARD_TYPE}`, config_entry: account } };
}
