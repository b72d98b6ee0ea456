import { css } from "lit";

export const styles = css`
  :host {
    display: block;
    height: 100%;
    container-type: inline-size;
  }
  ha-card {
    height: 100%;
    overflow: hidden;
  }
  /* Off the screen it is neither laid out nor painted. The card around it may have a shadow, which would be cut off. */
  .content {
    box-sizing: border-box;
    min-height: 100%;
    display: flex;
    flex-direction: column;
    gap: var(--amps-gap);
    padding: var(--amps-gap);
    content-visibility: auto;
    contain-intrinsic-block-size: auto 240px;
  }
  .in {
    --accent: var(--amps-in);
  }
  .out {
    --accent: var(--amps-out);
  }
  .solar {
    --accent: var(--amps-solar);
  }
  .heat {
    --accent: var(--state-climate-heat-color, #ff8100);
  }
  .cool {
    --accent: var(--state-climate-cool-color, #2b9af9);
  }
  .none {
    --accent: var(--amps-quiet);
  }

  /* What it does. */
  .header {
    display: grid;
    grid-template-columns: auto 1fr auto;
    align-items: center;
    gap: 4px var(--amps-gap);
    width: 100%;
    border-radius: var(--ha-border-radius-md, 8px);
  }
  .sign {
    display: grid;
    place-items: center;
    width: 40px;
    height: 40px;
    border-radius: 50%;
    background: color-mix(in srgb, var(--accent) 20%, transparent);
    color: var(--accent);
  }
  .sign svg.icon {
    width: 24px;
    height: 24px;
  }
  .names {
    min-width: 0;
  }
  h2 {
    margin: 0;
    font-size: var(--ha-font-size-l, 16px);
    font-weight: 500;
    line-height: 1.3;
    overflow-wrap: anywhere;
  }
  .sentence {
    margin: 0;
    color: var(--amps-quiet);
  }
  .main {
    align-self: center;
    border-radius: var(--ha-border-radius-md, 8px);
    font-size: var(--ha-font-size-3xl, 28px);
    font-variant-numeric: tabular-nums;
    line-height: 1.1;
    white-space: nowrap;
  }
  .main .unit {
    margin-inline-start: -2px;
    font-size: var(--ha-font-size-l, 16px);
    color: var(--amps-quiet);
  }

  /* The level, with what is to be reached and kept. */
  .level {
    position: relative;
    height: 12px;
    margin-block: 2px;
  }
  .level .track {
    position: absolute;
    inset: 2px 0;
    overflow: hidden;
    border-radius: 4px;
    background: var(--amps-inset);
  }
  .level .fill {
    height: 100%;
    background: var(--level-color);
  }
  .level .mark {
    position: absolute;
    inset-block: 0;
    width: 3px;
    margin-inline-start: -2px;
    border-radius: 2px;
    background: var(--amps-text);
    outline: 1px solid var(--amps-card);
  }
  .level .mark.floor {
    width: 1px;
    margin-inline-start: 0;
    outline: 0;
  }

  /* Rows of words. */
  .notice {
    display: grid;
    grid-template-columns: auto 1fr;
    gap: 2px 10px;
    padding: 10px;
    border-radius: var(--ha-border-radius-md, 8px);
    background: var(--amps-warning-fill);
  }
  .notice.danger {
    background: var(--amps-danger-fill);
  }
  .notice svg.icon {
    color: var(--amps-warning);
  }
  .notice.danger svg.icon {
    color: var(--amps-danger);
  }
  .notice strong {
    font-weight: 500;
  }
  .notice p {
    grid-column: 2;
    margin: 0;
  }
  dl {
    display: grid;
    grid-template-columns: auto 1fr;
    gap: 6px var(--amps-gap);
    margin: 0;
  }
  dt {
    color: var(--amps-quiet);
  }
  dd {
    margin: 0;
    min-width: 0;
    text-align: end;
  }
  .stage {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    color: var(--amps-quiet);
    font-size: var(--ha-font-size-s, 12px);
  }
  .stage svg.icon {
    width: 16px;
    height: 16px;
  }
  .stage.good {
    color: var(--amps-good);
  }
  .stage.warning {
    color: var(--amps-warning);
  }
  .stage.danger {
    color: var(--amps-danger);
  }
  .plans {
    display: grid;
    gap: 4px;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .plans li {
    display: grid;
    grid-template-columns: auto 1fr auto;
    align-items: center;
    gap: 0 10px;
    min-height: 44px;
    padding: 4px 6px 4px 12px;
    padding-inline: 12px 6px;
    border: 1px solid var(--amps-line);
    border-radius: var(--ha-border-radius-md, 8px);
  }
  .plans li.running {
    border-color: var(--amps-text);
  }
  .plans svg.icon {
    color: var(--amps-quiet);
  }

  /* Controls. */
  .choices {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    margin: 0;
    padding: 0;
    border: 0;
  }
  .choices .button[aria-expanded="true"] {
    outline: 2px solid var(--amps-text);
    outline-offset: -2px;
  }
  .choices .button .standing {
    display: inline-flex;
  }
  .footer {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 8px;
    min-height: 20px;
    color: var(--amps-quiet);
    font-size: var(--ha-font-size-s, 12px);
  }
  .footer .button {
    margin-block: -10px;
    margin-inline-end: -10px;
  }
  .error {
    margin: 0;
    color: var(--amps-danger);
  }

  /* What is close to the edge of the card must not have its ring cut off there. */
  .footer .button:focus-visible {
    outline-offset: -2px;
  }

  /* Three densities: a tile's width, a section's, and more. */
  amps-ribbon {
    display: none;
  }
  @container (min-width: 420px) {
    amps-ribbon {
      display: block;
    }
    .content {
      gap: var(--ha-space-4, 16px);
      padding: var(--ha-space-4, 16px);
    }
  }
  @container (max-width: 259px) {
    .header {
      grid-template-columns: auto 1fr;
    }
    .main {
      justify-self: end;
      font-size: var(--ha-font-size-2xl, 24px);
    }
    .names {
      grid-column: 1 / -1;
      grid-row: 2;
    }
    .notice p,
    .last,
    .facts,
    .plans,
    .choices,
    amps-command-form {
      display: none;
    }
    .standing dt {
      display: none;
    }
    dl.standing {
      grid-template-columns: 1fr;
    }
    dl.standing dd {
      text-align: start;
    }
  }
  @media (prefers-reduced-motion: no-preference) {
    .level .fill {
      transition: width var(--ha-animation-duration-slow, 350ms);
    }
  }
`;
