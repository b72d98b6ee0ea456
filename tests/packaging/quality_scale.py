"""The rules of Home Assistant's integration quality scale, and the tests that prove those that are done."""

from collections.abc import Mapping
from functools import cache
from typing import Final

from homeassistant.util.yaml import load_yaml_dict

from .files import COMPONENTS, INTEGRATION, Document

FILE_NAME: Final = "quality_scale.yaml"

PROOFS: Final[Mapping[str, tuple[str, ...]]] = {
    # Bronze
    "action-setup": ("packaging/test_services.py::test_the_actions_described_are_those_registered",),
    "appropriate-polling": (
        "integration/test_polling.py::test_each_list_and_each_read_comes_in_its_own_time",
        "integration/test_endurance.py::test_a_live_day_costs_what_it_must",
    ),
    "brands": (
        "packaging/test_brand.py::test_there_is_an_icon_and_nothing_that_nobody_asks_for",
        "packaging/test_brand.py::test_home_assistant_serves_them",
    ),
    "common-modules": ("packaging/test_quality_scale.py::test_common_patterns_are_in_common_modules",),
    "config-flow": (
        "packaging/test_manifest.py::test_there_is_a_dialog_exactly_if_it_says_so",
        "integration/test_checks.py::test_a_dialog_that_shows_what_has_no_text_is_found",
    ),
    "config-flow-test-coverage": (
        "integration/test_config_flow.py::test_a_simulated_home_needs_no_account",
        "integration/test_several_accounts.py::test_an_account_whose_other_lists_cannot_be_read_is_added",
        "integration/test_config_flow.py::test_what_goes_wrong_is_shown_and_can_be_corrected_in_the_same_dialog",
        "integration/test_options.py::test_what_makes_no_sense_is_refused_and_can_be_corrected",
        "integration/test_reauth.py::test_what_goes_wrong_is_shown_and_can_be_corrected_in_the_same_dialog",
        "integration/test_reconfigure.py::test_what_goes_wrong_is_shown_and_can_be_corrected_in_the_same_dialog",
    ),
    "dependency-transparency": (
        "packaging/test_requirements.py::test_every_import_is_installed",
        "packaging/test_quality_scale.py::test_requirements_have_a_free_licence",
    ),
    "docs-actions": ("packaging/test_readme.py::test_every_action_has_its_fields_described",),
    "docs-conditions": ("packaging/test_readme.py::test_every_trigger_and_condition_has_its_options_described",),
    "docs-high-level-description": ("packaging/test_readme.py::test_it_begins_with_what_it_is_about",),
    "docs-installation-instructions": ("packaging/test_readme.py::test_every_section_is_there",),
    "docs-removal-instructions": ("packaging/test_readme.py::test_every_section_is_there",),
    "docs-triggers": ("packaging/test_readme.py::test_every_trigger_and_condition_has_its_options_described",),
    "entity-event-setup": (
        "packaging/test_quality_scale.py::test_entities_subscribe_when_they_are_added",
        "integration/test_action_tracker.py::test_nothing_is_requested_or_reported_after_an_unload",
    ),
    "entity-unique-id": (
        "packaging/test_quality_scale.py::test_every_entity_has_a_unique_id_and_a_name_of_its_own",
        "integration/test_entities.py::test_each_type_has_its_entities",
    ),
    "has-entity-name": ("packaging/test_quality_scale.py::test_every_entity_has_a_unique_id_and_a_name_of_its_own",),
    "runtime-data": ("packaging/test_quality_scale.py::test_set_up_keeps_what_runs_in_the_entry",),
    "test-before-configure": (
        "integration/test_config_flow.py::test_a_live_key_is_checked_with_one_list_call",
        "integration/test_config_flow.py::test_what_goes_wrong_is_shown_and_can_be_corrected_in_the_same_dialog",
    ),
    "test-before-setup": (
        "packaging/test_quality_scale.py::test_set_up_reads_the_account_first",
        "integration/test_service.py::test_a_service_away_at_the_start_is_waited_for",
        "integration/test_key_refusals.py::test_a_revoked_key_at_the_start_asks_once",
    ),
    "unique-config-entry": (
        "packaging/test_quality_scale.py::test_the_dialog_refuses_what_is_there_already",
        "integration/test_several_accounts.py::test_the_same_key_is_not_added_twice",
        "integration/test_several_accounts.py::test_another_key_of_the_same_account_is_not_added",
    ),
    # Silver
    "action-exceptions": (
        "integration/test_actions.py::test_what_would_be_refused_is_not_sent",
        "integration/test_command_conflicts.py::test_a_conflict_keeps_the_code_of_amps",
        "integration/test_actions.py::test_without_a_response_every_failure_is_named",
    ),
    "config-entry-unloading": (
        "integration/test_devices.py::test_an_account_unloads_and_loads_again",
        "integration/test_connection.py::test_sessions_end_with_the_dialog_the_account_and_home_assistant",
    ),
    "docs-configuration-parameters": ("packaging/test_readme.py::test_every_field_of_a_dialog_is_described",),
    "docs-installation-parameters": ("packaging/test_readme.py::test_every_field_of_a_dialog_is_described",),
    "entity-unavailable": (
        "integration/test_service.py::test_an_outage_is_logged_once_and_survived",
        "integration/test_devices.py::test_a_fallback_makes_the_device_unavailable_until_it_is_read_again",
        "integration/test_devices.py::test_a_null_field_is_unknown_not_unavailable",
    ),
    "integration-owner": ("packaging/test_manifest.py::test_it_says_what_it_has_to_and_nothing_else",),
    "log-when-unavailable": (
        "integration/test_service.py::test_an_outage_is_logged_once_and_survived",
        "integration/test_service.py::test_a_list_that_fails_is_logged_once_and_costs_no_other",
    ),
    "parallel-updates": ("packaging/test_setup.py::test_a_platform_says_how_many_updates_it_can_do_at_once_and_why",),
    "reauthentication-flow": (
        "integration/test_reauth.py::test_a_new_key_takes_the_place_of_the_old_one",
        "integration/test_key_refusals.py::test_a_revoked_key_asks_once",
    ),
    "test-coverage": ("packaging/test_quality_scale.py::test_coverage_is_measured_and_demanded",),
    # Gold
    "devices": ("integration/test_devices.py::test_devices_have_identity_and_a_name_of_their_own",),
    "diagnostics": (
        "integration/test_privacy.py::test_diagnostics_hold_what_helps_and_nothing_else",
        "integration/test_privacy.py::test_diagnostics_of_a_simulated_home_hold_every_device",
    ),
    "docs-data-update": ("packaging/test_readme.py::test_every_section_is_there",),
    "docs-examples": (
        "packaging/test_readme.py::test_an_example_is_one_that_home_assistant_takes",
        "packaging/test_readme.py::test_every_blueprint_is_listed",
        "integration/test_blueprints.py::test_home_assistant_takes_each",
    ),
    "docs-known-limitations": ("packaging/test_readme.py::test_every_section_is_there",),
    "docs-supported-devices": ("packaging/test_readme.py::test_every_section_is_there",),
    "docs-supported-functions": ("packaging/test_readme.py::test_every_entity_is_listed",),
    "docs-troubleshooting": ("packaging/test_readme.py::test_every_section_is_there",),
    "docs-use-cases": ("packaging/test_readme.py::test_every_section_is_there",),
    "dynamic-devices": (
        "integration/test_service.py::test_a_device_that_appears_during_an_outage_is_there_after_it",
        "integration/test_devices.py::test_devices_come_to_have_more_and_lose_it_again",
    ),
    "entity-category": (
        "integration/test_entities.py::test_each_type_has_its_entities",
        "integration/test_account_entities.py::test_the_diagnostics_of_a_device_follow_its_tier",
    ),
    "entity-device-class": ("integration/test_entities.py::test_each_type_has_its_entities",),
    "entity-disabled-by-default": (
        "integration/test_entities.py::test_each_type_has_its_entities",
        "integration/test_account_entities.py::test_an_account_is_a_service_with_sensors_that_nobody_has_to_see",
    ),
    "entity-translations": (
        "packaging/test_entities.py::test_an_entity_has_a_name",
        "packaging/test_entities.py::test_the_words_of_entities_have_texts",
    ),
    "exception-translations": (
        "integration/test_checks.py::test_an_error_without_its_text_is_found",
        "packaging/test_quality_scale.py::test_home_assistants_errors_are_raised_with_a_text",
    ),
    "icon-translations": ("packaging/test_icons.py::test_an_entity_has_an_icon",),
    "reconfiguration-flow": (
        "integration/test_reconfigure.py::test_the_same_account_by_another_key_and_url_keeps_its_entities",
        "integration/test_reconfigure.py::test_another_account_is_not_taken",
    ),
    "repair-issues": (
        "integration/test_cleanup.py::test_a_manufacturer_that_refuses_one_device_raises_one_repair",
        "integration/test_cleanup.py::test_when_all_are_missing_nothing_is_removed",
        "integration/test_repairs.py::test_live_access_that_is_disabled_is_reported_until_it_is_enabled",
        "integration/test_repairs_scheduler.py::test_the_schedule_is_deleted_and_the_command_sent_again",
    ),
    "stale-devices": (
        "integration/test_cleanup.py::test_a_device_that_is_gone_leaves_and_may_come_back",
        "integration/test_cleanup.py::test_a_person_may_delete_what_is_in_no_list",
    ),
    # Platinum
    "async-dependency": ("packaging/test_quality_scale.py::test_the_client_blocks_nobody",),
    "inject-websession": (
        "integration/test_connection.py::test_no_account_is_asked_with_cookies_of_any",
        "packaging/test_quality_scale.py::test_nobody_but_home_assistant_makes_a_session",
    ),
    "strict-typing": (
        "packaging/test_quality_scale.py::test_types_are_strict",
        "packaging/test_quality_scale.py::test_requirements_are_typed",
        "packaging/test_quality_scale.py::test_the_entry_is_typed",
    ),
}
"""The tests by their node ids below `tests`, without parameters."""


@cache
def rules_of_home_assistant() -> tuple[str, ...]:
    """Return the names of all rules: hassfest wants each of them in the file of an integration of Home Assistant."""
    files = COMPONENTS.glob(f"*/{FILE_NAME}")
    return tuple(dict.fromkeys(rule for path in files for rule in load_yaml_dict(path)["rules"]))


@cache
def judged() -> Document:
    """Return what the integration says of each rule."""
    rules: Document = load_yaml_dict(INTEGRATION / FILE_NAME)["rules"]
    return rules


def status_of(rule: str) -> str:
    """Return whether a rule is done, still to do, or does not apply."""
    said = judged()[rule]
    return str(said["status"] if isinstance(said, dict) else said)
