/** What the cards use of Home Assistant. Its frontend publishes no types, so each interface has only what is used. */

export interface StateObject {
  readonly entity_id: string;
  readonly state: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly last_changed: string;
  readonly last_updated: string;
}

/** An entity as the registry shows it; disabled entities and unique ids are absent. */
export interface EntityEntry {
  readonly entity_id: string;
  readonly device_id?: string | null;
  readonly platform?: string;
  readonly translation_key?: string | null;
}

export interface DeviceEntry {
  readonly id: string;
  readonly name: string | null;
  readonly name_by_user?: string | null;
  /** What is no device has "service" here. */
  readonly entry_type?: string | null;
  readonly config_entry_id?: string | null;
  /** Where 2026.10 has what is `config_entry_id` from 2026.11 on. */
  readonly primary_config_entry?: string | null;
}

export interface Locale {
  readonly language: string;
  readonly number_format:
    "language" | "system" | "comma_decimal" | "decimal_comma" | "space_comma" | "quote_decimal" | "none";
  readonly time_format: "language" | "system" | "12" | "24";
  readonly time_zone: "local" | "server";
}

export interface HassConfig {
  readonly time_zone: string;
  readonly components: readonly string[];
  readonly unit_system: { readonly temperature: string };
}

export interface ValuePart {
  readonly type: string;
  readonly value: string;
}

export type Localize = (key: string, values?: Readonly<Record<string, string | number>>) => string;

/** Only what tells one connection from another. */
export type Connection = object;

export interface ServiceTarget {
  readonly device_id?: string | readonly string[];
  readonly entity_id?: string | readonly string[];
}

export interface Hass {
  readonly states: Readonly<Record<string, StateObject | undefined>>;
  readonly entities: Readonly<Record<string, EntityEntry | undefined>>;
  readonly devices: Readonly<Record<string, DeviceEntry | undefined>>;
  readonly locale: Locale;
  readonly config: HassConfig;
  readonly connected: boolean;
  readonly connection: Connection;
  readonly localize: Localize;
  formatEntityState(stateObject: StateObject, state?: string): string;
  formatEntityStateToParts?(stateObject: StateObject, state?: string): readonly ValuePart[];
  formatEntityAttributeValue(stateObject: StateObject, attribute: string, value?: unknown): string;
  loadBackendTranslation(category: string, integration: string): Promise<Localize>;
  callWS<Result>(message: Readonly<Record<string, unknown>>): Promise<Result>;
  callService<Response>(
    domain: string,
    service: string,
    data?: Readonly<Record<string, unknown>>,
    target?: ServiceTarget,
    notifyOnError?: boolean,
    returnResponse?: boolean,
  ): Promise<{ readonly response?: Response }>;
}

export interface GridOptions {
  readonly columns?: number | "full";
  readonly rows?: number | "auto";
  readonly min_columns?: number;
  readonly min_rows?: number;
}

/** A field of a form that Home Assistant shows. */
export interface FormItem {
  readonly name: string;
  readonly required?: boolean;
  readonly default?: unknown;
  readonly selector: Readonly<Record<string, unknown>>;
}

export interface ConfigForm {
  readonly schema: readonly FormItem[];
  readonly computeLabel?: (item: FormItem, localize: Localize) => string | undefined;
  readonly computeHelper?: (item: FormItem, localize: Localize) => string | undefined;
  readonly assertConfig?: (config: unknown) => void;
}

export interface CardConfig {
  readonly type: string;
}

/** What Home Assistant calls of a card's element. */
export interface LovelaceCard extends HTMLElement {
  hass: Hass | undefined;
  layout?: string;
  preview?: boolean;
  setConfig(config: unknown): void;
  getCardSize(): number;
  getGridOptions(): GridOptions;
}
