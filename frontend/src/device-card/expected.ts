/** What to expect of a command that has not been sent: what a dry run of its action says. */

import { callAction } from "../ha/actions.ts";
import { formatMoment, formatQuantity } from "../ha/format.ts";
import type { Hass } from "../ha/types.ts";
import type { Translate } from "../texts/index.ts";
import { actionCall, type Choice } from "./commands.ts";

interface Expected {
  readonly level: number | null;
  readonly reached_at: string | null;
  readonly energy: number | null;
}

interface DryRun {
  readonly devices: Readonly<
    Record<
      string,
      { readonly objections: readonly { readonly message: string }[]; readonly expected: Expected | null } | undefined
    >
  >;
}

/** Return why a device would refuse what was chosen, else what it leads to; "" where nobody knows. */
export async function expectedText(hass: Hass, t: Translate, deviceId: string, choice: Choice): Promise<string> {
  const { action, data } = actionCall(choice);
  const target = { device_id: deviceId };
  const outcome = await callAction<DryRun>(hass, t, action, { ...data, dry_run: true }, target, true);
  const answer = outcome.ok ? outcome.response?.devices[deviceId] : undefined;
  return answer ? (answer.objections[0]?.message ?? textOf(hass, t, answer.expected)) : "";
}

function textOf(hass: Hass, t: Translate, expected: Expected | null): string {
  if (typeof expected?.level !== "number") return "";
  const level = formatQuantity(hass, expected.level, "%", { maximumFractionDigits: 0 });
  const parts = [
    expected.reached_at
      ? t("expected_level", { level, time: formatMoment(hass, new Date(expected.reached_at), new Date()) })
      : t("expected_at_end", { level }),
  ];
  if (expected.energy) parts.push(t("expected_energy", { energy: formatQuantity(hass, expected.energy, "kWh") }));
  return parts.join(", ");
}
