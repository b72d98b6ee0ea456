/** What the home card shows: a pure function of states, details and the time. */

import type { Account } from "../data/accounts.ts";
import type { DeviceDetails } from "../data/device-details.ts";
import { isKnown, numberOf, stateOf, type AmpsDevice, type DeviceType } from "../data/device-index.ts";
import { formatQuantity, stateParts } from "../ha/format.ts";
import type { Hass } from "../ha/types.ts";
import type { Translate } from "../texts/index.ts";
import type { IconName } from "../ui/icons.ts";
import type { Direction, Flow } from "../device-card/flow.ts";
import type { Notice } from "../device-card/notices.ts";
import type { ViewInput } from "../device-card/view-input.ts";
import { buildHead, buildView, type DeviceHead } from "../device-card/view-model.ts";
import type { HomeCardConfig } from "./config.ts";

/**
 * How something is connected to the wires of the house, and which way power flows there.
 *
 * A vehicle and a thermostat are not: Amps says neither where a vehicle charges nor what heating consumes.
 */
export type Wire = "gives" | "takes" | "rests" | "unknown";

/** What counts in the sums of the account, of every device. */
interface Counted {
  readonly wire: Wire | null;
  /** In kW, whichever way it flows. */
  readonly power: number | null;
  readonly troubles: readonly Pick<Notice, "icon" | "tone" | "title">[];
}

export interface Row extends Counted {
  readonly id: string;
  readonly name: string;
  readonly icon: IconName;
  readonly direction: Direction | "grid" | "return";
  /** Whether it stands among the sources and storage. */
  readonly isSource: boolean;
  /** In percent, of what has one. */
  readonly level: number | null;
  readonly main: Flow["main"];
  readonly sentence: string;
  /** The command that stands. */
  readonly standing: string;
  /** The entity whose dialog tells more. */
  readonly entityId: string | undefined;
}

export interface Side {
  readonly rows: readonly Row[];
  /** How many devices there are beyond those that are shown at first. */
  readonly surplus: number;
}

export interface HomeView {
  readonly name: string;
  /** What the house consumes, where a sensor of it was chosen. */
  readonly house: { readonly value: string; readonly unit: string; readonly entityId: string } | null;
  /** The power that flows to and from all devices, as far as all of it is known; else "". */
  readonly sums: string;
  /** The largest power that is shown, in kW. */
  readonly largest: number;
  /** How many devices have a trouble, be they shown or not. */
  readonly troubled: number;
  readonly sources: Side;
  readonly loads: Side;
}

export interface HomeInput {
  readonly hass: Hass;
  readonly config: HomeCardConfig;
  readonly account: Account;
  readonly isExpanded: boolean;
  readonly details: (deviceId: string) => DeviceDetails | null;
  readonly translate: Translate;
  readonly now: Date;
}

/** How many devices of a type are shown before somebody asks for all. */
export const MAX_OF_TYPE = 8;

const SOURCES: readonly (DeviceType | null)[] = ["solar_inverter", "battery"];

/** Return the devices that have a row: all, or some of each type. */
export function shownOf({ devices }: Account, isExpanded: boolean): readonly AmpsDevice[] {
  if (isExpanded) return devices;
  const counts = new Map<DeviceType | null, number>();
  return devices.filter(({ type }) => {
    const count = (counts.get(type) ?? 0) + 1;
    counts.set(type, count);
    return count <= MAX_OF_TYPE;
  });
}

export function buildHome(input: HomeInput): HomeView {
  const { hass, config, account, isExpanded } = input;
  const shown = new Set(shownOf(account, isExpanded));
  const rows = [...gridRow(input), ...[...shown].map((device) => deviceRow(input, device))];
  const others = account.devices.filter((device) => !shown.has(device));
  const all = [...rows, ...others.map((device) => counted(hass, device, buildHead(viewInput(input, device))))];
  const side = (isSource: boolean): Side => {
    const count = (devices: readonly AmpsDevice[]): number =>
      devices.filter(({ type }) => SOURCES.includes(type) === isSource).length;
    return {
      rows: rows.filter((row) => row.isSource === isSource),
      surplus: count(account.devices) - count(shownOf(account, false)),
    };
  };
  return {
    name: config.name ?? account.name,
    house: houseOf(hass, config.house_power),
    sums: sumsOf(input, all),
    largest: Math.max(...rows.map(({ power }) => power ?? 0), 0),
    troubled: all.filter(({ troubles }) => troubles.length).length,
    sources: side(true),
    loads: side(false),
  };
}

function viewInput({ hass, details, translate, now }: HomeInput, device: AmpsDevice): ViewInput {
  return { hass, device, details: details(device.id), translate, now };
}

function counted(hass: Hass, device: AmpsDevice, { flow, isAvailable, notices }: DeviceHead): Counted {
  return {
    wire: wireOf(hass, device, flow, isAvailable),
    power: isAvailable && flow.power !== null ? Math.abs(flow.power) : null,
    troubles: notices,
  };
}

function deviceRow(input: HomeInput, device: AmpsDevice): Row {
  const view = buildView(viewInput(input, device));
  const { flow, standing, isAvailable } = view;
  const text = standing?.isPending ? `${standing.text} (${input.translate("home_pending")})` : (standing?.text ?? "");
  return {
    ...counted(input.hass, device, view),
    id: device.id,
    name: view.name,
    icon: flow.icon,
    direction: isAvailable ? flow.direction : "none",
    isSource: SOURCES.includes(device.type),
    level: isAvailable ? flow.level : null,
    main: isAvailable ? flow.main : null,
    sentence: isAvailable ? flow.sentence : "",
    standing: isAvailable ? text : "",
    entityId: flow.entityId ?? Object.values(device.entities)[0],
  };
}

/** In kW: what a device draws that says of itself that it rests. */
const SMALL_POWER = 0.1;

const WIRED: readonly (DeviceType | null)[] = ["solar_inverter", "battery", "ev_charger"];

function wireOf(hass: Hass, device: AmpsDevice, flow: Flow, isAvailable: boolean): Wire | null {
  if (!WIRED.includes(device.type)) return null;
  if (!isAvailable) return "unknown";
  const { direction, power } = flow;
  if (direction === "solar" || direction === "out") return "gives";
  if (direction === "in") return "takes";
  if (device.type === "solar_inverter" && power !== null) return "rests";
  const isSmall = power === null || Math.abs(power) < SMALL_POWER;
  if (isSmall && isKnown(stateOf(hass, device, "status"))) return "rests";
  return power === null ? "unknown" : bySign(power);
}

/** Power is positive into a device. */
function bySign(power: number): Wire {
  if (power === 0) return "rests";
  return power > 0 ? "takes" : "gives";
}

// What other integrations know.

const GRID = "grid";

/** In kW, by unit. */
const SCALES: Readonly<Partial<Record<string, number>>> = { W: 0.001, kW: 1, MW: 1000 };

function gridRow({ hass, config, translate }: HomeInput): Row[] {
  const stateObject = config.grid_power ? hass.states[config.grid_power] : undefined;
  const value = numberOf(stateObject);
  if (!stateObject || value === null) return [];
  const scale = SCALES[String(stateObject.attributes["unit_of_measurement"])];
  return [
    {
      id: GRID,
      name: translate("home_grid"),
      icon: "grid",
      direction: value > 0 ? "grid" : value < 0 ? "return" : "none",
      wire: bySign(-value),
      isSource: true,
      power: scale === undefined ? null : Math.abs(value) * scale,
      level: null,
      main: stateParts(hass, stateObject, String(Math.abs(value))),
      sentence: translate(value > 0 ? "home_from_grid" : value < 0 ? "home_to_grid" : "home_grid_rests"),
      standing: "",
      troubles: [],
      entityId: stateObject.entity_id,
    },
  ];
}

function houseOf(hass: Hass, entityId: string | undefined): HomeView["house"] {
  const stateObject = entityId ? hass.states[entityId] : undefined;
  return isKnown(stateObject) ? { ...stateParts(hass, stateObject), entityId: stateObject.entity_id } : null;
}

/** Sums say nothing once one of their parts is missing. */
function sumsOf({ hass, translate }: HomeInput, all: readonly Counted[]): string {
  const wired = all.filter(({ wire }) => wire !== null);
  const flowing = wired.filter(({ wire }) => wire === "gives" || wire === "takes");
  if (!wired.length || wired.some(({ wire }) => wire === "unknown") || flowing.some(({ power }) => power === null))
    return "";
  if (!flowing.length) return translate("home_rests");
  const sum = (of: Wire): string => {
    const power = flowing.filter(({ wire }) => wire === of).reduce((total, each) => total + (each.power ?? 0), 0);
    return formatQuantity(hass, power, "kW", { maximumFractionDigits: 2 });
  };
  return translate("home_sums", { supplied: sum("gives"), drawn: sum("takes") });
}
