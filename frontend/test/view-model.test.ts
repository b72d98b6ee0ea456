import { describe, expect, test } from "vitest";
import { deviceIndex } from "../src/data/device-index.ts";
import type { DeviceDetails } from "../src/data/device-details.ts";
import { buildView, type DeviceView } from "../src/device-card/view-model.ts";
import { translator } from "../src/texts/index.ts";
import { action, BATTERY, details, hassWith, KILOWATT, NOW, PERCENT, type Given } from "./hass.ts";

type States = Readonly<Record<string, Given | string>>;

function view(states: States, given: DeviceDetails | null = null): DeviceView {
  const hass = hassWith(states);
  const device = deviceIndex(hass).get("device");
  if (!device) throw new Error("no device");
  return buildView({ hass, device, details: given, translate: translator("en"), now: NOW });
}

const TARGET = { target: { value: 90, unit: "percent" } };
const hour = (hours: number): string => new Date(NOW.getTime() + hours * 3_600_000).toISOString();

describe("what a device does", () => {
  test("is one number and one sentence", () => {
    const { flow } = view(BATTERY);
    expect(flow.main?.value).toBe("67 %");
    expect(flow.sentence).toBe("Charging at 0.67 kW");
    expect(flow.direction).toBe("in");
  });

  test("says a power without the sign that the word says already", () => {
    const states = {
      ...BATTERY,
      "sensor.status": "discharging",
      "sensor.power": { state: "-2.5", attributes: KILOWATT },
    };
    expect(view(states).flow).toMatchObject({ sentence: "Discharging at 2.5 kW", direction: "out", power: -2.5 });
  });

  test.each<[string, States]>([
    ["No vehicle plugged in", { "sensor.status": "available", "binary_sensor.connected": "off" }],
    ["Plugged in, not charging", { "sensor.status": "connected", "binary_sensor.connected": "on" }],
    ["Charging", { "sensor.status": "charging", "binary_sensor.connected": "on" }],
    ["Unplugged", { "binary_sensor.plugged_in": "off", "binary_sensor.charging": "off" }],
    [
      "Charging at 3.6 kW, full 16:20",
      {
        "binary_sensor.plugged_in": "on",
        "binary_sensor.charging": "on",
        "sensor.charge_power": { state: "3.6", attributes: KILOWATT },
        "sensor.full_at": "2026-06-14T15:20:00+00:00",
      },
    ],
    ["Producing", { "sensor.status": "producing", "binary_sensor.producing": "on" }],
  ])("%s", (sentence, states) => {
    expect(view(states).flow.sentence).toBe(sentence);
  });
});

describe("the standing command", () => {
  test("has target, power and end as soon as they are known", () => {
    const effective = action({ parameters: { ...TARGET, power: { value: 3, unit: "kw" } }, end: hour(2) });
    const { standing } = view({ ...BATTERY, "select.mode": "charge" }, details({ effective_action: effective }));
    expect(standing?.text).toBe("Charging to 90% at 3\u00a0kW until 15:00");
    expect(standing?.stage).toMatchObject({ icon: "check", text: "Accepted by the device" });
  });

  test("is the mode alone where somebody else gave it", () => {
    const { standing } = view(BATTERY, details({ effective_action: action({}) }));
    expect(standing).toMatchObject({ text: "Self-consumption", stage: null });
  });

  test("stays when somebody else took over", () => {
    const effective = action({ command: "discharge", parameters: TARGET });
    const states = { ...BATTERY, "select.mode": "charge", "binary_sensor.overridden": "on" };
    const { standing, flow } = view(states, details({ effective_action: effective, last_action: effective }));
    expect(standing?.text).toBe("Discharging to 90%");
    expect(flow.sentence).toBe("Charging at 0.67 kW");
  });

  test("is pending until the device shows it, and not once its target is reached", () => {
    const states = { ...BATTERY, "select.mode": "charge", "sensor.status": "idle" };
    const pending = details({ effective_action: action({ parameters: TARGET }) });
    expect(view(states, pending).standing?.isPending).toBe(true);
    expect(view({ ...states, "sensor.status": "charging" }, pending).standing?.isPending).toBe(false);
    expect(view({ ...states, "sensor.level": { state: "90", attributes: PERCENT } }, pending).standing?.isPending).toBe(
      false,
    );
    const old = details({ effective_action: action({ acknowledged_at: hour(-1) }) });
    expect(view(states, old).standing?.isPending).toBe(false);
  });

  test("of a thermostat is what its setpoints say", () => {
    const climate = (state: string, attributes: Given["attributes"] = {}): States => ({
      "climate.thermostat": { state, attributes },
    });
    const standing = (states: States): string | undefined => view(states).standing?.text;
    expect(standing(climate("heat", { temperature: 21 }))).toBe("Heating to 21 °C");
    expect(standing(climate("heat_cool", { target_temp_low: 19, target_temp_high: 25 }))).toBe(
      "Heating and cooling from 19 °C to 25 °C",
    );
    expect(standing(climate("heat_cool", { preset_mode: "schedule" }))).toBe("Following its own schedule");
  });
});

describe("the last action", () => {
  const failed = {
    ...BATTERY,
    "sensor.last_action": { state: "failed", attributes: { command: "charge", reason: "DEVICE_OFFLINE" } },
  };

  test("that failed is a notice with its reason", () => {
    const { notices, last } = view(failed);
    expect(notices).toMatchObject([
      { key: "failed", tone: "danger", title: "Charging failed", text: "The device is offline (now)" },
    ]);
    expect(last).toBeNull();
  });

  test("that was cancelled is shown beside what stands", () => {
    const states = {
      ...BATTERY,
      "sensor.last_action": { state: "cancelled", attributes: { command: "charge", reason: null } },
    };
    expect(view(states).last).toMatchObject({ text: "Charging, now", stage: { icon: "cancelled" } });
  });

  test("that stands is shown once", () => {
    const standing = action({ parameters: TARGET });
    const states = {
      ...BATTERY,
      "select.mode": "charge",
      "sensor.last_action": { state: "completed", attributes: { command: "charge" } },
    };
    expect(view(states, details({ last_action: standing, effective_action: standing })).last).toBeNull();
  });
});

describe("what is planned", () => {
  test("is in the order of time, and cancellable while it is scheduled", () => {
    const open = [
      action({ id: "later", state: "scheduled", command: "auto_balanced", start: hour(13) }),
      action({ id: "window", state: "scheduled", parameters: TARGET, start: hour(10), end: hour(13) }),
      action({ id: "running", state: "completed", start: hour(-1), end: hour(1) }),
      action({ id: "over", state: "completed", start: hour(-3), end: hour(-1) }),
    ];
    const { planned } = view(BATTERY, details({ open_actions: open }));
    expect(planned.map(({ id, isRunning, isCancellable }) => [id, isRunning, isCancellable])).toEqual([
      ["running", true, false],
      ["window", false, true],
      ["later", false, true],
    ]);
    expect(planned[1]).toMatchObject({ text: "Charge to 90%", target: 90 });
    expect(planned[2]).toMatchObject({ when: "tomorrow 02:00", end: null });
  });
});

describe("how good the data is", () => {
  test("is where it is from and how old it is", () => {
    const states = {
      ...BATTERY,
      "sensor.data_source": "cache",
      "sensor.last_pulled": hour(-0.25),
      "button.refresh": "unknown",
    };
    expect(view(states)).toMatchObject({ data: "Cache · read 15 minutes ago", isRefreshable: true });
    expect(view(BATTERY, details())).toMatchObject({ data: "Simulated", isRefreshable: false });
  });

  test("is a notice where nothing can be shown, with the reason", () => {
    const gone = { ...BATTERY, "sensor.level": "unavailable", "binary_sensor.reachable": "off" };
    const { isAvailable, notices } = view(gone, details({ error_code: "DEVICE_OFFLINE" }));
    expect(isAvailable).toBe(false);
    expect(notices[0]?.key).toBe("unreachable");
    expect(notices[0]?.text).toContain("The device is offline.");
  });

  test.each([
    ["unavailable", "unknown"],
    ["not_loaded", "unavailable"],
  ])("tells what is too old from what is not loaded: %s", (key, reachable) => {
    const states = { ...BATTERY, "sensor.level": "unavailable", "binary_sensor.reachable": reachable };
    expect(view(states).notices.map((notice) => notice.key)).toEqual([key]);
  });

  test("includes whether somebody else took over", () => {
    expect(view({ ...BATTERY, "binary_sensor.overridden": "on" }).notices[0]?.key).toBe("overridden");
  });
});

test("there are no controls where only is looked on", () => {
  expect(view(BATTERY).isControllable).toBe(true);
  expect(
    view({ "sensor.level": "67", "sensor.energy_charged": "1", "sensor.last_action": "unknown" }).isControllable,
  ).toBe(false);
});
