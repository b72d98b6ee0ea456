/** Cards on a page, and a Home Assistant that answers their actions. */

import { afterEach, beforeAll, vi, type Mock } from "vitest";
import type { DeviceDetails } from "../src/data/device-details.ts";
import type { Hass, LovelaceCard } from "../src/ha/types.ts";
import { BATTERY, details, hassWith } from "./hass.ts";

export type CallService = (
  domain: string,
  service: string,
  data: unknown,
  target: { device_id?: string | string[] },
) => Promise<unknown>;

export interface Card extends LovelaceCard {
  readonly updateComplete: Promise<boolean>;
}

beforeAll(async () => {
  vi.stubGlobal(
    "IntersectionObserver",
    class {
      observe = vi.fn();
      disconnect = vi.fn();
    },
  );
  await import("../src/amps-cards.ts");
});

afterEach(() => {
  document.body.replaceChildren();
  document.documentElement.lang = "";
});

/** A Home Assistant whose actions are answered with these details of each device. */
export function connected(
  given: DeviceDetails = details(),
  states = BATTERY,
): { hass: Hass; callService: Mock<CallService> } {
  const callService = vi.fn<CallService>((_domain, _service, _data, target) => {
    const ids = [target.device_id ?? []].flat();
    const devices = Object.fromEntries(ids.map((id) => [id, { ok: true, reading: given }]));
    return Promise.resolve({ response: { devices } });
  });
  return { hass: { ...hassWith(states), callService: callService as unknown as Hass["callService"] }, callService };
}

export async function show(
  hass: Hass,
  config: Readonly<Record<string, unknown>> = { device: "device" },
): Promise<Card> {
  const card = document.createElement("amps-device-card") as Card;
  card.setConfig({ type: "custom:amps-device-card", ...config });
  card.hass = hass;
  document.body.append(card);
  await settled(card);
  return card;
}

export async function settled(card: Card): Promise<void> {
  // Once the browser is idle the rest of a card is shown, and when it is again what that needs is asked for.
  for (let turn = 0; turn < 2; turn++) {
    await new Promise((resolve) => setTimeout(resolve));
    await card.updateComplete;
  }
}
