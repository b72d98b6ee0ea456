/** What the device card shows: a pure function of states, details and the time. */

import type { Action, DeviceDetails } from "../data/device-details.ts";
import { deviceName, isKnown, stateOf, type AmpsDevice, type EntityKey } from "../data/device-index.ts";
import { formatAge, formatMoment, formatRange } from "../ha/format.ts";
import type { Hass } from "../ha/types.ts";
import type { Translate } from "../texts/index.ts";
import { commandText, planText, quantity, reasonText, sentenceText, stageText } from "../texts/words.ts";
import type { IconName } from "../ui/icons.ts";
import { flowOf, type Flow } from "./flow.ts";
import type { ExpectedLevel } from "./ribbon-geometry.ts";
import { standingCommand } from "./standing-command.ts";

export type Tone = "normal" | "good" | "warning" | "danger";

/** Something that the user has to know before anything else. */
export interface Notice {
  readonly key: "unreachable" | "unavailable" | "not_loaded" | "overridden" | "failed";
  readonly tone: Tone;
  readonly icon: IconName;
  readonly title: string;
  readonly text: string;
}

/** The stage of a command: always an icon and words, never a colour alone. */
export interface Stage {
  readonly icon: IconName;
  readonly tone: Tone;
  readonly text: string;
}

export interface Told {
  readonly text: string;
  /** The stage of the action that stands, null where nobody knows of one. */
  readonly stage: Stage | null;
  /** Whether the device has still to show it. */
  readonly isPending: boolean;
}

export interface Last {
  readonly text: string;
  readonly stage: Stage;
}

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
  readonly told: Told | null;
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

export interface ViewInput {
  readonly hass: Hass;
  readonly device: AmpsDevice;
  readonly details: DeviceDetails | null;
  readonly translate: Translate;
  readonly now: Date;
  readonly name?: string | undefined;
}

export function buildHead(input: ViewInput): DeviceHead {
  const { hass, device, translate, now } = input;
  const flow = flowOf(hass, device, translate, now);
  return {
    name: input.name ?? deviceName(hass, device.id),
    flow,
    isAvailable: isAvailable(input, flow),
    notices: noticesOf(input, flow),
  };
}

export function buildView(input: ViewInput): DeviceView {
  const { device, details } = input;
  const head = buildHead(input);
  const told = toldOf(input, head.flow);
  return {
    ...head,
    marks: marksOf(input),
    facts: factsOf(input),
    told: told.told,
    last: lastOf(input, told.action),
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

function isAvailable({ hass, device }: ViewInput, flow: Flow): boolean {
  const shown = flow.entityId === undefined ? READINGS.map((key) => device.entities[key]) : [flow.entityId];
  return (
    stateOf(hass, device, "reachable")?.state !== "off" &&
    shown.some(
      (entityId) => entityId !== undefined && (hass.states[entityId]?.state ?? "unavailable") !== "unavailable",
    )
  );
}

// What has to be known first.

function noticesOf(input: ViewInput, flow: Flow): Notice[] {
  const { hass, device, details, translate, now } = input;
  const notices: Notice[] = [];
  const reachable = stateOf(hass, device, "reachable")?.state;
  if (reachable === "off") {
    const reason = details?.error_code ? ` ${reasonText(hass, details.error_code)}.` : "";
    notices.push(
      notice("unreachable", "warning", "unreachable", translate("unreachable"), translate("unreachable_text") + reason),
    );
  } else if (!isAvailable(input, flow)) {
    const isLoaded = reachable !== "unavailable" && reachable !== undefined;
    notices.push(
      isLoaded
        ? notice("unavailable", "warning", "clock", translate("unavailable"), translate("unavailable_text"))
        : notice("not_loaded", "warning", "unreachable", translate("not_loaded"), ""),
    );
  }
  if (stateOf(hass, device, "overridden")?.state === "on")
    notices.push(notice("overridden", "warning", "overridden", translate("overridden"), translate("overridden_text")));
  const last = lastAction(input);
  if (last && isRecentFailure(last, now)) {
    const title = sentenceText(hass, "logbook_failed", { command: commandText(hass, last) });
    notices.push(
      notice(
        "failed",
        "danger",
        "alert",
        title,
        `${last.error_code ? reasonText(hass, last.error_code) : translate("failed_unknown")} (${formatAge(hass, last.at, now)})`,
      ),
    );
  }
  return notices;
}

function notice(key: Notice["key"], tone: Tone, icon: IconName, title: string, text: string): Notice {
  return { key, tone, icon, title, text };
}

/** Milliseconds for which a failure is a notice; then it is a stage like others. */
const RECENT = 86_400_000;

function isRecentFailure({ state, at }: LastAction, now: Date): boolean {
  return state === "failed" && now.getTime() - at.getTime() < RECENT;
}

// What it was told.

type LastAction = Pick<Action, "command" | "parameters" | "state" | "error_code"> & { readonly at: Date };

/** The last action as its entity shows it at once, with the parameters as soon as they are known. */
function lastAction({ hass, device, details }: ViewInput): LastAction | null {
  const stateObject = stateOf(hass, device, "last_action");
  if (!isKnown(stateObject)) return null;
  const { command, reason } = stateObject.attributes;
  const newest = details?.last_action ?? null;
  const known = newest?.command === command && newest?.state === stateObject.state ? newest : null;
  return {
    command: typeof command === "string" ? command : null,
    parameters: known?.parameters ?? null,
    state: stateObject.state as Action["state"],
    error_code: typeof reason === "string" ? reason : null,
    at: new Date(known?.updated_at ?? known?.created_at ?? stateObject.last_changed),
  };
}

const STAGES: Readonly<Record<string, Pick<Stage, "icon" | "tone">>> = {
  scheduled: { icon: "clock", tone: "normal" },
  acknowledged: { icon: "sent", tone: "normal" },
  completed: { icon: "check", tone: "good" },
  failed: { icon: "alert", tone: "danger" },
  cancelled: { icon: "cancelled", tone: "normal" },
};

function stageOf(hass: Hass, state: string): Stage {
  return { ...(STAGES[state] ?? { icon: "clock", tone: "normal" }), text: stageText(hass, state) };
}

function toldOf(input: ViewInput, flow: Flow): { told: Told | null; action: Action | null } {
  const { hass, device, details, translate, now } = input;
  const standing = standingCommand(hass, device, details, now);
  if (standing === null) return { told: null, action: null };
  const { action } = standing;
  const until = action?.end ? ` ${translate("until", { time: formatMoment(hass, new Date(action.end), now) })}` : "";
  return {
    told: {
      text: standing.text + until,
      stage: action?.state ? stageOf(hass, action.state) : null,
      isPending: isPending(standing.command, action, flow, now),
    },
    action,
  };
}

const MAX_PENDING = 300_000;

/** Whether a device that was just told to charge or discharge does not do so yet. */
function isPending(command: string, action: Action | null, flow: Flow, now: Date): boolean {
  const expected = { charge: "in", discharge: "out" }[command];
  const at = action?.acknowledged_at ?? action?.created_at;
  if (expected === undefined || !at || now.getTime() - Date.parse(at) > MAX_PENDING) return false;
  const target = action?.parameters?.["target"]?.value;
  const isReached =
    target !== undefined && flow.level !== null && (command === "charge" ? flow.level >= target : flow.level <= target);
  return flow.direction !== expected && !isReached;
}

function lastOf(input: ViewInput, standing: Action | null): Last | null {
  const { hass, details, now } = input;
  const last = lastAction(input);
  // What stands has its stage beside it, what failed is a notice, and what is scheduled is listed.
  if (!last?.state || isRecentFailure(last, now)) return null;
  const isStanding = standing !== null && standing.id === details?.last_action?.id;
  const isListed = last.state === "scheduled" && details !== null;
  if (isStanding || isListed) return null;
  return { text: `${commandText(hass, last)}, ${formatAge(hass, last.at, now)}`, stage: stageOf(hass, last.state) };
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
