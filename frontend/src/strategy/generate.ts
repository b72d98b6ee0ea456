/** The dashboards, views and sections that the strategies generate, as configurations that people could have written. */

import { accountIn, accountsIn, type Account } from "../data/accounts.ts";
import type { AmpsDevice, DeviceType } from "../data/device-index.ts";
import { CARD_TYPE as DEVICE_CARD } from "../device-card/config.ts";
import type { Hass } from "../ha/types.ts";
import { CARD_TYPE as HOME_CARD } from "../home-card/config.ts";
import type { Translate } from "../texts/index.ts";

export const STRATEGY = "custom:amps";

export interface StrategyConfig {
  readonly type?: string;
  /** The account; all of them where it is left out. */
  readonly config_entry?: string;
  readonly grid_power?: string;
  readonly house_power?: string;
}

type Registries = Pick<Hass, "entities" | "devices">;
export type Config = Readonly<Record<string, unknown>>;

/** How many devices of a type get a card: more than these nobody reads, and no browser shows at ease. */
export const MAX_OF_TYPE = 6;

/** The types whose cards stand below each other; the sections have about the same height where there is one of each. */
const SECTIONS: readonly (readonly (DeviceType | null)[])[] = [
  ["battery"],
  ["ev_charger", "vehicle"],
  ["solar_inverter", "hvac", null],
];

/** Return a dashboard with a view for each account; the views are generated when they are opened. */
export function generateDashboard(config: StrategyConfig, hass: Registries): Config {
  const accounts = accountsIn(hass).filter(({ id }) => !config.config_entry || id === config.config_entry);
  const view = (title: string, path: string, ofAccount: Config): Config => ({
    title,
    path,
    strategy: { ...config, type: STRATEGY, ...ofAccount },
  });
  const [first] = accounts;
  if (accounts.length < 2 || !first) return { title: "Amps", views: [view(first?.name ?? "Amps", "home", {})] };
  return { title: "Amps", views: accounts.map(({ id, name }) => view(name, id.toLowerCase(), { config_entry: id })) };
}

/** Return a view of one account: the home across two columns, and the cards of the devices. */
export function generateView(config: StrategyConfig, hass: Registries, translate: Translate): Config {
  const account = accountOf(config, hass);
  const sections = SECTIONS.map((types) => cardsOf(account, types)).filter((cards) => cards.length);
  return {
    type: "sections",
    max_columns: 4,
    sections: [
      {
        type: "grid",
        column_span: 2,
        cards: [{ ...homeCard(config, account), grid_options: { columns: "full" } }, ...rest(account, translate)],
      },
      ...sections.map((cards, index) => ({
        type: "grid",
        // Beside the home there is room for more than beside the others.
        ...(index === 0 && sections.length > 1 ? { row_span: 2 } : {}),
        cards,
      })),
    ],
  };
}

/** Return a section with everything of one account. */
export function generateSection(config: StrategyConfig, hass: Registries, translate: Translate): Config {
  const account = accountOf(config, hass);
  const cards = cardsOf(account, SECTIONS.flat());
  return { type: "grid", cards: [homeCard(config, account), ...cards, ...rest(account, translate)] };
}

function accountOf(config: StrategyConfig, hass: Registries): Account | undefined {
  return accountIn(hass, config.config_entry) ?? (config.config_entry ? undefined : accountsIn(hass)[0]);
}

function homeCard(
  { config_entry: entry, grid_power: grid, house_power: house }: StrategyConfig,
  account: Account | undefined,
): Config {
  const id = account?.id ?? entry;
  return {
    type: `custom:${HOME_CARD}`,
    ...(id ? { config_entry: id } : {}),
    ...(grid ? { grid_power: grid } : {}),
    ...(house ? { house_power: house } : {}),
  };
}

function devicesOf(account: Account | undefined, type: DeviceType | null): readonly AmpsDevice[] {
  return account?.devices.filter((device) => device.type === type) ?? [];
}

function cardsOf(account: Account | undefined, types: readonly (DeviceType | null)[]): Config[] {
  return types.flatMap((type) =>
    devicesOf(account, type)
      .slice(0, MAX_OF_TYPE)
      .map(({ id }) => ({ type: `custom:${DEVICE_CARD}`, device: id })),
  );
}

/** Say how many devices have no card. */
function rest(account: Account | undefined, translate: Translate): Config[] {
  const count = SECTIONS.flat().reduce(
    (sum, type) => sum + Math.max(devicesOf(account, type).length - MAX_OF_TYPE, 0),
    0,
  );
  if (!account || count === 0) return [];
  return [
    {
      type: "heading",
      heading_style: "subtitle",
      heading: translate("strategy_more", { count }),
      tap_action: {
        action: "navigate",
        navigation_path: `/config/devices/dashboard?config_entry=${account.id}`,
      },
    },
  ];
}
