/** What is asked before a command is sent, or sent again in place of what is in the way. */

import type { DeviceType } from "../data/device-index.ts";
import type { Failure } from "../ha/actions.ts";
import type { Question } from "../ha/dialog.ts";
import type { Hass } from "../ha/types.ts";
import type { TextKey, Translate } from "../texts/index.ts";
import { commandName } from "../texts/words.ts";
import type { Planned } from "./view-model.ts";

/** The commands that take energy out of the home's storage. */
const CONFIRMED: Readonly<Partial<Record<string, readonly [TextKey, TextKey]>>> = {
  discharge: ["confirm_discharge", "confirm_discharge_text"],
  auto_export: ["confirm_export", "confirm_export_text"],
};

/** Return what to ask before a command, null where it needs no question. */
export function confirmation(
  hass: Hass,
  t: Translate,
  command: string,
  type: DeviceType | null,
  device: string,
): Question | null {
  const [title, text] = CONFIRMED[command] ?? [];
  return title && text ? question(t, t(title, { device }), t(text), commandName(hass, command, type)) : null;
}

/** The refusals after which replacing what is in the way can be offered. */
const REPLACEABLE: readonly string[] = ["action_in_the_way", "other_in_the_way"];

/** Return the offer to replace what is in the way, null where a refusal is for another reason. */
export function replacement(
  t: Translate,
  failure: Failure,
  planned: readonly Planned[],
  device: string,
): Question | null {
  if (!REPLACEABLE.includes(failure.key)) return null;
  const text = t("replace_text", { reason: inTheWay(t, failure, planned) });
  return question(t, t("replace", { device }), text, t("replace_confirm"));
}

/** What is in the way, as the card lists it where it does: the integration names actions by their ids. */
function inTheWay(t: Translate, { key, text }: Failure, planned: readonly Planned[]): string {
  const plans = planned.filter(({ id }) => text.includes(id)).map((plan) => `${plan.text}, ${plan.when}`);
  return key === "action_in_the_way" && plans.length ? t("replace_planned", { plans: plans.join("; ") }) : text;
}

function question(t: Translate, title: string, text: string, confirmText: string): Question {
  return { title, text, confirmText, dismissText: t("keep"), destructive: true };
}
