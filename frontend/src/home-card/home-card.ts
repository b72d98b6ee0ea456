/** `custom:amps-home-card`: all devices of an account at a glance, and what flows between them. */

import { html, nothing, type TemplateResult } from "lit";
import { accountIn, type Account } from "../data/accounts.ts";
import { deviceDetails } from "../data/device-details.ts";
import { stateOf, type AmpsDevice } from "../data/device-index.ts";
import { everyMinute } from "../data/minutes.ts";
import { WatchedDetails } from "../data/watched-details.ts";
import { showMoreInfo } from "../ha/events.ts";
import { define, DOCUMENTATION, registerCard } from "../ha/register.ts";
import type { ConfigForm, GridOptions, Hass, LovelaceCard } from "../ha/types.ts";
import type { TextKey } from "../texts/index.ts";
import { AmpsElement } from "../ui/amps-element.ts";
import { icon } from "../ui/icons.ts";
import { levelColor } from "../ui/level.ts";
import { shared } from "../ui/styles.ts";
import { CARD_TYPE, configForm, parseConfig, stubConfig, suggestion, type HomeCardConfig } from "./config.ts";
import { styles } from "./home-card.styles.ts";
import { buildHome, shownOf, type HomeView, type Row, type Side } from "./view-model.ts";

class AmpsHomeCard extends AmpsElement implements LovelaceCard {
  static override styles = [shared, styles];
  static override properties = {
    _config: { state: true },
    _isExpanded: { state: true },
  };

  static getConfigForm(): ConfigForm {
    return configForm();
  }

  static getStubConfig(hass: Hass): Omit<HomeCardConfig, "type"> {
    return stubConfig(hass);
  }

  declare private _config: HomeCardConfig | undefined;
  declare private _isExpanded: boolean;
  #details = new WatchedDetails(() => {
    this.requestUpdate();
  });
  #stopMinutes: (() => void) | undefined;

  constructor() {
    super();
    this._isExpanded = false;
  }

  setConfig(config: unknown): void {
    this._config = parseConfig(config);
  }

  getCardSize(): number {
    const account = this.hass && this.#account(this.hass);
    return 2 + (account ? shownOf(account, this._isExpanded).length : 4);
  }

  getGridOptions(): GridOptions {
    return { columns: 12, rows: "auto", min_columns: 6 };
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stopMinutes = everyMinute(() => {
      this.requestUpdate();
    });
    this.#watch();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopMinutes?.();
    this.#details.stop();
  }

  protected override updated(): void {
    this.#watch();
  }

  #watch(): void {
    if (this.hass && this.isConnected) this.#details.watch(this.hass, this.#detailed(this.hass));
  }

  #account(hass: Hass): Account | undefined {
    return accountIn(hass, this._config?.config_entry);
  }

  /** All devices of the account: the sums are of those without a row, too. */
  protected override shownDevices(hass: Hass): readonly AmpsDevice[] {
    return this.#account(hass)?.devices ?? [];
  }

  /** The devices whose details are shown or, of those that failed, say when. */
  #detailed(hass: Hass): readonly AmpsDevice[] {
    const account = this.#account(hass);
    if (!account) return [];
    const shown = new Set(shownOf(account, this._isExpanded));
    return account.devices.filter(
      (device) => shown.has(device) || stateOf(hass, device, "last_action")?.state === "failed",
    );
  }

  protected override isAffected(before: Hass, hass: Hass): boolean {
    const { grid_power: grid, house_power: house } = this._config ?? {};
    const picked = [grid, house].filter((entityId) => entityId !== undefined);
    return (
      super.isAffected(before, hass) || picked.some((entityId) => before.states[entityId] !== hass.states[entityId])
    );
  }

  protected override hassChanged(before: Hass | undefined, hass: Hass): void {
    if (before && this.isConnected) this.#details.hassChanged(before, hass, this.#detailed(hass));
  }

  protected override render(): unknown {
    const { hass, _config: config, text } = this;
    if (!hass || !config) return nothing;
    const account = this.#account(hass);
    if (!account) return this.#renderEmpty(text(config.config_entry ? "no_devices" : "no_account"));
    if (!account.devices.length) return this.#renderEmpty(text("no_devices"));
    const details = deviceDetails(hass);
    const view = buildHome({
      hass,
      config,
      account,
      isExpanded: this._isExpanded,
      details: (id) => details.get(id),
      translate: text,
      now: new Date(),
    });
    const isTwo = view.sources.rows.length > 0 && view.loads.rows.length > 0;
    return html`
      <ha-card class=${isTwo ? "two" : ""}>
        ${this.#renderHeader(view)}
        <div class="sides">
          ${this.#renderSide("sources", "home_sources", view.sources, view.largest)}
          ${this.#renderSide("loads", "home_loads", view.loads, view.largest)}
        </div>
      </ha-card>
    `;
  }

  #renderEmpty(text: string): TemplateResult {
    return html`<ha-card
      ><p class="empty"><span class="house">${icon("home")}</span>${text}</p></ha-card
    >`;
  }

  #renderHeader({ name, house, sums, troubled }: HomeView): TemplateResult {
    return html`
      <div class="header">
        <span class="house">${icon("home")}</span>
        <div class="names">
          <h2>${name}</h2>
          ${sums ? html`<p class="quiet">${sums}</p>` : nothing}
          ${
            troubled
              ? html`<p class="trouble">${icon("warning")}${this.text("home_troubled", { count: troubled })}</p>`
              : nothing
          }
        </div>
        ${
          house
            ? html`<button
                class="value"
                aria-label="${this.text("home_house")}: ${house.value} ${house.unit}"
                title=${this.text("home_house")}
                @click=${() => {
                  showMoreInfo(this, house.entityId);
                }}
              >
                ${house.value}<span class="unit"> ${house.unit}</span>
              </button>`
            : nothing
        }
      </div>
    `;
  }

  #renderSide(name: string, label: TextKey, { rows, surplus }: Side, largest: number): unknown {
    if (!rows.length) return nothing;
    return html`
      <div class=${name}>
        <ul aria-label=${this.text(label)}>
          ${rows.map((row) => this.#renderRow(row, largest))}
        </ul>
        ${
          surplus
            ? html`<button
                class="button plain more"
                aria-expanded=${this._isExpanded ? "true" : "false"}
                @click=${() => {
                  this._isExpanded = !this._isExpanded;
                }}
              >
                ${this._isExpanded ? this.text("home_fewer") : this.text("home_more", { count: surplus })}
              </button>`
            : nothing
        }
      </div>
    `;
  }

  #renderRow(row: Row, largest: number): TemplateResult {
    const { level, main, entityId, wire, power } = row;
    const share = largest > 0 ? (power ?? 0) / largest : 0;
    return html`
      <li class="${row.direction} ${wire ? "wired" : ""}">
        ${
          wire
            ? html`<span class="rail"></span><span class="wire ${wire}" style="--share:${share.toFixed(2)}"></span>`
            : nothing
        }
        <button
          class="row"
          @click=${() => {
            if (entityId) showMoreInfo(this, entityId);
          }}
        >
          <span
            class="sign ${level === null ? "" : "level"}"
            style=${level === null ? nothing : `--level:${level};--level-color:${levelColor(level)}`}
            >${icon(row.icon)}</span
          >
          <span class="words">
            <span class="name">${row.name}</span>
            ${row.sentence ? html`<span class="small sentence">${row.sentence}</span>` : nothing}
            ${row.standing ? html`<span class="small standing">${row.standing}</span>` : nothing}
            ${row.troubles.map(({ icon: name, tone, title }) => html`<span class="trouble ${tone}">${icon(name)}${title}</span>`)}
          </span>
          ${
            main
              ? html`<span class="value"
                  >${main.value}${main.unit ? html`<span class="unit"> ${main.unit}</span>` : nothing}</span
                >`
              : nothing
          }
        </button>
      </li>
    `;
  }
}

define(CARD_TYPE, AmpsHomeCard);
registerCard({
  type: CARD_TYPE,
  name: "home_card_name",
  description: "home_card_description",
  preview: true,
  documentationURL: DOCUMENTATION,
  getEntitySuggestion: suggestion,
});
