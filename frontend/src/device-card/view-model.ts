/** What the device card shows: a pure function of states, details and the time. */

import type { Action } from "../data/device-details.ts";
import { deviceName, isKnown, stateOf, type AmpsDevice, type EntityKey } from "../data/device-index.ts";
import { formatAge, formatMoment, formatRange } from "../ha/format.ts";
import { planText, quantity, sentenceText } from "../texts/words.ts";
import { flowOf, type Flow } from "./flow.ts";
import { noticesOf, type Notice } from "./notices.ts";
import type { ExpectedLevel } from "./ribbon-geometry.ts";
import { standingCommand } from "./standing-command.ts";
import { lastOf, standingOf, type Last, type Standing } from "./command-stages.ts";
import type { ViewInput } from "./view-input.ts";

export interface Planned {
  readonly id: string;
  readonly text: string;
  readonly when: string;
  readonly isRunning: boolean;
  readonly isCancellable: boolean;
  readonly start: number;
  /** null for what goes on until another command. */
  readonly end: number | null;
  /** The level that it is to reach, in percent. */
  readonly target: number | null;
}

export interface Mark {
  readonly kind: "target" | "floor" | "limit";
  readonly value: number;
  readonly label: string;
}

/** What is painted first: what the device does, and what is wrong. */
export interface DeviceHead {
  readonly name: string;
  readonly flow: Flow;
  readonly isAvailable: boolean;
  readonly notices: readonly Notice[];
}

export interface DeviceView extends DeviceHead {
  readonly marks: readonly Mark[];
  /** Further values, by their names. */
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  readonly standing: Standing | null;
  /** The last action, where that is not the one that stands. */
  readonly last: Last | null;
  readonly planned: readonly Planned[];
  /** The first one now; at most that one where nobody knows. */
  readonly expected: readonly ExpectedLevel[];
  /** Where the reading is from, and how old it is. */
  readonly data: string;
  readonly isRefreshable: boolean;
  /** Whether there is any control: there is none in monitor-only mode. */
  readonly isControllable: boolean;
}

export function buildHead(input: ViewInput): DeviceHead {
  const { hass, device, translate, now } = input;
  const flow = flowOf(hass, device, translate, now);
  const isAvailable = isDeviceAvailable(input, flow);
  return {
    name: input.name ?? deviceName(hass, device.id),
    flow,
    isAvailable,
    notices: noticesOf(input, isAvailable),
  };
}

export function buildView(input: ViewInput): DeviceView {
  const { device, details } = input;
  const head = buildHead(input);
  const { standing, action } = standingOf(input, head.flow);
  return {
    ...head,
    marks: marksOf(input),
    facts: factsOf(input),
    standing,
    last: lastOf(input, action),
    planned: (details?.open_actions ?? [])
      .flatMap((action) => plannedOf(input, action))
      .sort((a, b) => a.start - b.start),
    expected: expectedFrom(input, head.flow),
    data: dataOf(input),
    isRefreshable: device.entities.refresh !== undefined,
    isControllable: CONTROLS.some((key) => device.entities[key] !== undefined),
  };
}

/** The levels to expect from now on, which begin at the one that there is. */
function expectedFrom({ details, now }: ViewInput, { level }: Flow): ExpectedLevel[] {
  const all = (details?.expected_levels ?? []).map(({ at, level: expected }) => ({
    at: Date.parse(at),
    level: expected,
  }));
  const later = all.filter(({ at }) => at > now.getTime());
  return level === null || later.length === 0 ? [] : [{ at: now.getTime(), level }, ...later];
}

/** The entities that are gone in monitor-only mode. */
const CONTROLS: readonly EntityKey[] = ["cancel_scheduled", "charge", "discharge", "mode", "charging_enabled"];

/** The entities that show the reading of a device which has no main value, or whose entity of that is disabled. */
const READINGS: readonly EntityKey[] = [
  "status",
  "power",
  "charge_power",
  "charging",
  "connected",
  "plugged_in",
  "producing",
  "temperature",
  "active",
];

function isDeviceAvailable({ hass, device }: ViewInput, flow: Flow): boolean {
  const shown = flow.entityId === undefined ? READINGS.map((key) => device.entities[key]) : [flow.entityId];
  return (
    stateOf(hass, device, "reachable")?.state !== "off" &&
    shown.some(
      (entityId) => entityId !== undefined && (hass.states[entityId]?.state ?? "unavailable") !== "unavailable",
    )
  );
}

// What is planned.

function plannedOf({ hass, now }: ViewInput, action: Action): Planned[] {
  if (!action.start) return [];
  const start = new Date(action.start);
  const end = action.end ? new Date(action.end) : null;
  if ((end ?? start) <= now) return [];
  return [
    {
      id: action.id,
      text: planText(hass, action),
      when: end ? formatRange(hass, start, end, now) : formatMoment(hass, start, now),
      isRunning: start <= now,
      isCancellable: action.state === "scheduled" && start > now,
      start: start.getTime(),
      end: end?.getTime() ?? null,
      target: targetLevel(action),
    },
  ];
}

function targetLevel({ parameters }: Action): number | null {
  const target = parameters?.["target"];
  return target?.unit === "percent" ? target.value : null;
}

// Further values.

function marksOf({ hass, device, details, now }: ViewInput): Mark[] {
  const marks: Mark[] = [];
  const add = (kind: Mark["kind"], key: EntityKey): void => {
    const stateObject = stateOf(hass, device, key);
    if (!isKnown(stateObject) || !Number.isFinite(Number(stateObject.state))) return;
    const label = hass.localize(`component.amps.entity.${stateObject.entity_id.split(".", 1)[0] ?? ""}.${key}.name`);
    marks.push({ kind, value: Number(stateObject.state), label: `${label}: ${hass.formatEntityState(stateObject)}` });
  };
  if (device.type === "battery") {
    add("floor", "discharge_floor");
    const action = standingCommand(hass, device, details, now)?.action;
    const value = action ? targetLevel(action) : null;
    if (value !== null)
      marks.push({
        kind: "target",
        value,
        label: sentenceText(hass, "parameter_target", { value: quantity(hass, value, "percent") }),
      });
  }
  if (device.type === "vehicle") add("limit", "charge_limit");
  return marks;
}

const FACTS: Readonly<Partial<Record<NonNullable<AmpsDevice["type"]>, readonly EntityKey[]>>> = {
  vehicle: ["range", "charge_limit"],
  solar_inverter: ["energy"],
  ev_charger: ["max_charge_rate", "energy"],
};

function factsOf({ hass, device }: ViewInput): { label: string; value: string }[] {
  return (device.type ? (FACTS[device.type] ?? []) : []).flatMap((key) => {
    const stateObject = stateOf(hass, device, key);
    if (!isKnown(stateObject)) return [];
    const domain = stateObject.entity_id.split(".", 1)[0] ?? "";
    return [
      {
        label: hass.localize(`component.amps.entity.${domain}.${key}.name`),
        value: hass.formatEntityState(stateObject),
      },
    ];
  });
}

// The reading.

function dataOf(input: ViewInput): string {
  const { hass, device, details, translate } = input;
  const source = stateOf(hass, device, "data_source");
  const pulled = stateOf(hass, device, "last_pulled");
  const parts: string[] = [];
  if (isKnown(source)) parts.push(hass.formatEntityState(source));
  else if (details?.data_source === "projection") parts.push(translate("simulated"));
  if (isKnown(pulled)) parts.push(readAt(input, new Date(pulled.state)));
  return parts.join(" · ");
}

function readAt({ hass, translate, now }: ViewInput, at: Date): string {
  if (now.getTime() - at.getTime() < 60_000) return translate("read_just_now");
  return translate("read_at", { age: formatAge(hass, at, now) });
}
