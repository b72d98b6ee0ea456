/** Icons as inline SVG: `ha-icon` fetches its own, and is no contract. */

import {
  mdiAlertCircleOutline,
  mdiAlertOutline,
  mdiBatteryArrowDownOutline,
  mdiBatteryArrowUpOutline,
  mdiCalendarClock,
  mdiCancel,
  mdiCarElectric,
  mdiCheck,
  mdiClockOutline,
  mdiClose,
  mdiEvStation,
  mdiFire,
  mdiFlash,
  mdiHandBackRightOutline,
  mdiHomeBattery,
  mdiShieldHomeOutline,
  mdiHomeLightningBolt,
  mdiLinkVariantOff,
  mdiMinus,
  mdiPause,
  mdiPlus,
  mdiRefresh,
  mdiSendOutline,
  mdiSnowflake,
  mdiSolarPowerVariant,
  mdiStop,
  mdiThermostat,
  mdiTimerSand,
  mdiTransmissionTower,
  mdiTransmissionTowerExport,
} from "@mdi/js";
import { svg, type TemplateResult } from "lit";

export const icons = {
  alert: mdiAlertCircleOutline,
  charge: mdiBatteryArrowUpOutline,
  calendar: mdiCalendarClock,
  cancelled: mdiCancel,
  check: mdiCheck,
  clock: mdiClockOutline,
  close: mdiClose,
  discharge: mdiBatteryArrowDownOutline,
  export: mdiTransmissionTowerExport,
  fire: mdiFire,
  flash: mdiFlash,
  grid: mdiTransmissionTower,
  home: mdiHomeLightningBolt,
  minus: mdiMinus,
  overridden: mdiHandBackRightOutline,
  pause: mdiPause,
  plus: mdiPlus,
  refresh: mdiRefresh,
  reserve: mdiShieldHomeOutline,
  sent: mdiSendOutline,
  snowflake: mdiSnowflake,
  stop: mdiStop,
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
