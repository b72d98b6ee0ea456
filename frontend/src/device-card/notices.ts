/** What the user has to know of a device before anything else. */

import { stateOf } from "../data/device-index.ts";
import { formatAge } from "../ha/format.ts";
import { commandText, reasonText, sentenceText } from "../texts/words.ts";
import type { IconName } from "../ui/icons.ts";
import { isRecentFailure, lastAction } from "./last-action.ts";
import type { ViewInput } from "./view-input.ts";

/** Something that the user has to know before anything else. */
export interface Notice {
  readonly key: "unreachable" | "unavailable" | "not_loaded" | "overridden" | "failed";
  readonly tone: "warning" | "danger";
  readonly icon: IconName;
  readonly title: string;
  readonly text: string;
}

export function noticesOf(input: ViewInput, isAvailable: boolean): Notice[] {
  const { hass, device, details, translate, now } = input;
  const notices: Notice[] = [];
  const reachable = stateOf(hass, device, "reachable")?.state;
  if (reachable === "off") {
    const reason = details?.error_code ? ` ${reasonText(hass, details.error_code)}.` : "";
    notices.push(
      notice("unreachable", "warning", "unreachable", translate("unreachable"), translate("unreachable_text") + reason),
    );
  } else if (!isAvailable) {
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

function notice(key: Notice["key"], tone: Notice["tone"], icon: IconName, title: string, text: string): Notice {
  return { key, tone, icon, title, text };
}
