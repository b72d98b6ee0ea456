/** The cards' own words. What Home Assistant or the integration has a word for is not here: see `words.ts`. */
export const en = {
  // Names in the pickers.
  device_card_name: "Amps device",
  device_card_description:
    "A battery, charger, thermostat, inverter or vehicle: what it does, and the command that it has.",
  // The editor.
  editor_device: "Device",
  editor_name: "Name",
  editor_controls: "Controls",
  editor_ribbon: "Course of the day",
  // What a device does.
  flow_power: "{flow} at {power}",
  flow_resting: "Resting",
  not_plugged_in: "No vehicle plugged in",
  plugged_in_not_charging: "Plugged in, not charging",
  unplugged: "Unplugged",
  full_at: "full {time}",
  // The command that stands.
  standing: "Command",
  until: "until {time}",
  waiting_for_device: "The device does not show it yet",
  in_progress: "Now",
  last: "Last command",
  // How good the data is.
  read_at: "read {age}",
  read_just_now: "read just now",
  simulated: "Simulated",
  unreachable: "Not reachable",
  unreachable_text:
    "The manufacturer does not reach the device, or Amps not the manufacturer. What is known is old, and not shown as its state.",
  unavailable: "Unavailable",
  unavailable_text: "The last reading is too old to be shown.",
  not_loaded: "The account is not loaded",
  overridden: "Overridden",
  overridden_text:
    "The device does something other than its last command asked for. The manufacturer's app, or its own schedule, may have changed it.",
  // Controls.
  controls: "Controls",
  close: "Close",
  send: "Send",
  sending: "Sending…",
  cancel_plan: "Cancel",
  cancel_plan_of: "Cancel {plan}",
  refresh: "Read now",
  target: "To",
  power: "Power",
  power_device: "Automatic",
  temperature: "Temperature",
  heat_to: "Heat to",
  cool_to: "Cool to",
  when: "When",
  when_now: "Now",
  when_at: "At",
  when_window: "Window",
  start: "Start",
  end: "End",
  afterwards: "Afterwards",
  lower: "Less: {name}",
  higher: "More: {name}",
  expected_level: "{level} by {time}",
  expected_at_end: "{level} at the end",
  expected_energy: "about {energy}",
  // Questions.
  confirm_discharge: "Discharge {device}?",
  confirm_discharge_text: "Energy leaves the battery, and may go to the grid.",
  confirm_export: "Export from {device}?",
  confirm_export_text: "The battery feeds energy to the grid.",
  replace: "Replace what is planned?",
  replace_planned: "In the way: {plans}.",
  replace_text: "{reason} Replacing cancels it. It may also delete a schedule that was set in the manufacturer's app.",
  replace_confirm: "Replace",
  keep: "Keep",
  // What went wrong.
  connection_lost: "The connection was lost. Whether the command was sent is not known yet.",
  failed_unknown: "Home Assistant did not say why it failed.",
  not_permitted: "You may look at this device, but not control it.",
  no_device: "Choose a device in the editor of the card.",
  device_gone: "This device is not in Home Assistant any more, or all of its entities are disabled.",
  // The ribbon.
  ribbon: "Course of the day.",
  ribbon_now: "now",
  ribbon_summary: "Level of the last 12 hours: from {first} to {last}.",
  ribbon_summary_expected: "Expected: {level} by {time}.",
  ribbon_no_history: "No history yet.",

  // The home card.
  home_card_name: "Amps home",
  home_card_description: "All devices of an account: what they do, what flows between them, and their commands.",
  editor_config_entry: "Account",
  editor_grid_power: "Power of the grid",
  editor_grid_power_helper: "A sensor that is positive while power comes from the grid. Optional.",
  editor_house_power: "Power of the house",
  editor_house_power_helper: "A sensor of what the whole house consumes. Optional.",
  home_grid: "Grid",
  home_from_grid: "From the grid",
  home_to_grid: "To the grid",
  home_grid_rests: "Nothing flows",
  home_house: "Consumption of the house",
  home_sums: "{supplied} supplied, {drawn} drawn",
  home_rests: "No power flows to or from the devices",
  home_pending: "not yet",
  home_troubled: "Needs attention: {count}",
  home_more: "{count} more",
  home_fewer: "Show fewer",
  home_sources: "Sources and storage",
  home_loads: "Vehicles and heating",
  no_account: "Choose an account in the editor of the card.",
  no_devices: "This account has no devices in Home Assistant, or all of their entities are disabled.",

  // The tile feature.
  feature_name: "Amps commands",
  editor_commands: "Buttons",
  stop_charging: "Stop charging",

  // The strategies.
  strategy_name: "Amps",
  strategy_description: "All devices of Amps: the home, and a card for each device.",
  strategy_more: "More devices: {count}",
};

export type TextKey = keyof typeof en;
export type Texts = Readonly<Record<TextKey, string>>;
