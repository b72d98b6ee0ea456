import { css } from "lit";

export const styles = css`
  :host {
    display: block;
  }
  form {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(max(130px, 50% - var(--amps-gap)), 1fr));
    gap: var(--amps-gap);
    padding: var(--amps-gap);
    border: 1px solid var(--amps-line);
    border-radius: var(--ha-border-radius-md, 8px);
  }
  form > .wide {
    grid-column: 1 / -1;
  }
  label,
  legend {
    display: block;
    margin-block-end: 4px;
    padding: 0;
    color: var(--amps-quiet);
    font-size: var(--ha-font-size-s, 12px);
  }
  .day {
    color: var(--amps-text);
  }
  fieldset {
    min-width: 0;
    margin: 0;
    padding: 0;
    border: 0;
  }
  .number {
    display: grid;
    grid-template-columns: 36px 1fr 36px;
    align-items: center;
    border: 1px solid color-mix(in srgb, var(--amps-text) 55%, var(--amps-card));
    border-radius: var(--ha-border-radius-md, 8px);
  }
  .number .button {
    border-radius: inherit;
  }
  .number .value {
    display: flex;
    justify-content: center;
    align-items: baseline;
    gap: 2px;
    min-width: 0;
  }
  .number input {
    width: 3.6em;
    min-height: 38px;
    border: 0;
    background: none;
    text-align: end;
    font-size: var(--ha-font-size-l, 16px);
    appearance: textfield;
    border-radius: 4px;
  }
  .number input:placeholder-shown {
    width: 100%;
    padding: 0;
    letter-spacing: -0.03em; /* the longest word fits half a form on a phone */
    text-align: center;
    font-size: var(--ha-font-size-s, 12px);
  }
  .number input:placeholder-shown + span {
    display: none;
  }
  ::placeholder {
    color: var(--amps-quiet);
    opacity: 1;
  }
  input::-webkit-inner-spin-button {
    appearance: none;
  }
  .options {
    display: grid;
    grid-auto-flow: column;
    grid-auto-columns: 1fr;
    gap: 2px;
    padding: 2px;
    border-radius: var(--ha-border-radius-pill, 9999px);
    background: var(--amps-inset);
  }
  .options label {
    display: grid;
    place-items: center;
    min-height: 36px;
    margin: 0;
    padding-inline: 8px;
    border-radius: inherit;
    color: var(--amps-text);
    font-size: inherit;
    cursor: pointer;
  }
  .options label:has(:checked) {
    background: var(--amps-card);
    font-weight: 500;
    box-shadow: inset 0 0 0 1px var(--amps-text);
  }
  .options label:has(:focus-visible) {
    outline: 2px solid var(--amps-text);
    outline-offset: 2px;
  }
  .options input {
    position: absolute;
    opacity: 0;
    pointer-events: none;
  }
  .end {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: flex-end;
    gap: 8px;
  }
  .expected {
    flex: 1 1 10em;
    margin: 0;
  }
  .error {
    margin: 0;
    color: var(--amps-danger);
  }
`;
