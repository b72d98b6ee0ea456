/** Styles that all cards share. Colours are theme variables only; those of energy are for shapes, never for text. */

import { css } from "lit";

export const shared = css`
  :host {
    --amps-text: var(--primary-text-color, #141414);
    --amps-quiet: var(--secondary-text-color, #5e5e5e);
    --amps-line: var(--divider-color, rgba(0, 0, 0, 0.12));
    --amps-inset: var(--secondary-background-color, #e5e5e5);
    --amps-card: var(--ha-card-background, var(--card-background-color, #fff));
    --amps-in: var(--energy-battery-in-color, #f06292);
    --amps-out: var(--energy-battery-out-color, #4db6ac);
    --amps-solar: var(--energy-solar-color, #ff9800);
    --amps-danger: var(--ha-color-on-danger-normal, #b30532);
    --amps-danger-fill: var(--ha-color-fill-danger-quiet-resting, rgba(219, 68, 55, 0.12));
    --amps-warning: var(--ha-color-on-warning-normal, #9d3800);
    --amps-warning-fill: var(--ha-color-fill-warning-quiet-resting, rgba(255, 166, 0, 0.14));
    --amps-good: var(--ha-color-on-success-normal, #036730);
    --amps-gap: var(--ha-space-3, 12px);
    --amps-radius: var(--ha-border-radius-lg, 12px);
    color: var(--amps-text);
    font-family: var(--ha-font-family-body, Roboto, sans-serif);
    font-size: var(--ha-font-size-m, 14px);
    line-height: 1.4;
  }
  * {
    box-sizing: border-box;
  }
  svg.icon {
    width: 20px;
    height: 20px;
    flex: none;
    fill: currentColor;
  }
  button,
  input,
  select {
    font: inherit;
    color: inherit;
    letter-spacing: inherit;
  }
  button {
    cursor: pointer;
    border: 0;
    background: none;
    padding: 0;
    text-align: inherit;
  }
  /* What cannot be pressed now keeps the focus that it has: buttons are never disabled. */
  button[aria-disabled="true"] {
    cursor: default;
  }
  :focus {
    outline: none;
  }
  :focus-visible {
    outline: 2px solid var(--amps-text);
    outline-offset: 2px;
  }
  .quiet {
    color: var(--amps-quiet);
  }
  .small {
    font-size: var(--ha-font-size-s, 12px);
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  /* Buttons and fields: 40 px high, so that a finger hits them. */
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 6px;
    min-height: 40px;
    padding-inline: 14px;
    border-radius: var(--ha-border-radius-pill, 9999px);
    background: var(--amps-inset);
    font-weight: 500;
    text-align: center;
  }
  .button:hover:not([aria-disabled="true"]) {
    background: color-mix(in srgb, var(--amps-text) 14%, var(--amps-card));
  }
  .button[aria-disabled="true"] {
    color: var(--amps-quiet);
  }
  .button.main {
    background: var(--amps-text);
    color: var(--amps-card);
  }
  .button.main:hover:not([aria-disabled="true"]) {
    background: color-mix(in srgb, var(--amps-text) 85%, var(--amps-card));
  }
  .button.main[aria-disabled="true"] {
    background: var(--amps-inset);
    color: var(--amps-quiet);
  }
  .button.plain {
    background: none;
    padding-inline: 10px;
  }
  .button.plain:hover:not([aria-disabled="true"]) {
    background: var(--amps-inset);
  }
  .button.round {
    padding: 0;
    width: 40px;
  }
  .field {
    min-height: 40px;
    width: 100%;
    padding-inline: 10px;
    border: 1px solid color-mix(in srgb, var(--amps-text) 55%, var(--amps-card));
    border-radius: var(--ha-border-radius-md, 8px);
    background: var(--amps-card);
  }
  @media (prefers-reduced-motion: no-preference) {
    .button {
      transition: background-color var(--ha-animation-duration-fast, 150ms);
    }
  }
`;
