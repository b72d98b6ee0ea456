import { css } from "lit";

export const styles = css`
  :host {
    display: block;
    height: 100%;
    container-type: inline-size;
    --sign: 40px;
    /* From the card's edge to the rail, and from there to the rows. */
    --rail: 18px;
    --wire: 24px;
    --line: color-mix(in srgb, var(--amps-text) 25%, var(--amps-card));
  }
  ha-card {
    height: 100%;
    padding: var(--amps-gap);
    overflow: hidden;
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
  .grid {
    --accent: var(--energy-grid-consumption-color, #488fc2);
  }
  .return {
    --accent: var(--energy-grid-return-color, #8353d1);
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

  /* The house. */
  .header {
    display: grid;
    grid-template-columns: auto 1fr auto;
    align-items: center;
    gap: 0 10px;
    padding-block-end: 8px;
  }
  .house {
    display: grid;
    align-self: end;
    place-items: center;
    width: calc(2 * var(--rail));
    height: calc(2 * var(--rail));
    border-radius: 50%;
    background: var(--amps-text);
    color: var(--amps-card);
  }
  h2 {
    margin: 0;
    font-size: var(--ha-font-size-l, 16px);
    font-weight: 500;
    line-height: 1.3;
  }
  .header p {
    margin: 0;
  }
  .value {
    font-size: var(--ha-font-size-xl, 20px);
    font-variant-numeric: tabular-nums;
    line-height: 1.1;
    white-space: nowrap;
  }
  .unit {
    color: var(--amps-quiet);
    font-size: var(--ha-font-size-s, 12px);
  }
  .header .value {
    padding: 8px;
    border-radius: var(--ha-border-radius-md, 8px);
    font-size: var(--ha-font-size-2xl, 24px);
  }

  /* What is connected to it, along a rail. */
  ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  li {
    position: relative;
    padding-inline-start: calc(var(--rail) + var(--wire) - 4px);
  }
  /* It ends at the last wire; where the sides are below each other, at the last of both. */
  .rail {
    position: absolute;
    inset-inline-start: calc(var(--rail) - 1px);
    inset-block: 0 calc(100% - 28px);
    width: 2px;
    background: var(--line);
  }
  .wired:has(+ .wired) .rail,
  .sources:has(+ .loads .wired) .rail {
    inset-block-end: 0;
  }
  .sides > :first-child li:first-child .rail {
    inset-block-start: -8px;
  }
  .wire {
    position: absolute;
    inset-inline-start: calc(var(--rail) + 1px);
    inset-block-start: 22px;
    width: var(--wire);
    height: 12px;
    --thickness: calc(2px + 4px * var(--share));
  }
  .wire::before {
    content: "";
    position: absolute;
    inset-inline: 0;
    inset-block-start: calc(50% - var(--thickness) / 2);
    height: var(--thickness);
    background: var(--accent);
  }
  .wire::after {
    content: "";
    position: absolute;
    inset-block: -1px;
    inset-inline-end: 0;
    width: 11px;
    background: var(--accent);
    clip-path: polygon(0 0, 100% 50%, 0 100%);
  }
  .wire.takes::before {
    inset-inline-end: 8px;
  }
  .wire.gives::before {
    inset-inline-start: 8px;
  }
  .wire.gives::after {
    inset-inline: 0 auto;
    clip-path: polygon(100% 0, 0 50%, 100% 100%);
  }
  .wire:dir(rtl)::after {
    scale: -1 1;
  }
  .wire.rests::before {
    height: 2px;
    background: var(--line);
  }
  .wire.unknown::before {
    height: 0;
    border-block-start: 2px dashed var(--line);
    background: none;
  }
  .wire.rests::after,
  .wire.unknown::after {
    content: none;
  }

  /* A device. */
  .row {
    display: grid;
    grid-template-columns: auto 1fr auto;
    align-items: center;
    gap: 0 10px;
    width: 100%;
    min-height: 56px;
    padding: 8px;
    border-radius: var(--ha-border-radius-lg, 12px);
  }
  .row:hover {
    background: color-mix(in srgb, var(--amps-text) 5%, transparent);
  }
  .row:focus-visible {
    outline-offset: -2px;
  }
  .sign {
    display: grid;
    place-items: center;
    align-self: start;
    width: var(--sign);
    height: var(--sign);
    border-radius: 50%;
    background: color-mix(in srgb, var(--accent) 20%, var(--amps-card));
    color: var(--accent);
  }
  .sign svg.icon {
    width: 24px;
    height: 24px;
  }
  .sign.level {
    background:
      radial-gradient(closest-side, var(--amps-card) calc(100% - 4px), transparent calc(100% - 3.5px)),
      conic-gradient(var(--level-color) calc(1% * var(--level)), var(--amps-inset) 0);
  }
  .row .value {
    align-self: start;
    line-height: var(--sign);
  }
  .words {
    display: grid;
    align-content: center;
    min-width: 0;
    min-height: var(--sign);
    line-height: 1.35;
  }
  .name {
    overflow: hidden;
    font-weight: 500;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  /* Names and words may be written the other way than the page. */
  h2,
  .header p,
  .name,
  .words .small {
    unicode-bidi: plaintext;
    text-align: left;
  }
  :is(h2, .header p, .name, .words .small):dir(rtl) {
    text-align: right;
  }
  .words .small {
    text-wrap: pretty;
  }
  .standing {
    color: var(--amps-quiet);
  }
  .trouble {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    color: var(--amps-warning);
    font-size: var(--ha-font-size-s, 12px);
  }
  .trouble.danger {
    color: var(--amps-danger);
  }
  .trouble svg.icon {
    width: 16px;
    height: 16px;
  }
  .more {
    margin-inline-start: calc(var(--rail) + var(--wire) - 4px);
  }
  .empty {
    display: grid;
    grid-template-columns: auto 1fr;
    align-items: center;
    gap: 10px;
    margin: 0;
    padding: 4px;
  }

  /* With room for two columns the rail is between them. */
  @container (min-width: 600px) {
    ha-card.two {
      padding: var(--ha-space-4, 16px);
    }
    .two .header {
      grid-template-columns: 1fr auto 1fr;
    }
    .two .house {
      grid-area: 1 / 2;
      --rail: 22px;
    }
    .two .header .names {
      grid-area: 1 / 1;
    }
    .two .header .value {
      grid-area: 1 / 3;
      justify-self: start;
      margin-inline-start: calc(var(--wire) - 18px);
    }
    .two .header,
    .two .sides {
      max-width: 960px;
      margin-inline: auto;
    }
    .two .sides {
      display: grid;
      grid-template-columns: 1fr 1fr;
    }
    .two {
      --rail: 0px;
      --wire: 36px;
    }
    .two .sources li {
      padding-inline: 0 calc(var(--wire) - 4px);
    }
    .two .sources .rail {
      inset-inline: auto -1px;
    }
    .two .sources .wired:last-child .rail {
      inset-block-end: calc(100% - 28px);
    }
    .two li:first-child .rail {
      inset-block-start: -8px;
    }
    .two .sources .wire {
      inset-inline: auto 1px;
      scale: -1 1;
    }
    .two .sources .more {
      margin-inline: 0;
    }
  }
  @container (max-width: 259px) {
    :host {
      --sign: 32px;
    }
    .wire,
    .rail,
    .standing {
      display: none;
    }
    li {
      padding: 0;
    }
    .more {
      margin: 0;
    }
    .row {
      grid-template-columns: auto 1fr;
      padding-inline: 0;
    }
    .row .value {
      grid-column: 2;
      font-size: var(--ha-font-size-m, 14px);
      line-height: 1.3;
    }
    .words {
      align-self: end;
      min-height: 0;
    }
    .sign {
      grid-row: 1 / 3;
    }
    .words .sentence,
    .header .quiet {
      display: none;
    }
  }
`;
