/** What a device does: one number and one sentence, by type. */

import { isKnown, numberOf, stateOf, type AmpsDevice, type DeviceType, type EntityKey } from "../data/device-index.ts";
import { formatMoment, stateParts } from "../ha/format.ts";
import type { Hass, StateObject } from "../ha/types.ts";
import type { Translate } from "../texts/index.ts";
import type { IconName } from "../ui/icons.ts";

/** Which way energy flows, seen from the device: it takes or gives it. For HVAC, what it makes of it. */
export type Direction = "in" | "out" | "solar" | "heat" | "cool" | "none";

export interface Flow {
  readonly icon: IconName;
  readonly direction: Direction;
  readonly main: { readonly value: string; readonly unit: string } | null;
  /** The entity that the number is of. */
  readonly entityId: string | undefined;
  readonly sentence: string;
  /** In percent, of what has one. */
  readonly level: number | null;
  /** In kW: positive into the device, negative out of it. */
  readonly power: number | null;
}

interface Context {
  readonly hass: Hass;
  readonly device: AmpsDevice;
  readonly translate: Translate;
  readonly now: Date;
}

export function flowOf(hass: Hass, device: AmpsDevice, translate: Translate, now: Date): Flow {
  const context = { hass, device, translate, now };
  return device.type === null ? unknown(context) : FLOWS[device.type](context);
}

const FLOWS: Record<DeviceType, (context: Context) => Flow> = {
  battery,
  ev_charger: evCharger,
  hvac,
  solar_inverter: solarInverter,
  vehicle,
};

function read({ hass, device }: Context, key: EntityKey): StateObject | undefined {
  return stateOf(hass, device, key);
}

function shown({ hass }: Context, stateObject: StateObject | undefined, state?: string): string {
  return stateObject ? hass.formatEntityState(stateObject, state) : "";
}

function mainOf(context: Context, stateObject: StateObject | undefined): Pick<Flow, "main" | "entityId"> {
  return {
    main: isKnown(stateObject) ? stateParts(context.hass, stateObject) : null,
    entityId: stateObject?.entity_id,
  };
}

/** "Charging at 2.4 kW": the power without its sign, which the word says already. */
function withPower(context: Context, flow: string, power: StateObject | undefined): string {
  const value = numberOf(power);
  if (value === null || value === 0 || !power) return flow;
  return context.translate("flow_power", { flow, power: shown(context, power, String(Math.abs(value))) });
}

function battery(context: Context): Flow {
  const level = read(context, "level");
  const status = read(context, "status");
  const power = read(context, "power");
  const direction = status?.state === "charging" ? "in" : status?.state === "discharging" ? "out" : "none";
  return {
    icon: "home_battery",
    direction,
    ...mainOf(context, level ?? power),
    sentence: isKnown(status)
      ? withPower(context, shown(context, status), direction === "none" ? undefined : power)
      : shown(context, status),
    level: numberOf(level),
    power: numberOf(power),
  };
}

function evCharger(context: Context): Flow {
  const power = read(context, "power");
  const status = read(context, "status");
  const connected = read(context, "connected");
  const charging = status?.state === "charging" || read(context, "charging")?.state === "on";
  const words = (): string => {
    if (charging || !isKnown(connected)) return shown(context, status);
    return context.translate(connected.state === "on" ? "plugged_in_not_charging" : "not_plugged_in");
  };
  return {
    icon: "ev_charger",
    direction: charging ? "in" : "none",
    ...mainOf(context, power ?? status),
    sentence: words(),
    level: null,
    power: numberOf(power),
  };
}

function vehicle(context: Context): Flow {
  const level = read(context, "level");
  const charging = read(context, "charging");
  const plug = read(context, "plugged_in");
  const fullAt = read(context, "full_at");
  const isCharging = charging?.state === "on";
  const words = (): string => {
    if (!isCharging) {
      if (read(context, "fully_charged")?.state === "on" && context.device.entities.fully_charged)
        return context.hass.localize("component.amps.entity.binary_sensor.fully_charged.name");
      if (!isKnown(plug)) return isKnown(charging) ? context.translate("flow_resting") : shown(context, charging);
      return context.translate(plug.state === "on" ? "plugged_in_not_charging" : "unplugged");
    }
    const flow = withPower(
      context,
      context.hass.localize("component.amps.entity.binary_sensor.charging.name"),
      read(context, "charge_power"),
    );
    if (!isKnown(fullAt)) return flow;
    return `${flow}, ${context.translate("full_at", { time: formatMoment(context.hass, new Date(fullAt.state), context.now) })}`;
  };
  return {
    icon: "vehicle",
    direction: isCharging ? "in" : "none",
    ...mainOf(context, level),
    sentence: words(),
    level: numberOf(level),
    power: numberOf(read(context, "charge_power")),
  };
}

function solarInverter(context: Context): Flow {
  const power = read(context, "power");
  const status = read(context, "status");
  return {
    icon: "solar_inverter",
    direction: (numberOf(power) ?? 0) > 0 ? "solar" : "none",
    ...mainOf(context, power),
    sentence: shown(context, status),
    level: null,
    power: numberOf(power),
  };
}

const HVAC_DIRECTIONS: Readonly<Partial<Record<string, Direction>>> = {
  heating: "heat",
  preheating: "heat",
  cooling: "cool",
};

function hvac(context: Context): Flow {
  const { hass } = context;
  const climate = read(context, "thermostat");
  const measured = climate?.attributes["current_temperature"];
  const action = climate?.attributes["hvac_action"];
  return {
    icon: "hvac",
    direction: (typeof action === "string" && HVAC_DIRECTIONS[action]) || "none",
    main:
      climate && typeof measured === "number"
        ? splitUnit(hass.formatEntityAttributeValue(climate, "current_temperature"))
        : null,
    entityId: climate?.entity_id,
    sentence:
      climate && typeof action === "string" && isKnown(climate)
        ? hass.formatEntityAttributeValue(climate, "hvac_action")
        : shown(context, climate),
    level: null,
    power: null,
  };
}

/** "20.5 °C" in its parts: attributes have no parts of their own in 2026.10. */
function splitUnit(text: string): { value: string; unit: string } {
  const [, value = text, unit = ""] = /^(.*?)[\s\u00a0]*(°\S*)$/.exec(text) ?? [];
  return { value, unit };
}

function unknown(context: Context): Flow {
  const stateObject = (["level", "power", "status"] as const).map((key) => read(context, key)).find(isKnown);
  return { icon: "flash", direction: "none", ...mainOf(context, stateObject), sentence: "", level: null, power: null };
}
