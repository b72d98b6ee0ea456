// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from "vitest";
import { connected, settled, show, type Card } from "./cards.ts";
import { action, details } from "./hass.ts";

interface Form {
  readonly card: Card;
  find(selector: string): HTMLInputElement;
  send(): Promise<void>;
  text(): string;
}

afterEach(() => {
  delete window.loadCardHelpers;
});

/** Open the form of a command as a person does. */
async function open(card: Card, command: string): Promise<Form> {
  card.shadowRoot?.querySelector<HTMLElement>(`[data-command="${command}"]`)?.click();
  await settled(card);
  const root = (): ShadowRoot | null | undefined => card.shadowRoot?.querySelector("amps-command-form")?.shadowRoot;
  const find = (selector: string): HTMLInputElement => {
    const found = root()?.querySelector<HTMLInputElement>(selector);
    if (!found) throw new Error(`no ${selector}`);
    return found;
  };
  return {
    card,
    find,
    send: async () => {
      find("form").dispatchEvent(new Event("submit", { cancelable: true }));
      for (let turn = 0; turn < 4; turn++) await settled(card);
    },
    text: () => root()?.textContent ?? "",
  };
}

function set(input: HTMLInputElement, value: string): void {
  input.value = value;
  input.dispatchEvent(new Event("change"));
}

function label(form: Form, key: string): string {
  return form.find(`label[for=${key}]`).textContent.replace(/\s+/g, " ").trim();
}

/** Answer all questions, and return what was asked. */
function answer(yes: boolean): ReturnType<typeof vi.fn> {
  const ask = vi.fn(() => Promise.resolve(yes));
  window.loadCardHelpers = () => Promise.resolve({ showConfirmationDialog: ask });
  return ask;
}

const refusal = (key: string): Error =>
  Object.assign(new Error("raw"), {
    translation_domain: "amps",
    translation_key: key,
    translation_placeholders: { device: "Battery", actions: "act_7" },
  });

function sent(callService: ReturnType<typeof connected>["callService"]): unknown[] {
  return callService.mock.calls
    .filter(([, service]) => service !== "get_device")
    .map(([, service, data]) => [service, data]);
}

test("a number beyond its bounds becomes the bound, and is what is sent", async () => {
  const { hass, callService } = connected();
  const form = await open(await show(hass), "charge");
  set(form.find("#target_level"), "150");
  expect(form.find("#target_level").value).toBe("100");
  set(form.find("#target_level"), "5");
  expect(form.find("#target_level").value).toBe("10");
  await form.send();
  expect(sent(callService)).toEqual([["charge", { target_level: 10 }]]);
  expect(form.card.shadowRoot?.querySelector("amps-command-form")).toBeNull();
});

test("discharging asks first, and is not sent without a yes", async () => {
  const { hass, callService } = connected();
  const ask = answer(false);
  const form = await open(await show(hass), "discharge");
  await form.send();
  expect(ask).toHaveBeenCalledOnce();
  expect(sent(callService)).toEqual([]);
});

test("what exports afterwards asks first, too", async () => {
  const battery = details();
  const commands = {
    ...battery.commands,
    auto_export: { execution: ["immediate"] as const, parameters: {} },
  };
  const { hass, callService } = connected({ ...battery, commands });
  const ask = answer(false);
  const form = await open(await show(hass), "charge");
  form.find("input[value=window]").click();
  await settled(form.card);
  set(form.find("#then"), "auto_export");
  await form.send();
  expect(ask.mock.calls[0]?.[1]).toMatchObject({ title: "Export from Battery?" });
  expect(sent(callService)).toEqual([]);
});

test("a second press while a question is open asks nothing more", async () => {
  const { hass, callService } = connected();
  const ask = answer(true);
  const form = await open(await show(hass), "discharge");
  await Promise.all([form.send(), form.send()]);
  expect(ask).toHaveBeenCalledOnce();
  expect(sent(callService)).toHaveLength(1);
});

test("a bound between two steps can be sent", async () => {
  const { hass } = connected();
  const form = await open(await show(hass), "charge");
  expect(form.find("#power").step).toBe("any");
});

test("a connection that is lost says nothing of the command, and closes no form", async () => {
  const { hass, callService } = connected();
  const form = await open(await show(hass), "charge");
  callService.mockRejectedValueOnce({ type: "result", success: false, error: { code: 3, message: "lost" } });
  await form.send();
  expect(form.find("[role=alert]").textContent).toContain("is not known yet");
  form.card.hass = { ...hass, connected: false };
  await settled(form.card);
  callService.mockRejectedValueOnce(3);
  form.card.hass = { ...hass, connected: true };
  await settled(form.card);
  expect(form.find("[role=alert]").textContent).toContain("is not known yet");
});

test("what is in the way is replaced only if the user says so, knowing what that may delete", async () => {
  const start = new Date(Date.now() + 3_600_000).toISOString();
  const planned = action({
    id: "act_7",
    state: "scheduled",
    start,
    parameters: { target: { value: 90, unit: "percent" } },
  });
  const other = action({ id: "act_8", command: "discharge", state: "scheduled", start });
  const { hass, callService } = connected(details({ open_actions: [planned, other] }));
  const form = await open(await show(hass), "idle");
  callService.mockRejectedValueOnce(refusal("action_in_the_way"));
  const ask = answer(true);
  await form.send();
  expect(ask.mock.calls[0]?.[1]).toMatchObject({ title: "Replace what is planned?", destructive: true });
  expect(JSON.stringify(ask.mock.calls[0]?.[1])).toMatch(/Charge to 90%.*manufacturer's app/);
  expect(JSON.stringify(ask.mock.calls[0]?.[1])).not.toContain("Discharge");
  expect(sent(callService)).toEqual([
    ["idle", {}],
    ["idle", { on_conflict: "cancel_and_replace" }],
  ]);
});

test("a refusal is shown in the form, which keeps what was typed", async () => {
  const { hass, callService } = connected();
  const form = await open(await show(hass), "charge");
  set(form.find("#target_level"), "80");
  callService.mockRejectedValueOnce(refusal("device_busy"));
  await form.send();
  expect(form.find("[role=alert]").textContent).toContain("is carrying out another action");
  expect(form.find("#target_level").value).toBe("80");
});

test("a time that is not today's says which day it is, also when that changes while the form is open", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2026-06-14T12:00:00Z") }); // 13:00 in London
  try {
    const { hass } = connected();
    const form = await open(await show(hass), "charge");
    form.find("input[value=window]").click();
    await settled(form.card);
    const choose = async (start: string, end: string): Promise<string[]> => {
      set(form.find("#start"), start);
      set(form.find("#end"), end);
      await settled(form.card);
      return ["start", "end"].map((key) => label(form, key));
    };
    expect(await choose("23:30", "23:45")).toEqual(["Start", "End"]);
    expect(await choose("23:30", "05:30")).toEqual(["Start", "End (tomorrow)"]);
    expect(await choose("13:00", "12:00")).toEqual(["Start (tomorrow)", "End (in 2 days)"]);
    expect(await choose("13:30", "14:00")).toEqual(["Start", "End"]);
    vi.setSystemTime(Date.parse("2026-06-14T12:30:00Z"));
    document.dispatchEvent(new Event("visibilitychange"));
    await settled(form.card);
    expect(label(form, "start")).toBe("Start (tomorrow)");
  } finally {
    vi.useRealTimers();
  }
});

test("a new reading leaves an open form as it is", async () => {
  const { hass } = connected();
  const card = await show(hass);
  const form = await open(card, "charge");
  set(form.find("#target_level"), "80");
  card.hass = {
    ...hass,
    states: { ...hass.states, "sensor.renamed_0": { ...Object.values(hass.states)[0], state: "68" } as never },
  };
  await settled(card);
  expect(form.find("#target_level").value).toBe("80");
});
