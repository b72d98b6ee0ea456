/** The command that a device is to follow now, as its controls show it. */

import type { Action, DeviceDetails } from "../data/device-details.ts";
import { isKnown, stateOf, type AmpsDevice } from "../data/device-index.ts";
import type { Hass, StateObject } from "../ha/types.ts";
import { commandText, phraseOf } from "../texts/words.ts";

export interface StandingCommand {
  readonly command: string;
  readonly text: string;
  /** The action that it comes from, null where it was given elsewhere. */
  readonly action: Action | null;
}

export function standingCommand(
  hass: Hass,
  device: AmpsDevice,
  details: DeviceDetails | null,
  now: Date,
): StandingCommand | null {
  const last = details?.effective_action;
  // What controls show is then what the device does instead.
  if (stateOf(hass, device, "overridden")?.state === "on" && last?.command && !isOver(last, now))
    return { command: last.command, text: commandText(hass, last), action: last };
  const climate = stateOf(hass, device, "thermostat");
  const command = commandOf(hass, device, climate);
  if (command === null) return null;
  const action = standingAction(details, command, now);
  const text = climate
    ? thermostatText(hass, climate, command)
    : commandText(hass, { command, parameters: action?.parameters ?? null });
  return { command, text, action };
}

const HVAC_COMMANDS: Readonly<Partial<Record<string, string>>> = {
  heat: "heat",
  cool: "cool",
  heat_cool: "auto",
  off: "idle",
};

function commandOf(hass: Hass, device: AmpsDevice, climate: StateObject | undefined): string | null {
  if (climate) {
    if (climate.attributes["preset_mode"] === "schedule" && isKnown(climate)) return "follow_schedule";
    return HVAC_COMMANDS[climate.state] ?? null;
  }
  const mode = stateOf(hass, device, "mode");
  if (isKnown(mode)) return mode.state;
  const enabled = stateOf(hass, device, "charging_enabled");
  if (isKnown(enabled)) return enabled.state === "on" ? "charge" : "idle";
  return null;
}

/** The action that took effect last, if the command is of it and it has not ended. */
function standingAction(details: DeviceDetails | null, command: string, now: Date): Action | null {
  const action = details?.effective_action;
  return action?.command === command && !isOver(action, now) ? action : null;
}

function isOver({ end }: Action, now: Date): boolean {
  return end !== null && new Date(end) <= now;
}

/** A thermostat has its setpoints in its attributes, in the unit of this Home Assistant. */
function thermostatText(hass: Hass, climate: StateObject, command: string): string {
  const value = (attribute: string): string | null =>
    typeof climate.attributes[attribute] === "number" ? hass.formatEntityAttributeValue(climate, attribute) : null;
  if (command === "idle") return hass.formatEntityState(climate);
  const parameters = {
    heat: { target: value("temperature") },
    cool: { target: value("temperature") },
    auto: { heat_setpoint: value("target_temp_low"), cool_setpoint: value("target_temp_high") },
  }[command];
  const known = Object.entries(parameters ?? {}).flatMap(([name, text]) =>
    text === null ? [] : [[name, text] as const],
  );
  return phraseOf(hass, "command", command, known);
}
