/** Icons as inline SVG: `ha-icon` fetches its own, and is no contract. */

import {
  mdiAlertCircleOutline,
  mdiAlertOutline,
  mdiBattery,
  mdiCalendarClock,
  mdiCancel,
  mdiCar,
  mdiCarElectric,
  mdiCheck,
  mdiClockOutline,
  mdiClose,
  mdiEvStation,
  mdiFire,
  mdiFlash,
  mdiHandBackRightOutline,
  mdiHomeBattery,
  mdiHomeLightningBolt,
  mdiLinkVariantOff,
  mdiMinus,
  mdiPlus,
  mdiPowerPlugOff,
  mdiRefresh,
  mdiSendOutline,
  mdiSnowflake,
  mdiSolarPowerVariant,
  mdiThermostat,
  mdiTimerSand,
  mdiTransmissionTowerExport,
  mdiTuneVariant,
} from "@mdi/js";
import { svg, type TemplateResult } from "lit";

export const icons = {
  alert: mdiAlertCircleOutline,
  battery: mdiBattery,
  calendar: mdiCalendarClock,
  cancelled: mdiCancel,
  car: mdiCar,
  check: mdiCheck,
  clock: mdiClockOutline,
  close: mdiClose,
  export: mdiTransmissionTowerExport,
  fire: mdiFire,
  flash: mdiFlash,
  home: mdiHomeLightningBolt,
  minus: mdiMinus,
  overridden: mdiHandBackRightOutline,
  plus: mdiPlus,
  refresh: mdiRefresh,
  sent: mdiSendOutline,
  snowflake: mdiSnowflake,
  tune: mdiTuneVariant,
  unplugged: mdiPowerPlugOff,
  unreachable: mdiLinkVariantOff,
  waiting: mdiTimerSand,
  warning: mdiAlertOutline,
  // By type of device.
  ev_charger: mdiEvStation,
  home_battery: mdiHomeBattery,
  hvac: mdiThermostat,
  solar_inverter: mdiSolarPowerVariant,
  vehicle: mdiCarElectric,
} as const;

export type IconName = keyof typeof icons;

export function icon(name: IconName): TemplateResult {
  return svg`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=${icons[name]}></path></svg>`;
}
