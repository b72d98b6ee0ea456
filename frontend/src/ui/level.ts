/** The colour of a level, as Home Assistant has it for batteries. */

const LOW = 20;
const MEDIUM = 40;

export function levelColor(level: number): string {
  const name = level < LOW ? "low" : level < MEDIUM ? "medium" : "high";
  return `var(--state-sensor-battery-${name}-color, #4caf50)`;
}
