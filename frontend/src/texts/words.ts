/** Words that the integration has in all its languages, from the translations of the backend. */

import { perConnection } from "../data/per-connection.ts";
import type { DeviceType } from "../data/device-index.ts";
import type { Action } from "../data/device-details.ts";
import { formatQuantity } from "../ha/format.ts";
import type { Hass } from "../ha/types.ts";

const CATEGORIES = ["common", "services", "selector", "exceptions"] as const;

/** The language that is loaded, or on its way: Home Assistant keeps the words of one only. */
const requested = perConnection(() => ({ language: "" }));

/** Load what is not loaded from the start; Home Assistant then gives the cards a new `localize`. */
export function loadWords(hass: Hass): void {
  const current = requested(hass);
  const { language } = hass.locale;
  if (current.language === language) return;
  current.language = language;
  for (const category of CATEGORIES)
    hass.loadBackendTranslation(category, "amps").catch(() => {
      current.language = "";
    });
}

const PREFIX = "component.amps";

function readable(slug: string): string {
  return slug.replaceAll("_", " ").toLowerCase();
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A sentence of the integration, as its logbook and calendar have it. */
export function sentenceText(hass: Hass, key: string, values?: Readonly<Record<string, string>>): string {
  return hass.localize(`${PREFIX}.common.${key}`, values);
}

/** How the units of the API are written. */
const UNITS: Readonly<Partial<Record<string, string>>> = {
  percent: "%",
  kw: "kW",
  watts: "W",
  kwh: "kWh",
  amps: "A",
  celsius: "°C",
};

type Commanded = Pick<Action, "command" | "parameters">;

/** A command as the device carries it out, which begins a sentence: "Charging to 90% at 3 kW". */
export function commandText(hass: Hass, { command, parameters }: Commanded): string {
  return phraseOf(hass, "command", command, quantities(hass, parameters));
}

/** A command as something to do: "Charge to 90%". */
export function planText(hass: Hass, { command, parameters }: Commanded): string {
  return capitalized(phraseOf(hass, "plan", command, quantities(hass, parameters)));
}

function quantities(hass: Hass, parameters: Action["parameters"]): (readonly [string, string])[] {
  return Object.entries(parameters ?? {}).map(
    ([name, { value, unit }]) => [name, quantity(hass, value, unit)] as const,
  );
}

/** A command with its parameters, each a name and a value with its unit. */
export function phraseOf(
  hass: Hass,
  form: "command" | "plan",
  command: string | null,
  parameters: readonly (readonly [string, string])[],
): string {
  const slug = command ?? "unknown";
  const words = [sentenceText(hass, `${form}_${slug}`) || capitalized(readable(slug))];
  for (const [slugOfName, value] of parameters) {
    const values = { name: readable(slugOfName), value };
    words.push(
      sentenceText(hass, `parameter_${slug}_${slugOfName}`, values) ||
        sentenceText(hass, `parameter_${slugOfName}`, values) ||
        `${values.name} ${value}`,
    );
  }
  return words.join(" ");
}

/** A number in a unit of Amps, temperatures in the unit of this Home Assistant. */
export function quantity(hass: Hass, value: number, unit: string): string {
  if (unit === "celsius" && hass.config.unit_system.temperature === "°F")
    return formatQuantity(hass, value * 1.8 + 32, "°F", { maximumFractionDigits: 0 });
  return formatQuantity(hass, value, UNITS[unit] ?? unit, { maximumFractionDigits: unit === "kw" ? 2 : 1 });
}

/** The stage of an action: "Sent to the device". */
export function stageText(hass: Hass, state: string): string {
  return (
    sentenceText(hass, `state_${state}`) ||
    hass.localize(`${PREFIX}.entity.sensor.last_action.state.${state}`) ||
    readable(state)
  );
}

/** What an error code means, as a sentence of its own. */
export function reasonText(hass: Hass, code: string): string {
  return capitalized(sentenceText(hass, `reason_${code.toLowerCase()}`) || readable(code));
}

/** The name of a command as one chooses it: "Charge". What lets a battery idle turns a thermostat off. */
export function commandName(hass: Hass, command: string, type: DeviceType | null): string {
  if (type === "hvac" && command === "idle") return hass.localize("component.climate.entity_component._.state.off");
  return (
    hass.localize(`${PREFIX}.entity.select.mode.state.${command}`) ||
    hass.localize(`${PREFIX}.selector.mode.options.${command}`) ||
    hass.localize(`${PREFIX}.selector.hvac_mode.options.${command}`) ||
    capitalized(readable(command))
  );
}

/** What comes after a window: "What it did before". */
export function thenName(hass: Hass, then: string): string {
  return hass.localize(`${PREFIX}.selector.then.options.${then}`) || capitalized(readable(then));
}

/** The name of an entity of a device, as the integration gives it. */
export function entityName(hass: Hass, domain: string, key: string): string {
  return hass.localize(`${PREFIX}.entity.${domain}.${key}.name`) || capitalized(readable(key));
}
