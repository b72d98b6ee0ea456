// @vitest-environment happy-dom
import { expect, test, vi } from "vitest";
import type { Hass } from "../src/ha/types.ts";
import { loadTexts } from "../src/texts/index.ts";
import { connected, settled, show, type Card } from "./cards.ts";
import { action, BATTERY, details, hassWith, PERCENT } from "./hass.ts";

function textOf(card: Card): string {
  return card.shadowRoot?.querySelector("ha-card")?.textContent.replace(/\s+/g, " ").trim() ?? "";
}

function withState(hass: Hass, entityId: string, state: string): Hass {
  const before = hass.states[entityId];
  if (!before) throw new Error(`no ${entityId}`);
  return { ...hass, states: { ...hass.states, [entityId]: { ...before, state } } };
}

test("renders when its own entities change, and not when others do", async () => {
  const { hass } = connected();
  const card = await show(hass);
  const update = vi.spyOn(card as unknown as { requestUpdate(): void }, "requestUpdate");
  card.hass = { ...hass, states: { ...hass.states, "sensor.other": hass.states["sensor.renamed_0"] } };
  expect(update).not.toHaveBeenCalled();
  card.hass = withState(hass, "sensor.renamed_0", "68");
  expect(update).toHaveBeenCalledOnce();
});

test("asks for the details of all cards in one call, and again when an action changes", async () => {
  const { hass, callService } = connected();
  const [card] = await Promise.all([show(hass), show(hass)]);
  const asked = (): unknown[] => callService.mock.calls.filter(([, service]) => service === "get_device");
  expect(asked()).toHaveLength(1);
  card.hass = withState(hass, "sensor.renamed_6", "scheduled");
  await settled(card);
  expect(asked()).toHaveLength(2);
});

test("asks for nothing about a device that is not loaded, which would be an error in the log", async () => {
  const unavailable = Object.fromEntries(Object.keys(BATTERY).map((id) => [id, "unavailable"]));
  const { hass, callService } = connected(details(), unavailable);
  await Promise.all([show(hass), show(hass, { device: "gone" })]);
  expect(callService).not.toHaveBeenCalled();
});

test("shows names as text, whatever characters they hold", async () => {
  const { hass } = connected();
  const card = await show(hass, { device: "device", name: "<img src=x onerror=alert(1)>" });
  expect(card.shadowRoot?.querySelector("h2")?.textContent).toBe("<img src=x onerror=alert(1)>");
});

test("offers a button for each declared command, marks what stands, and none without controls", async () => {
  const { hass } = connected();
  const buttons = (card: Card): Element[] => [...(card.shadowRoot?.querySelectorAll("[data-command]") ?? [])];
  const offered = buttons(await show(hass));
  expect(offered.map((button) => button.textContent.trim())).toEqual([
    "Charge",
    "Discharge",
    "Idle",
    "Self-consumption",
  ]);
  expect(offered.map((button) => button.getAttribute("aria-current"))).toEqual([null, null, null, "true"]);
  expect(buttons(await show(hass, { device: "device", controls: false }))).toEqual([]);
});

test("cancels what is scheduled", async () => {
  const start = new Date(Date.now() + 3_600_000).toISOString();
  const { hass, callService } = connected(
    details({ open_actions: [action({ id: "act_7", state: "scheduled", start })] }),
  );
  const card = await show(hass);
  card.shadowRoot?.querySelector<HTMLElement>(".plans button")?.click();
  await settled(card);
  expect(callService).toHaveBeenCalledWith("amps", "cancel_action", { action_id: "act_7" }, {}, false, false);
});

test("says why an action was refused, in the words of the integration", async () => {
  const { hass, callService } = connected(details(), { ...BATTERY, "button.refresh": "unknown" });
  const card = await show(hass);
  const refusal = Object.assign(new Error("raw"), { translation_domain: "amps", translation_key: "rate_limited" });
  callService.mockRejectedValueOnce(refusal);
  card.shadowRoot?.querySelector<HTMLElement>(".footer button")?.click();
  await settled(card);
  expect(card.shadowRoot?.querySelector("[role=alert]")?.textContent).toMatch(/^Amps asks for fewer requests/);
});

test("shows no number where nothing can be trusted", async () => {
  const gone = {
    ...BATTERY,
    "sensor.level": { state: "unavailable", attributes: PERCENT },
    "binary_sensor.reachable": "off",
  };
  const text = textOf(await show(connected(details(), gone).hass));
  expect(text).toContain("Not reachable");
  expect(text).not.toMatch(/\d/);
});

test("says what is missing instead of failing", async () => {
  const { hass } = connected();
  expect(textOf(await show(hass, {}))).toBe("Choose a device in the editor of the card.");
  expect(textOf(await show(hass, { device: "gone" }))).toContain("not in Home Assistant any more");
});

test.each([[null], ["text"], [{ device: 7 }], [{ controls: "yes" }]])(
  "refuses a configuration that it cannot use: %j",
  (config) => {
    const card = document.createElement("amps-device-card") as Card;
    expect(() => {
      card.setConfig(config);
    }).toThrow();
  },
);

test("is registered under a name in the language of the page", async () => {
  const registration = window.customCards?.find(({ type }) => type === "amps-device-card");
  expect(registration?.name).toBe("Amps device");
  await loadTexts("de");
  document.documentElement.lang = "de";
  expect(registration?.name).toBe("Amps-Gerät");
});

test("is suggested for entities of Amps' devices alone, with a complete configuration", () => {
  const hass = hassWith({
    ...BATTERY,
    "sensor.level@other": { state: "1", platform: "template" },
    "calendar.schedule": { state: "off", device: "account" },
  });
  const suggest = window.customCards?.find(({ type }) => type === "amps-device-card")?.getEntitySuggestion;
  const ids = Object.keys(hass.entities);
  expect(suggest?.(hass, ids[0] ?? "")).toEqual({ config: { type: "custom:amps-device-card", device: "device" } });
  expect(suggest?.(hass, ids.at(-2) ?? "")).toBeNull();
  expect(suggest?.(hass, ids.at(-1) ?? "")).toBeNull();
  expect(suggest?.(hass, "sensor.none")).toBeNull();
});
