/** The command that stands with its stage, and the last action where that is another one. */

import type { Action } from "../data/device-details.ts";
import { formatAge, formatMoment } from "../ha/format.ts";
import type { Hass } from "../ha/types.ts";
import { commandText, stageText } from "../texts/words.ts";
import type { IconName } from "../ui/icons.ts";
import type { Flow } from "./flow.ts";
import { isRecentFailure, lastAction } from "./last-action.ts";
import { standingCommand } from "./standing-command.ts";
import type { ViewInput } from "./view-input.ts";

/** The stage of a command: always an icon and words, never a colour alone. */
export interface Stage {
  readonly icon: IconName;
  readonly tone: "normal" | "good" | "warning" | "danger";
  readonly text: string;
}

export interface Standing {
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

export function standingOf(input: ViewInput, flow: Flow): { standing: Standing | null; action: Action | null } {
  const { hass, device, details, translate, now } = input;
  const standing = standingCommand(hass, device, details, now);
  if (standing === null) return { standing: null, action: null };
  const { action } = standing;
  const until = action?.end ? ` ${translate("until", { time: formatMoment(hass, new Date(action.end), now) })}` : "";
  return {
    standing: {
      text: standing.text + until,
      stage: action?.state ? stageOf(hass, action.state) : null,
      isPending: isPending(standing.command, action, flow, now),
    },
    action,
  };
}

const MAX_PENDING = 300_000;

/** Whether a device whose command is to charge or discharge does not do so yet. */
function isPending(command: string, action: Action | null, flow: Flow, now: Date): boolean {
  const expected = { charge: "in", discharge: "out" }[command];
  const at = action?.acknowledged_at ?? action?.created_at;
  if (expected === undefined || !at || now.getTime() - Date.parse(at) > MAX_PENDING) return false;
  const target = action?.parameters?.["target"]?.value;
  const isReached =
    target !== undefined && flow.level !== null && (command === "charge" ? flow.level >= target : flow.level <= target);
  return flow.direction !== expected && !isReached;
}

export function lastOf(input: ViewInput, standing: Action | null): Last | null {
  const { hass, details, now } = input;
  const last = lastAction(input);
  // What stands has its stage beside it, what failed is a notice, and what is scheduled is listed.
  if (!last?.state || isRecentFailure(last, now)) return null;
  const isStanding = standing !== null && standing.id === details?.last_action?.id;
  const isListed = last.state === "scheduled" && details !== null;
  if (isStanding || isListed) return null;
  return { text: `${commandText(hass, last)}, ${formatAge(hass, last.at, now)}`, stage: stageOf(hass, last.state) };
}
