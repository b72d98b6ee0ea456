/** The buttons of the tile feature: which ones a device has, which one stands, and what each does. */

import { deviceIndex, isKnown, PLATFORM, stateOf, type AmpsDevice, type EntityKey } from "../data/device-index.ts";
import type { Hass } from "../ha/types.ts";
import type { TextKey } from "../texts/index.ts";
import type { IconName } from "../ui/icons.ts";

export interface CommandButton {
  readonly command: string;
  readonly icon: IconName;
  /** Whether the device is to follow this command now. */
  readonly isStanding: boolean;
  readonly action: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly entityId: string;
  /** What has to be confirmed first: energy leaves the battery. */
  readonly question: readonly [TextKey, TextKey] | null;
}

const DISCHARGE = ["confirm_discharge", "confirm_discharge_text"] as const;
const EXPORT = ["confirm_export", "confirm_export_text"] as const;

/** In the order in which they are shown. */
const MODES: Readonly<Record<string, IconName>> = {
  idle: "pause",
  auto_balanced: "home",
  auto_reserve: "reserve",
  auto_export: "export",
};

/** All commands that a button can be of. */
export const COMMANDS: readonly string[] = ["charge", "discharge", ...Object.keys(MODES)];

/** The buttons that are shown where nobody has chosen: as many as a narrow tile has room for. */
const SHOWN: readonly string[] = ["charge", "discharge", "idle", "auto_balanced"];

/** The entities on whose tiles the buttons make sense. */
const TILES: readonly EntityKey[] = [
  "mode",
  "current_mode",
  "level",
  "power",
  "status",
  "charging_enabled",
  "charging",
  "connected",
];

/** Return the device whose commands a tile can offer. */
export function deviceOf(hass: Hass, entityId: string | undefined): AmpsDevice | undefined {
  const entry = entityId === undefined ? undefined : hass.entities[entityId];
  if (entry?.platform !== PLATFORM || !entry.device_id) return undefined;
  return deviceIndex(hass).get(entry.device_id);
}

export function isSupported(hass: Hass, entityId: string | undefined): boolean {
  const device = deviceOf(hass, entityId);
  if (!device || !TILES.some((key) => device.entities[key] === entityId)) return false;
  return buttonsOf(hass, device).length > 0;
}

export function buttonsOf(hass: Hass, device: AmpsDevice, chosen: readonly string[] = SHOWN): CommandButton[] {
  const { charging_enabled: enabled } = device.entities;
  const buttons = enabled === undefined ? batteryButtons(hass, device) : chargerButtons(hass, device, enabled);
  return buttons.filter(({ command }) => chosen.includes(command));
}

function batteryButtons(hass: Hass, device: AmpsDevice): CommandButton[] {
  const { charge, discharge, mode } = device.entities;
  const standing = stateOf(hass, device, "mode") ?? stateOf(hass, device, "current_mode");
  const isStanding = (command: string): boolean => isKnown(standing) && standing.state === command;
  const press = (command: string, icon: IconName, entityId: string | undefined): CommandButton[] =>
    entityId === undefined
      ? []
      : [
          {
            command,
            icon,
            isStanding: isStanding(command),
            action: "button.press",
            data: {},
            entityId,
            question: command === "discharge" ? DISCHARGE : null,
          },
        ];
  const options = stateOf(hass, device, "mode")?.attributes["options"];
  const modes = Object.entries(MODES).flatMap(([command, icon]): CommandButton[] =>
    mode === undefined || !Array.isArray(options) || !options.includes(command)
      ? []
      : [
          {
            command,
            icon,
            isStanding: isStanding(command),
            action: "select.select_option",
            data: { option: command },
            entityId: mode,
            question: command === "auto_export" ? EXPORT : null,
          },
        ],
  );
  return [...press("charge", "charge", charge), ...press("discharge", "discharge", discharge), ...modes];
}

function chargerButtons(hass: Hass, device: AmpsDevice, entityId: string): CommandButton[] {
  const state = stateOf(hass, device, "charging_enabled")?.state;
  const button = (command: string, icon: IconName, to: "on" | "off"): CommandButton => ({
    command,
    icon,
    isStanding: state === to,
    action: `switch.turn_${to}`,
    data: {},
    entityId,
    question: null,
  });
  return [button("charge", "flash", "on"), button("idle", "stop", "off")];
}
