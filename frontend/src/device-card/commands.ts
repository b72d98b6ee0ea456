/** Which commands a device takes, within which bounds, and the actions that send them. */

import type { Declared, DeclaredCommand, DeviceDetails, Execution } from "../data/device-details.ts";
import { numberOf, stateOf, type AmpsDevice, type EntityKey } from "../data/device-index.ts";
import type { Hass } from "../ha/types.ts";
import type { IconName } from "../ui/icons.ts";

export type FieldName = "target" | "power" | "heat_setpoint" | "cool_setpoint";

/** A number that a command takes, in the unit in which the card shows it. */
export interface Field {
  readonly name: FieldName;
  /** The field of the action. */
  readonly key: string;
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  /** The finest difference, and the one that a button makes. */
  readonly step: number;
  readonly bigStep: number;
  /** null where the device chooses. */
  readonly value: number | null;
  readonly isOptional: boolean;
}

export type When = "now" | "at" | "window";

export interface ChoosableCommand {
  readonly command: string;
  readonly icon: IconName;
  readonly fields: readonly Field[];
  readonly whens: readonly When[];
  /** What can come after a window; empty where nothing can be chosen. */
  readonly thens: readonly string[];
}

/** In the order in which they are shown; a command that is not here is left to the actions. */
const ICONS: Readonly<Record<string, IconName>> = {
  charge: "charge",
  discharge: "discharge",
  heat: "fire",
  cool: "snowflake",
  auto: "hvac",
  idle: "pause",
  auto_balanced: "home",
  auto_reserve: "reserve",
  auto_export: "export",
  follow_schedule: "calendar",
};
const MODES = ["auto_balanced", "auto_reserve", "auto_export", "follow_schedule"];
const WITH_THEN = ["charge", "discharge", "heat", "cool", "auto"];
const WHENS: readonly (readonly [Execution, When])[] = [
  ["immediate", "now"],
  ["scheduled", "at"],
  ["windowed", "window"],
];

export function choosableCommands(hass: Hass, device: AmpsDevice, details: DeviceDetails): ChoosableCommand[] {
  const modes = MODES.filter((mode) => details.commands[mode]);
  return Object.keys(ICONS).flatMap((command) => {
    const declared = details.commands[command];
    const whens = declared ? WHENS.filter(([shape]) => declared.execution.includes(shape)).map(([, when]) => when) : [];
    if (!declared || whens.length === 0) return [];
    return [
      {
        command,
        icon: ICONS[command] ?? "flash",
        fields: fieldsOf(hass, device, command, declared),
        whens,
        thens: whens.includes("window") && WITH_THEN.includes(command) ? ["previous", "hold", ...modes] : [],
      },
    ];
  });
}

interface Unit {
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly bigStep: number;
}

/** By Amps' names; the bounds are those of a parameter that declares none, as the integration has them. */
const UNITS: Readonly<Partial<Record<string, Unit>>> = {
  percent: { unit: "%", min: 0, max: 100, step: 1, bigStep: 5 },
  kw: { unit: "kW", min: 0, max: 50, step: 0.1, bigStep: 0.5 },
  celsius: { unit: "°C", min: 10, max: 35, step: 0.5, bigStep: 0.5 },
};
const FAHRENHEIT: Pick<Unit, "unit" | "step" | "bigStep"> = { unit: "°F", step: 1, bigStep: 1 };

function fieldsOf(hass: Hass, device: AmpsDevice, command: string, declared: DeclaredCommand): Field[] {
  const names: readonly FieldName[] = ["target", "heat_setpoint", "cool_setpoint", "power"];
  return names.flatMap((name) => {
    const parameter = declared.parameters[name];
    const field = parameter && fieldOf(hass, device, command, name, parameter);
    return field ? [field] : [];
  });
}

function fieldOf(hass: Hass, device: AmpsDevice, command: string, name: FieldName, parameter: Declared): Field | null {
  const unit =
    UNITS[parameter.unit ?? ""] ?? (name === "power" && parameter.unit === "watts" ? UNITS["kw"] : undefined);
  if (!unit) return null;
  const scale = parameter.unit === "watts" ? 0.001 : 1;
  let bounds = {
    ...unit,
    min: (parameter.min ?? unit.min / scale) * scale,
    max: (parameter.max ?? unit.max / scale) * scale,
  };
  if (unit.unit === "°C" && hass.config.unit_system.temperature === "°F")
    bounds = { ...FAHRENHEIT, min: Math.ceil(fahrenheit(bounds.min)), max: Math.floor(fahrenheit(bounds.max)) };
  const isOptional = name === "power";
  const value = firstValue(hass, device, command, name);
  return {
    name,
    key: keyOf(command, name),
    ...bounds,
    value:
      value === null ? (isOptional ? null : fallback(command, name, bounds)) : clamp(value, bounds.min, bounds.max),
    isOptional,
  };
}

function keyOf(command: string, name: FieldName): string {
  if (name !== "target") return name;
  return command === "charge" || command === "discharge" ? "target_level" : "temperature";
}

function fahrenheit(celsius: number): number {
  return celsius * 1.8 + 32;
}

export function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}

/** What is proposed where nobody has set anything: all of a level, and a temperature that people live in. */
function fallback(command: string, name: FieldName, { min, max, unit }: Pick<Unit, "min" | "max" | "unit">): number {
  if (unit === "%") return command === "discharge" ? min : max;
  const celsius = command === "cool" || name === "cool_setpoint" ? 25 : 20;
  return clamp(unit === "°F" ? fahrenheit(celsius) : celsius, min, max);
}

/** What the user set beside the buttons of the device, or what the thermostat is set to. */
function firstValue(hass: Hass, device: AmpsDevice, command: string, name: FieldName): number | null {
  if (command === "charge" || command === "discharge") {
    const key: EntityKey = name === "power" ? `${command}_power_limit` : `${command}_target`;
    return numberOf(stateOf(hass, device, key));
  }
  const attributes = stateOf(hass, device, "thermostat")?.attributes;
  const low = attributes?.["target_temp_low"];
  const high = attributes?.["target_temp_high"];
  const found =
    name === "heat_setpoint"
      ? low
      : name === "cool_setpoint"
        ? high
        : (attributes?.["temperature"] ?? (command === "heat" ? low : high));
  return typeof found === "number" ? found : null;
}

/** What the user has chosen. */
export interface Choice {
  readonly command: string;
  readonly values: Readonly<Partial<Record<string, number>>>;
  readonly when: When;
  /** As the action takes them: a time of day, or a datetime. */
  readonly start: string | null;
  readonly end: string | null;
  readonly then: string;
}

export interface ActionCall {
  readonly action: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Return the action that sends a command. */
export function actionCall(choice: Choice): ActionCall {
  const { command, when } = choice;
  const times = {
    ...(when !== "now" && choice.start ? { start: choice.start } : {}),
    ...(when === "window" && choice.end ? { end: choice.end } : {}),
  };
  const then = when === "window" && WITH_THEN.includes(command) ? { then: choice.then } : {};
  const data = { ...choice.values, ...times, ...then };
  if (command === "charge" || command === "discharge" || command === "idle") return { action: `amps.${command}`, data };
  if (command === "heat" || command === "cool" || command === "auto")
    return { action: "amps.set_temperature", data: { mode: command, ...data } };
  return { action: "amps.set_mode", data: { mode: command, ...data } };
}
