/**
 * The course of the day: the level of the last 12 hours, and what is planned for the next 24.
 *
 * It draws nothing and asks for nothing unless it is on the screen and wide enough to be shown.
 */

import { css, html, LitElement, nothing, svg, type PropertyValues, type TemplateResult } from "lit";
import type { AmpsDevice } from "../data/device-index.ts";
import { statistics, type Sample } from "../data/statistics.ts";
import { formatMoment, formatQuantity, formatTime } from "../ha/format.ts";
import { define } from "../ha/register.ts";
import type { Hass } from "../ha/types.ts";
import { translator } from "../texts/index.ts";
import { shared } from "../ui/styles.ts";
import {
  areaPath,
  bands,
  expectedPath,
  hoursBetween,
  PAST,
  TOTAL,
  ticks,
  VIEW_BOX,
  type ExpectedLevel,
} from "./ribbon-geometry.ts";
import type { Planned } from "./view-model.ts";

class AmpsRibbon extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        min-height: 90px;
      }
      figure {
        margin: 0;
        direction: ltr;
      }
      .plot {
        position: relative;
        height: 72px;
        border-radius: var(--ha-border-radius-sm, 4px);
        background: color-mix(in srgb, var(--amps-inset) 45%, transparent);
        overflow: hidden;
      }
      .plot svg {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
      }
      .area {
        fill: var(--state-sensor-battery-high-color, #4caf50);
        opacity: 0.35;
      }
      .line,
      .expected {
        fill: none;
        stroke: var(--amps-text);
        stroke-width: 2;
        stroke-linejoin: round;
        vector-effect: non-scaling-stroke;
      }
      .expected {
        stroke-dasharray: 4 4;
      }
      .grid {
        stroke: var(--amps-line);
        vector-effect: non-scaling-stroke;
      }
      .now {
        stroke: var(--amps-text);
        vector-effect: non-scaling-stroke;
      }
      .band {
        position: absolute;
        inset-block: 0;
        border-inline: 2px solid var(--amps-quiet);
        background: repeating-linear-gradient(
          -45deg,
          color-mix(in srgb, var(--amps-quiet) 35%, transparent) 0 2px,
          transparent 2px 7px
        );
      }
      .band.open {
        border-inline-end: 0;
      }
      .aim {
        position: absolute;
        inset-inline: 0;
        border-block-start: 2px solid var(--amps-text);
      }
      .scale {
        position: relative;
        height: 18px;
        overflow: hidden;
        color: var(--amps-quiet);
        font-size: var(--ha-font-size-s, 12px);
        font-variant-numeric: tabular-nums;
      }
      .scale span {
        position: absolute;
        inset-block-start: 2px;
        translate: -50%;
        white-space: nowrap;
      }
      .scale .now-label {
        color: var(--amps-text);
        font-weight: 500;
      }
    `,
  ];
  static override properties = {
    hass: { attribute: false, hasChanged: () => false },
    device: { attribute: false },
    planned: { attribute: false },
    level: { type: Number },
    expected: { attribute: false },
    now: { attribute: false },
    _visible: { state: true },
  };

  declare hass: Hass;
  declare device: AmpsDevice;
  declare planned: readonly Planned[];
  declare level: number;
  /** The levels to expect, the first one now. */
  declare expected: readonly ExpectedLevel[];
  declare now: Date;
  declare private _visible: boolean;
  #observer = new IntersectionObserver((entries) => {
    this._visible = entries.some((entry) => entry.isIntersecting);
  });
  #unwatch: (() => void) | undefined;

  constructor() {
    super();
    this.expected = [];
    this._visible = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#observer.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#observer.disconnect();
    this._visible = false;
    this.#stop();
  }

  protected override updated(changed: PropertyValues): void {
    const id = this.device.entities.level;
    if (changed.has("device") && (changed.get("device") as AmpsDevice | undefined)?.entities.level !== id) this.#stop();
    if (!this._visible || id === undefined) this.#stop();
    else
      this.#unwatch ??= statistics(this.hass).watch(this.hass, id, () => {
        this.requestUpdate();
      });
  }

  #stop(): void {
    this.#unwatch?.();
    this.#unwatch = undefined;
  }

  protected override render(): unknown {
    if (!this._visible)
      return html`<figure>
        <div class="plot"></div>
        <div class="scale"></div>
      </figure>`;
    const now = this.now.getTime();
    const id = this.device.entities.level;
    const measured = id === undefined ? [] : statistics(this.hass).samples(id);
    const samples: readonly Sample[] = [...measured.filter(({ at }) => at < now), { at: now, value: this.level }];
    return html`
      <figure role="img" aria-label=${this.#summary(samples)}>
        <div class="plot">
          ${bands(this.planned, now).map(
            ({ left, width, top }) =>
              html`<div class=${width ? "band" : "band open"} style="left:${left}%;width:${width}%">
                ${top === null || this.expected.length > 1 ? nothing : html`<div class="aim" style="top:${top}%"></div>`}
              </div>`,
          )}
          <svg viewBox=${VIEW_BOX} preserveAspectRatio="none" aria-hidden="true">
            ${[25, 50, 75].map((y) => svg`<line class="grid" x1="0" x2=${TOTAL} y1=${y} y2=${y}></line>`)}
            ${this.#renderMeasured(samples, now)}
            <line class="now" x1=${PAST} x2=${PAST} y1="-4" y2="104"></line>
            ${this.expected.length > 1 ? svg`<path class="expected" d=${expectedPath(this.expected, now)}></path>` : nothing}
          </svg>
        </div>
        <div class="scale" aria-hidden="true">${this.#renderScale(now)}</div>
      </figure>
    `;
  }

  #renderMeasured(samples: readonly Sample[], now: number): TemplateResult | typeof nothing {
    if (samples.length < 2) return nothing;
    const { area, line } = areaPath(samples, now);
    return svg`<path class="area" d=${area}></path><path class="line" d=${line}></path>`;
  }

  #renderScale(now: number): TemplateResult[] {
    const labels = ticks(now).map(
      ({ at, left }) => html`<span style="left:${left}%">${formatTime(this.hass, new Date(at))}</span>`,
    );
    return [
      ...labels,
      html`<span class="now-label" style="left:${(PAST / TOTAL) * 100}%">${this.#translate("ribbon_now")}</span>`,
    ];
  }

  get #translate(): ReturnType<typeof translator> {
    return translator(this.hass.locale.language);
  }

  #summary(samples: readonly Sample[]): string {
    const percent = (value: number): string => formatQuantity(this.hass, value, "%", { maximumFractionDigits: 0 });
    const [first, last] = [samples[0], samples.at(-1)];
    const parts = [this.#translate("ribbon")];
    if (first && last && hoursBetween(first.at, last.at) > 0)
      parts.push(this.#translate("ribbon_summary", { first: percent(first.value), last: percent(last.value) }));
    else parts.push(this.#translate("ribbon_no_history"));
    const end = this.expected.at(-1);
    if (end && this.expected.length > 1)
      parts.push(
        this.#translate("ribbon_summary_expected", {
          level: percent(end.level),
          time: formatMoment(this.hass, new Date(end.at), this.now),
        }),
      );
    for (const { text, when } of this.planned) parts.push(`${text}, ${when}.`);
    return parts.join(" ");
  }
}

define("amps-ribbon", AmpsRibbon);
