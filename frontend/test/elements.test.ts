// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { EntityEntry, Hass, LovelaceCard } from "../src/ha/types.ts";
import "../src/home-card/home-card.ts";
import { MAX_OF_TYPE } from "../src/home-card/view-model.ts";
import "../src/tile-feature/tile-feature.ts";
import { BATTERY, hassWith, NOW, type Given } from "./hass.ts";
import { homeWith } from "./home.ts";

interface Rendered extends HTMLElement {
  hass: Hass;
  readonly updateComplete: Promise<boolean>;
}

interface Feature extends Rendered {
  context: { readonly entity_id: string };
  setConfig(config: unknown): void;
}

const OPTIONS = { options: ["idle", "auto_balanced"] };
const COMMANDED: Readonly<Record<string, Given | string>> = {
  ...BATTERY,
  "select.mode": { state: "auto_balanced", attributes: OPTIONS },
  "button.charge": "unknown",
  "button.discharge": "unknown",
};

function answering(hass: Hass, callService: Hass["callService"]): Hass {
  return { ...hass, callService };
}

function textOf(element: HTMLElement, selector: string): string[] {
  return [...(element.shadowRoot?.querySelectorAll(selector) ?? [])].map((each) => each.textContent.trim());
}

function collect(element: HTMLElement, type: string): unknown[] {
  const details: unknown[] = [];
  element.addEventListener(type, (event) => details.push((event as CustomEvent).detail));
  return details;
}

function entityOf(hass: Hass, key: string, device?: string): string {
  const isMeant = (entry: EntityEntry | undefined): boolean =>
    entry?.translation_key === key && (device === undefined || entry.device_id === device);
  return Object.values(hass.entities).find(isMeant)?.entity_id ?? "";
}

async function settled(element: Rendered): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
  await element.updateComplete;
}

beforeEach(() => {
  document.body.replaceChildren();
});

afterEach(() => {
  vi.useRealTimers();
});

describe("the home card", () => {
  async function homeCard(
    hass: Hass,
    config: object = {},
    callService: Hass["callService"] = () => Promise.resolve({}),
  ): Promise<LovelaceCard & Rendered> {
    const card = document.createElement("amps-home-card") as LovelaceCard & Rendered;
    card.setConfig(Object.freeze({ type: "custom:amps-home-card", ...config }));
    card.hass = answering(hass, callService);
    document.body.append(card);
    await card.updateComplete;
    return card;
  }

  async function change(card: Rendered, entityId: string, state: string): Promise<void> {
    const old = card.hass.states[entityId] ?? { entity_id: entityId };
    card.hass = { ...card.hass, states: { ...card.hass.states, [entityId]: { ...old, state } as never } };
    await card.updateComplete;
  }

  test("is one button for each device, which opens its main entity", async () => {
    const hass = homeWith({ Sun: { "sensor.power": "1", "binary_sensor.producing": "on" }, Battery: BATTERY });
    const card = await homeCard(hass);
    const opened = collect(card, "hass-more-info");
    expect(textOf(card, ".name")).toEqual(["Sun", "Battery"]);
    card.shadowRoot?.querySelectorAll<HTMLElement>(".row")[1]?.click();
    expect(opened).toEqual([{ entityId: entityOf(hass, "level") }]);
  });

  test("renders when something of its own has changed, and not otherwise", async () => {
    const hass = homeWith({ Battery: BATTERY });
    const card = await homeCard(hass);
    await settled(card);
    const render = vi.spyOn(card as unknown as { render(): unknown }, "render");
    await change(card, "sensor.of_another_integration", "68");
    expect(render).not.toHaveBeenCalled();
    await change(card, entityOf(hass, "level"), "68");
    expect(render).toHaveBeenCalledOnce();
    expect(textOf(card, ".value")).toEqual(["68 %"]);
  });

  test("asks for the details of devices without a row only where they have failed", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: NOW });
    const failed = { state: "failed", attributes: { command: "charge" } };
    const many = Object.fromEntries(Array.from({ length: MAX_OF_TYPE + 2 }, (_, index) => [`B${index}`, BATTERY]));
    const hass = homeWith({ ...many, B9: { ...BATTERY, "sensor.last_action": failed } });
    const ids: string[] = [];
    const card = await homeCard(hass, {}, (_domain, _service, _data, target) => {
      ids.push(...[target?.device_id ?? []].flat());
      return Promise.resolve({});
    });
    await settled(card);
    expect(ids).toEqual(Object.keys(many).filter((name) => name !== "B8"));
    expect(card.shadowRoot?.textContent).toContain("Needs attention: 1");
    await change(card, entityOf(hass, "overridden", "B8"), "on");
    expect(card.shadowRoot?.textContent).toContain("Needs attention: 2");
  });

  test("survives that devices disappear, and says what is missing", async () => {
    const card = await homeCard(homeWith({ Battery: BATTERY }), { config_entry: "account" });
    card.hass = answering(homeWith({}), () => Promise.resolve({}));
    await card.updateComplete;
    expect(card.shadowRoot?.textContent).toContain("This account has no devices");
    card.hass = answering(hassWith({}), () => Promise.resolve({}));
    await card.updateComplete;
    expect(card.shadowRoot?.textContent).toContain("This account has no devices");
    expect((await homeCard(hassWith({}))).shadowRoot?.textContent).toContain("Choose an account");
  });
});

describe("the buttons of a tile", () => {
  async function feature(hass: Hass, callService: Hass["callService"]): Promise<Feature> {
    const element = document.createElement("amps-commands") as Feature;
    element.setConfig(Object.freeze({ type: "custom:amps-commands" }));
    element.hass = answering(hass, callService);
    element.context = { entity_id: entityOf(hass, "mode") };
    document.body.append(element);
    await element.updateComplete;
    return element;
  }

  function button(element: Feature, name: string): HTMLButtonElement {
    const found = [...(element.shadowRoot?.querySelectorAll("button") ?? [])].find(({ title }) => title === name);
    if (!found) throw new Error(`no button ${name}`);
    return found;
  }

  test("a command is pending until the device is to follow it", async () => {
    const hass = hassWith(COMMANDED);
    const callService = vi.fn<(...args: unknown[]) => Promise<Record<string, never>>>(() => Promise.resolve({}));
    const element = await feature(hass, callService);
    button(element, "Idle").click();
    await vi.waitFor(() => {
      expect(callService).toHaveBeenCalledOnce();
    });
    expect(callService.mock.calls[0]?.slice(0, 4)).toEqual([
      "select",
      "select_option",
      { option: "idle" },
      { entity_id: entityOf(hass, "mode") },
    ]);
    await element.updateComplete;
    expect(button(element, "Idle").getAttribute("aria-busy")).toBe("true");
    expect(button(element, "Charge").getAttribute("aria-disabled")).toBe("true");

    const mode = entityOf(hass, "mode");
    const state = { ...hass.states[mode], state: "idle" } as never;
    element.hass = { ...element.hass, states: { ...element.hass.states, [mode]: state } };
    await element.updateComplete;
    expect(button(element, "Idle").getAttribute("aria-busy")).toBe("false");
    expect(button(element, "Idle").getAttribute("aria-pressed")).toBe("true");
    expect(button(element, "Charge").disabled).toBe(false);
  });

  test("a refusal is shown, and the buttons can be used again", async () => {
    const hass = hassWith(COMMANDED);
    const refusal = { code: "home_assistant_error", message: "Unauthorized" };
    // Home Assistant rejects with a plain object.
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
    const element = await feature(hass, () => Promise.reject(refusal));
    const notifications = collect(element, "hass-notification");
    button(element, "Charge").click();
    await vi.waitFor(() => {
      expect(notifications).toEqual([{ message: "You may look at this device, but not control it." }]);
    });
    await element.updateComplete;
    expect(button(element, "Charge").disabled).toBe(false);
  });

  test.each([true, false])("discharging asks first, and is sent only after a yes: %s", async (answer) => {
    const questions: unknown[] = [];
    window.loadCardHelpers = () =>
      Promise.resolve({
        showConfirmationDialog: (_: HTMLElement, question: { readonly title: string }) => {
          questions.push(question.title);
          return Promise.resolve(answer);
        },
      });
    const callService = vi.fn<(...args: unknown[]) => Promise<Record<string, never>>>(() => Promise.resolve({}));
    const element = await feature(hassWith(COMMANDED), callService);
    button(element, "Discharge").click();
    await new Promise((resolve) => setTimeout(resolve));
    expect(questions).toEqual(["Discharge Battery?"]);
    expect(callService).toHaveBeenCalledTimes(answer ? 1 : 0);
  });
});
