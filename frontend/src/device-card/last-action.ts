/** The last action of a device, whether or not it is the one that stands. */

import type { Action } from "../data/device-details.ts";
import { isKnown, stateOf } from "../data/device-index.ts";
import type { ViewInput } from "./view-input.ts";

export type LastAction = Pick<Action, "command" | "parameters" | "state" | "error_code"> & { readonly at: Date };

/** The last action as its entity shows it at once, with the parameters as soon as they are known. */
export function lastAction({
  hass,
  device,
  details,
}: Pick<ViewInput, "hass" | "device" | "details">): LastAction | null {
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

/** Milliseconds for which a failure is a notice; then it is a stage like others. */
const RECENT = 86_400_000;

export function isRecentFailure({ state, at }: LastAction, now: Date): boolean {
  return state === "failed" && now.getTime() - at.getTime() < RECENT;
}
